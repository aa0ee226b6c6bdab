"""What ISO 19005-2 (PDF/A-2a) asks of a PDF, as far as our own letters and registers could break it.

veraPDF is in no package registry that the gateway installs from. Each check names the clause that it stands for.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from io import BytesIO

import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Dictionary, Name, Object, Pdf, Stream, String

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_SCHEMA = "{http://www.aiim.org/pdfa/ns/schema#}"
_PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"
_KNOWN = (
    "http://purl.org/dc/elements/1.1/", "http://ns.adobe.com/xap/1.0/", "http://ns.adobe.com/xap/1.0/mm/",
    "http://ns.adobe.com/pdf/1.3/", "http://www.aiim.org/pdfa/ns/id/", "http://www.aiim.org/pdfa/ns/extension/",
    "http://www.aiim.org/pdfa/ns/schema#", "http://www.aiim.org/pdfa/ns/property#",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
)  # fmt: skip
_ACTIONS = {"/URI", "/GoTo", "/GoToR", "/Named"}
_STANDARD = {
    "/Document", "/Part", "/Art", "/Sect", "/Div", "/P", "/H", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/L", "/LI",
    "/Lbl", "/LBody", "/Table", "/TR", "/TH", "/TD", "/THead", "/TBody", "/TFoot", "/Span", "/Link", "/Figure",
    "/Caption", "/NonStruct", "/BlockQuote", "/Note", "/Quote", "/Code", "/Reference", "/Form",
}  # fmt: skip
_PAINTS = {"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "INLINE IMAGE"}


def faults(raw: bytes) -> list[str]:
    """Give everything that PDF/A-2a forbids or misses; nothing is wanted."""
    with pikepdf.open(BytesIO(raw)) as pdf:
        return [
            *_file(raw, pdf),
            *_colours(pdf),
            *_objects(pdf),
            *_fonts(pdf),
            *_metadata(pdf),
            *_structure(pdf),
            *_marked(pdf),
        ]


def _file(raw: bytes, pdf: Pdf) -> Iterator[str]:
    """6.1.2, 6.1.3: header, identifier, no encryption, nothing after the end."""
    first, second, *_ = raw.split(b"\n", 2)
    if not first.startswith(b"%PDF-1.") or second[:1] != b"%" or sum(byte > 127 for byte in second[1:5]) < 4:
        yield "6.1.2: the header"
    if pdf.is_encrypted or "/Encrypt" in pdf.trailer:
        yield "6.1.3: it is encrypted"
    if len(pdf.trailer.get("/ID", [])) != 2 or not all(bytes(part) for part in pdf.trailer.ID):
        yield "6.1.3: it has no identifier"
    if not raw.rstrip(b"\r\n").endswith(b"%%EOF"):
        yield "6.1.3: something follows the end"


def _colours(pdf: Pdf) -> Iterator[str]:
    """6.2.3, 6.2.4: an output intent for RGB whose profile is there and fits."""
    intents = [one for one in pdf.Root.get("/OutputIntents", []) if one.get("/S") == "/GTS_PDFA1"]
    if len(intents) != 1:
        yield "6.2.3: not one output intent"
        return
    profile = intents[0].DestOutputProfile
    icc = profile.read_bytes()
    if profile.N != 3 or icc[16:20] != b"RGB " or icc[12:16] not in {b"mntr", b"prtr"} or icc[8] > 4:
        yield "6.2.3: the profile is none of RGB"
    for place in _drawings(pdf):
        used = {str(op.operator) for op in pikepdf.parse_content_stream(place)}
        if used & {"k", "K"}:
            yield "6.2.4.3: CMYK without a profile"


def _objects(pdf: Pdf) -> Iterator[str]:
    """6.1.7, 6.2.8, 6.2.10, 6.3, 6.4, 6.5, 6.8: nothing that runs, is outside, looks different, or hides."""
    for thing in pdf.objects:
        if isinstance(thing, Stream):
            yield from _stream(thing)
        if isinstance(thing, Dictionary | Stream):
            yield from _dictionary(thing)
    root = pdf.Root
    names = root.get("/Names", Dictionary())
    forbidden = [n for n in ("/AA", "/Requirements", "/Perms", "/NeedsRendering") if n in root]
    forbidden += [n for n in ("/JavaScript", "/EmbeddedFiles", "/AlternatePresentations") if n in names]
    yield from (f"6.5, 6.8: the document has {name}" for name in forbidden)
    form = root.get("/AcroForm", Dictionary())
    if "/XFA" in form or form.get("/NeedAppearances", False):
        yield "6.4: a form that looks as its reader likes"


def _stream(stream: Stream) -> Iterator[str]:
    filters = stream.get("/Filter", [])
    named = [filters] if isinstance(filters, Name) else list(filters)
    if any(name in {"/LZWDecode", "/Crypt"} for name in map(str, named)):
        yield "6.1.7: a filter that is forbidden"
    if any(key in stream for key in ("/F", "/FFilter", "/FDecodeParms")):
        yield "6.1.7: a stream outside of the file"
    if stream.get("/Subtype") == "/PS" or "/Ref" in stream or "/OPI" in stream or stream.get("/Interpolate", False):
        yield "6.2.8, 6.2.9: a drawing that is forbidden"


def _dictionary(one: Object) -> Iterator[str]:
    if "/AA" in one:
        yield "6.5.2: something that runs when it is touched"
    action = str(one.get("/S", ""))
    if ("/URI" in one or "/JS" in one or one.get("/Type") == "/Action") and action not in _ACTIONS:
        yield f"6.5.1: an action {action}"
    if one.get("/Type") == "/Annot":
        flags = int(one.get("/F", 0))
        if not flags & 4 or flags & (1 | 2 | 32 | 256):
            yield "6.3.2: an annotation that is not printed, or hides"
        if one.get("/Subtype") not in {"/Link", "/Popup"} and "/AP" not in one:
            yield "6.3.3: an annotation without a look of its own"
    if one.get("/Type") == "/ExtGState" and ("/TR" in one or "/HTP" in one):
        yield "6.2.5: a graphics state that is forbidden"


def _fonts(pdf: Pdf) -> Iterator[str]:
    """6.2.11: every font embedded, with the widths of its program, and each letter's meaning."""
    for place in _drawings(pdf):
        shown = _shown(place)
        for name, font in place.get("/Resources", Dictionary()).get("/Font", Dictionary()).items():
            whole = font.DescendantFonts[0] if font.Subtype == "/Type0" else font
            program = whole.get("/FontDescriptor", Dictionary()).get("/FontFile2")
            if program is None:
                yield f"6.2.11.4: {font.BaseFont} is not embedded"
                continue
            if "/ToUnicode" not in font:
                yield f"6.2.11.7: {name} does not say what its letters mean"
            elif not shown.get(name, set()) <= _meant(font.ToUnicode.read_bytes()):
                yield f"6.2.11.7: {name} shows letters that mean nothing"
            if 0 in shown.get(name, set()):
                yield f"6.2.11.8: {name} shows a letter that it does not have"
            yield from _kind(name, font, whole)
            yield from _widths(name, font, whole, TTFont(BytesIO(program.read_bytes())))


