"""Letters of word processors: the words and pictures of Word (docx) and Writer (odt) files; nothing in them is run."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from intake.archive import NotReadable, read_members
from intake.filetype import FileType

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_ANNOTATION = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}annotation"
_MAIN = {FileType.DOCX: "word/document.xml", FileType.ODT: "content.xml"}
_PICTURES = ("word/media/", "Pictures/")
_OBJECTS = ("word/embeddings/", "Object ")
_ENCRYPTED = b"encryption-data"
_LARGEST_XML = 30_000_000
_FAULTS = (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError, zipfile.BadZipFile)


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of a letter, its pictures by name, and the names of objects in it that are neither."""

    text: str
    pictures: tuple[tuple[str, bytes], ...] = ()
    objects: tuple[str, ...] = ()


def read_letter(kind: FileType, raw: bytes, most_bytes: int, most_files: int) -> Letter:
    """Read a docx or odt. Raises ``NotReadable``."""
    held = {name: content for name, content in read_members(raw, most_bytes, most_bytes, most_files) if _wanted(name)}
    manifest = held.get("META-INF/manifest.xml", b"")
    if isinstance(manifest, bytes) and _ENCRYPTED in manifest:
        raise NotReadable("encrypted")
    main = held.get(_MAIN[kind], NotReadable("damaged"))
    if isinstance(main, NotReadable):
        raise main
    pictures = [(n, c) for n, c in sorted(held.items()) if n.startswith(_PICTURES) and isinstance(c, bytes)]
    objects = [n for n in sorted(held) if n.startswith(_OBJECTS) and not n.endswith(".xml")]
    return Letter(_words(kind, main), tuple(pictures), tuple(objects))


def xml_words(raw: bytes) -> str | None:
    """Give the words of an XML file without its marks; None when it is not well-formed or declares entities."""
    try:
        return "\n".join(piece.strip() for piece in fromstring(raw, forbid_dtd=True).itertext() if piece.strip())
    except _FAULTS:
        return None


def _wanted(name: str) -> bool:
    return name in {*_MAIN.values(), "META-INF/manifest.xml"} or name.startswith((*_PICTURES, *_OBJECTS))


def _words(kind: FileType, raw: bytes) -> str:
    if len(raw) > _LARGEST_XML:
        raise NotReadable("oversize")
    try:
        root = fromstring(raw, forbid_dtd=True)
    except _FAULTS as fault:
        raise NotReadable("damaged") from fault
    lines = "".join(_word(root) if kind is FileType.DOCX else _writer(root)).splitlines()
    return "\n".join(line.strip() for line in lines).strip()


def _word(root: Element) -> Iterator[str]:
    """Give the text of a Word file as it is shown: without deleted and hidden text and the codes of fields."""
    signs = {f"{_W}p": "\n", f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n"}
    for item, tail in _shown(root, {f"{_W}del", f"{_W}moveFrom", _FALLBACK}):
        if tail is None:
            yield signs.get(item.tag, "") + (item.text or "" if item.tag == f"{_W}t" else "")


def _writer(root: Element) -> Iterator[str]:
    signs = {f"{_T}p": "\n", f"{_T}h": "\n", f"{_T}s": " ", f"{_T}tab": "\t", f"{_T}line-break": "\n"}
    for item, tail in _shown(root, {f"{_T}tracked-changes", _ANNOTATION}):
        yield signs.get(item.tag, "") + (item.text or "") if tail is None else tail


def _shown(root: Element, hidden: set[str]) -> Iterator[tuple[Element, str | None]]:
    """Walk what is shown, in order: each element at its start with None, and after its end with what follows it."""
    stack: list[tuple[Element, str | None]] = [(root, None)]
    while stack:
        item, tail = stack.pop()
        yield item, tail
        if tail is None:
            for child in reversed(item):
                stack.append((child, child.tail or ""))
                if child.tag not in hidden and child.find(f"{_W}rPr/{_W}vanish") is None:
                    stack.append((child, None))
