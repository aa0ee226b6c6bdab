"""The second form inside some PDFs: the XFA packets, of which only the data are read, as XML with nothing fetched."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, ParseError

import pikepdf
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

MOST_BYTES = 5_000_000
MOST_VALUES = 5_000
_DATA = "data"


def packets(root: pikepdf.Object) -> bytes:
    """Give the packet that holds the data: the stream called ``datasets``, or the whole form where it is one stream."""
    xfa = root.get("/XFA")
    if isinstance(xfa, pikepdf.Stream):
        return xfa.read_bytes()[:MOST_BYTES]
    parts = list(xfa) if isinstance(xfa, pikepdf.Array) else []
    for name, stream in zip(parts[::2], parts[1::2], strict=False):
        if str(name) == "datasets" and isinstance(stream, pikepdf.Stream):
            return stream.read_bytes()[:MOST_BYTES]
    return b""


def xfa_values(packet: bytes) -> Mapping[str, str]:
    """Read the filled-in data, by the element's own name; a name that comes twice with two values is left out.

    >>> xfa_values(b"<d:datasets xmlns:d='x'><d:data><form1><cap> 20121 </cap></form1></d:data></d:datasets>")
    {'cap': '20121'}
    """
    try:
        root = fromstring(packet, forbid_dtd=True) if packet.strip() else None
    except (ParseError, DefusedXmlException, ValueError):
        return {}
    found: dict[str, set[str]] = {}
    for data in (part for part in root.iter() if _local(part) == _DATA) if root is not None else ():
        for name, text in _values(data):
            found.setdefault(name, set()).add(text)
    return {name: next(iter(texts)) for name, texts in found.items() if len(texts) == 1}


def field_name(name: str) -> str:
    """Give the name by which a PDF field is called in the XFA data.

    >>> field_name("form1[0].page1[0].cap[0]")
    'cap'
    """
    return name.rpartition(".")[2].partition("[")[0]


def _values(data: Element) -> Iterator[tuple[str, str]]:
    for count, part in enumerate(data.iter()):
        if count >= MOST_VALUES:
            return
        if len(part) == 0 and part is not data:
            yield _local(part), (part.text or "").strip()


def _local(part: Element) -> str:
    return str(part.tag).rpartition("}")[2]