def _shown(place: Object) -> dict[str, set[int]]:
    """Give the codes that a drawing shows in each of its fonts."""
    fonts = place.get("/Resources", Dictionary()).get("/Font", Dictionary())
    found: dict[str, set[int]] = {}
    name = ""
    for operands, operator in pikepdf.parse_content_stream(place):
        if str(operator) == "Tf":
            name = str(operands[0])
        if str(operator) in {"Tj", "TJ", "'", '"'}:
            last = operands[-1]
            raw = b"".join(
                bytes(s) for s in (last if isinstance(last, pikepdf.Array) else [last]) if isinstance(s, String)
            )
            size = 2 if fonts[name].Subtype == "/Type0" else 1
            found.setdefault(name, set()).update(
                int.from_bytes(raw[at : at + size], "big") for at in range(0, len(raw), size)
            )
    return found


def _meant(told: bytes) -> set[int]:
    """Give the codes that stand for a letter."""
    pairs = re.findall(rb"<([0-9A-Fa-f]+)>\s+<([0-9A-Fa-f]+)>", told.partition(b"endcodespacerange")[2])
    return {int(code, 16) for code, letter in pairs if int(letter, 16) not in {0, 0xFEFF, 0xFFFE}}


def _kind(name: str, font: Object, whole: Object) -> Iterator[str]:
    """6.2.11.3, 6.2.11.6: how codes lead to glyphs."""
    if font.Subtype == "/Type0":
        if font.Encoding not in {"/Identity-H", "/Identity-V"}:
            yield f"6.2.11.3.3: {name} has a map of its own"
        if whole.Subtype == "/CIDFontType2" and str(whole.get("/CIDToGIDMap", "")) != "/Identity":
            yield f"6.2.11.3.2: {name} does not say which glyph is meant"
    elif whole.FontDescriptor.Flags & 4 and "/Encoding" in font:
        yield f"6.2.11.6: {name} is symbolic and has an encoding"


