"""A paragraph of free text; the line breaks of the sheet are not part of it."""

from parsers.fields.text import compact, format, parse  # noqa: A004 - each kind has the same verbs

__all__ = ["compact", "format", "parse"]
