"""Reference: the OpenAPI description as one HTML page that needs nothing else. Pure."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

_REF: Final = "#/components/schemas/"
_BOUNDS: Final = ("minimum", "maximum", "minLength", "maxLength", "pattern", "default")


@dataclass(frozen=True, slots=True)
class Way:
    """One operation: its method and path, and what the description says of it."""

    method: str
    path: str
    told: Mapping[str, Any]

    @property
    def anchor(self) -> str:
        """The name by which a link finds it."""
        return str(self.told["operationId"])


def as_page(description: Mapping[str, Any]) -> str:
    """Write a description as a page: every operation by its group, then every shape."""
    ways = list(_ways(description))
    groups = [(tag, [way for way in ways if tag["name"] in way.told.get("tags", ())]) for tag in description["tags"]]
    page: str = _template().render(
        info=description["info"],
        server=description["servers"][0]["url"],
        groups=groups,
        schemas=description["components"]["schemas"],
    )
    return page


def kind_of(schema: Mapping[str, Any]) -> Markup:
    """Say what a value is, with links to the shapes that are named.

    >>> str(kind_of({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}}))
    'list of text or nothing'
    """
    if "$ref" in schema:
        name = str(schema["$ref"]).removeprefix(_REF)
        return Markup('<a href="#schema-{0}">{0}</a>').format(name)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return Markup(" or ").join(kind_of(one) for one in schema[several])
    if "const" in schema or "enum" in schema:
        return Markup(" | ").join(escape(json.dumps(one)) for one in schema.get("enum", [schema.get("const")]))
    return _plain(schema)


_WORDS: Final = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}


def _plain(schema: Mapping[str, Any]) -> Markup:
    kind = schema.get("type", "anything")
    if kind == "array":
        return Markup("list of ") + kind_of(schema.get("items", {}))
    if kind == "object":
        inner = schema.get("additionalProperties")
        return Markup("names with ") + kind_of(inner) if isinstance(inner, dict) else Markup("object")
    if kind == "null":
        return Markup("nothing")
    return escape(" ".join(filter(None, [_WORDS.get(kind, kind), schema.get("format", "")])))


def bounds_of(schema: Mapping[str, Any]) -> str:
    """Say within what a value must lie, ``""`` when nothing is said."""
    return ", ".join(f"{name} {json.dumps(schema[name], ensure_ascii=False)}" for name in _BOUNDS if name in schema)


def example_of(media: Mapping[str, Any]) -> str:
    """Give the first example of a body as JSON, ``""`` when there is none."""
    named = list(media.get("examples", {}).values()) if isinstance(media.get("examples"), dict) else []
    found = media.get("example", named[0].get("value") if named else None)
    return "" if found is None else json.dumps(found, indent=2, ensure_ascii=False)


def _ways(description: Mapping[str, Any]) -> Iterator[Way]:
    for path, methods in description["paths"].items():
        yield from (Way(method.upper(), path, told) for method, told in methods.items())


@cache
def _template() -> Any:  # noqa: ANN401  jinja2 gives none
    looks = Environment(loader=PackageLoader("api", ""), undefined=StrictUndefined, autoescape=True, trim_blocks=True)
    looks.globals.update(kind_of=kind_of, bounds_of=bounds_of, example_of=example_of)
    return looks.get_template("reference.html.j2")