def _widths(name: str, font: Object, whole: Object, program: TTFont) -> Iterator[str]:
    """6.2.11.5: widths in the PDF are those of the program, to one thousandth of an em."""
    order, per_em = program.getGlyphOrder(), program["head"].unitsPerEm
    if font.Subtype == "/Type0":
        told = {cid: width for cid, width in _cid_widths(whole) if cid < len(order)}
        glyphs = {cid: order[cid] for cid in told}
    else:
        told = {int(font.FirstChar) + at: float(width) for at, width in enumerate(font.Widths)}
        glyphs = _coded(program)
    for code in told.keys() & glyphs.keys():
        if abs(told[code] - program["hmtx"][glyphs[code]][0] * 1000 / per_em) > 1:
            yield f"6.2.11.5: {name} says {told[code]} of the width of {code}"
    if not set(told) & set(glyphs):
        yield f"6.2.11.5: {name} says nothing of its widths"


def _coded(program: TTFont) -> dict[int, str]:
    """Give the glyphs of a symbolic font by their code: its one map, or that of (3, 0)."""
    tables = program["cmap"].tables
    chosen = next((t for t in tables if (t.platformID, t.platEncID) == (3, 0)), tables[0])
    return {code & 0xFF: glyph for code, glyph in chosen.cmap.items()}


def _cid_widths(font: Object) -> Iterator[tuple[int, float]]:
    told = list(font.get("/W", []))
    while told:
        first, then = int(told.pop(0)), told.pop(0)
        if isinstance(then, pikepdf.Array):
            yield from ((first + at, float(width)) for at, width in enumerate(then))
        else:
            width = float(told.pop(0))
            yield from ((cid, width) for cid in range(first, int(then) + 1))


def _metadata(pdf: Pdf) -> Iterator[str]:
    """6.6: metadata that say which standard it is, in known or described terms, and no title of their own."""
    if "/Metadata" not in pdf.Root:
        yield "6.6.2.1: no metadata"
        return
    tree = ET.fromstring(pdf.Root.Metadata.read_bytes().strip(b"\0"))  # noqa: S314  our own
    if len(tree.findall(f"{_RDF}RDF")) != 1:
        yield "6.6.2.1: not one description"
    described = {found.text for found in tree.iter(f"{_SCHEMA}namespaceURI")}
    told = {name for one in tree.iter() for name in (one.tag, *one.attrib) if "{" in name and not name.startswith(_XML)}
    strange = {name[1:].partition("}")[0] for name in told} - {*_KNOWN, "adobe:ns:meta/"} - described
    yield from (f"6.6.2.3: {space} is not described" for space in sorted(strange))
    marks = {key: value for one in tree.iter(f"{_RDF}Description") for key, value in one.attrib.items()}
    if (marks.get(f"{_PDFAID}part"), marks.get(f"{_PDFAID}conformance")) != ("2", "A"):
        yield "6.6.4: it does not say that it is PDF/A-2a"
    with pdf.open_metadata() as known:
        if str(pdf.docinfo.get("/Title", "")) != str(known.get("dc:title", "")):
            yield "6.6.3: two titles"


def _structure(pdf: Pdf) -> Iterator[str]:
    """6.7: tags of the standard, in a language."""
    root = pdf.Root
    if not root.get("/MarkInfo", Dictionary()).get("/Marked", False) or root.MarkInfo.get("/Suspects", False):
        yield "6.7.2: it is not marked"
    if "/StructTreeRoot" not in root:
        yield "6.7.3: it has no structure"
        return
    if not str(root.get("/Lang", "")):
        yield "6.7.4: it says no language"
    roles = root.StructTreeRoot.get("/RoleMap", Dictionary())
    for one in _elements(root.StructTreeRoot):
        if str(one.S) not in _STANDARD and str(roles.get(str(one.S), "")) not in _STANDARD:
            yield f"6.7.3.4: {one.S} is no type of structure"
        if one.S == "/Figure" and not str(one.get("/Alt", "")):
            yield "7.3 of ISO 14289: a figure without words"


def _elements(one: Object) -> Iterator[Object]:
    if not isinstance(one, Dictionary):
        return
    if "/S" in one and "/K" in one:
        yield one
    kids = one.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        yield from _elements(kid)


def _marked(pdf: Pdf) -> Iterator[str]:
    """6.7.3.3: all that is painted belongs to the structure, or is an artifact."""
    for number, page in enumerate(pdf.pages, 1):
        depth = 0
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(name, 0)
            if name in _PAINTS and depth == 0:
                yield f"6.7.3.3: page {number} paints {name} {list(operands)[:1]} outside of the structure"


def _drawings(pdf: Pdf) -> Iterator[Object]:
    """Yield every page, and every drawing that they use, once."""
    todo, seen = [page.obj for page in pdf.pages], set()
    while todo:
        one = todo.pop()
        if one.objgen in seen:
            continue
        seen.add(one.objgen)
        yield one
        inner = one.get("/Resources", Dictionary()).get("/XObject", Dictionary())
        todo += [drawn for drawn in inner.values() if drawn.get("/Subtype") == "/Form"]
