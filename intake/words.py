"""The words of files that are only words: plain text of any charset, web pages, XML."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from intake.charsets import decode_text
from intake.filetype import FileType
from intake.htmltext import read_html
from intake.office import xml_words

_CHARSET = re.compile(rb"charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_.:-]{1,40})")


def plain_words(raw: bytes) -> str:
    """Give the words of a text; of XML without its marks."""
    marked = xml_words(raw) if raw.lstrip()[:5] == b"<?xml" else None
    return decode_text(raw, "") if marked is None else marked


def page_words(raw: bytes) -> str:
    """Give the visible words of a web page that was kept as a file."""
    found = _CHARSET.search(raw[:2048])
    return read_html(decode_text(raw, found[1].decode("ascii") if found else "")).words


WORDS: Final[Mapping[FileType, Callable[[bytes], str]]] = {FileType.TEXT: plain_words, FileType.HTML: page_words}
