"""Letters and the daily register keep for decades: each is PDF/A-2a and PDF/UA-1, and the check sees what is not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from cases.register_day import Annulled, Body, Day, Registered
from checks.context import ROME
from letters import daily
from letters.letter import LetterCode
from letters.recipient import Recipient
from letters.render import as_pdf, printed
from letters.segnatura import Segnatura, stamp
from tests.letters.conftest import HOUSE
from tests.letters.pdfa import faults
from tests.letters.test_words import FAX, TO, letter, matter

ON = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 9, 30, tzinfo=ROME)
MARK = Segnatura(HOUSE.name, "2026/0000124", ON)
LINE = Registered(
    "2026/0000001", AT, "in", "email", "Zoë Ærø <z@example.org>", "", "Oggetto — «è» €", AT, "", "e" * 64, "f" * 64
)
END = Annulled("2026/0000001", AT, "anna", "registrato per errore")
SCENARIOS = {
    LetterCode.ACK: "complete",
    LetterCode.INTEGRATION: "no-specifics",
    LetterCode.HOLD: "day-39",
    LetterCode.NOT_ADMISSIBLE: "complete",
    LetterCode.WRONG_FORM: "complete",
    LetterCode.JOINED: "complete",
}


def of_letter(code: LetterCode, to: Recipient = TO, text: str = "") -> bytes:
    about = matter(SCENARIOS[code])
    words = letter(code, about, to)
    words = replace(words, text=text) if text else words
    return stamp(as_pdf(printed(words, about, to, HOUSE, ON)), MARK)


def of_day(lines: int, annulled: int = 0) -> bytes:
    return daily.as_pdf(Day(Body(), ON, (LINE,) * lines, (END,) * annulled))


@pytest.mark.parametrize("code", list(SCENARIOS))
def test_every_letter_as_it_is_kept(code: LetterCode) -> None:
    assert faults(of_letter(code)) == []


def test_a_letter_by_fax_and_one_of_many_pages() -> None:
    assert faults(of_letter(LetterCode.INTEGRATION, FAX)) == []
    assert faults(of_letter(LetterCode.ACK, text="parola è «così» – € " * 400)) == []


@pytest.mark.parametrize(("lines", "annulled"), [(0, 0), (1, 0), (60, 1), (0, 2)])
def test_every_daily_register(lines: int, annulled: int) -> None:
    raw = of_day(lines, annulled)
    assert faults(raw) == []
    assert raw == of_day(lines, annulled)


@pytest.mark.parametrize("words", ["你好", "\U0001f600", "Жанна", "עברית", "\u0301a\u200b", "\ufffd\ue000", "ﬁ\u00ad"])
def test_a_register_with_letters_that_our_type_has_not(words: str) -> None:
    line = replace(LINE, subject=words, sender=words)
    raw = daily.as_pdf(Day(Body(), ON, (line,), ()))
    assert faults(raw) == []
    with pikepdf.open(BytesIO(raw)) as pdf:  # no font of this machine came in its place
        fonts = [str(font.BaseFont) for page in pdf.pages for font in page.Resources.Font.values()]
    assert all("+Register" in font for font in fonts), fonts


def test_a_letter_whose_words_our_type_has_not() -> None:
    raw = of_letter(LetterCode.ACK, replace(TO, name="王 \U0001f600"), "你好 \U0001f600, e a\u0301")
    assert faults(raw) == []
    with pypdfium2.PdfDocument(raw) as document:
        assert "(U+4F60)(U+597D) (U+1F600), e á" in document[0].get_textpage().get_text_range()


def test_both_are_made_to_be_read_aloud_too() -> None:
    for raw in (of_letter(LetterCode.ACK), of_day(1)):
        with pikepdf.open(BytesIO(raw)) as pdf, pdf.open_metadata() as told:
            assert str(told["pdfuaid:part"]) == "1"
            assert pdf.Root.ViewerPreferences.DisplayDocTitle


# The check itself


def spoiled(change: Callable[[Pdf], object]) -> str:
    with pikepdf.open(BytesIO(of_day(1))) as pdf:
        change(pdf)
        out = BytesIO()
        pdf.save(out)
    return " ".join(faults(out.getvalue()))


def run_script(pdf: Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary())
    pdf.Root.OpenAction = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))


def lose_a_font(pdf: Pdf) -> None:
    font = next(iter(pdf.pages[0].Resources.Font.values()))
    del font.DescendantFonts[0].FontDescriptor["/FontFile2"]


def lose_meaning(pdf: Pdf) -> None:
    next(iter(pdf.pages[0].Resources.Font.values())).ToUnicode.write(b"endcodespacerange")


def hole(pdf: Pdf) -> None:
    name = next(iter(pdf.pages[0].Resources.Font.keys()))
    pdf.pages[0].contents_add(f"/Artifact BMC BT {name} 9 Tf <0000> Tj ET EMC".encode())


def wrong_width(pdf: Pdf) -> None:
    font = next(iter(pdf.pages[0].Resources.Font.values())).DescendantFonts[0]
    font.W[1][0] = 1999


def say_less(pdf: Pdf) -> None:
    pdf.Root.Metadata.write(pdf.Root.Metadata.read_bytes().replace(b'conformance="A"', b'conformance="B"'))


def say_strange(pdf: Pdf) -> None:
    more = b'<rdf:Description rdf:about="" xmlns:x="urn:x" x:y="1"/></rdf:RDF>'
    pdf.Root.Metadata.write(pdf.Root.Metadata.read_bytes().replace(b"</rdf:RDF>", more))


def paint(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"0 0 0 1 k 0 0 9 9 re f")


def note(pdf: Pdf) -> None:
    pdf.pages[0].Annots = Array([pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Text, F=2))])


def strange_tag(pdf: Pdf) -> None:
    pdf.Root.StructTreeRoot.K[0].S = Name.Mine


@pytest.mark.parametrize(
    ("change", "clauses"),
    [
        (run_script, ("6.5.1", "6.8")),
        (lose_a_font, ("6.2.11.4",)),
        (lose_meaning, ("6.2.11.7",)),
        (hole, ("6.2.11.8",)),
        (wrong_width, ("6.2.11.5",)),
        (say_less, ("6.6.4",)),
        (say_strange, ("6.6.2.3",)),
        (paint, ("6.2.4.3", "6.7.3.3")),
        (note, ("6.3.2", "6.3.3")),
        (strange_tag, ("6.7.3.4",)),
        (lambda pdf: pdf.Root.__delitem__("/OutputIntents"), ("6.2.3",)),
        (lambda pdf: pdf.Root.__delitem__("/Metadata"), ("6.6.2.1",)),
        (lambda pdf: pdf.Root.__delitem__("/StructTreeRoot"), ("6.7.3",)),
        (lambda pdf: pdf.Root.__delitem__("/Lang"), ("6.7.4",)),
        (lambda pdf: pdf.Root.__delitem__("/MarkInfo"), ("6.7.2",)),
        (lambda pdf: pdf.docinfo.__setitem__("/Title", String("altro")), ("6.6.3",)),
    ],
)
def test_what_pdf_a_forbids_is_seen(change: Callable[[Pdf], object], clauses: tuple[str, ...]) -> None:
    told = spoiled(change)
    assert all(clause in told for clause in clauses), told


def test_encryption_and_what_follows_the_end_are_seen() -> None:
    assert faults(of_day(0) + b"more") == ["6.1.3: something follows the end"]
    with pikepdf.open(BytesIO(of_day(0))) as pdf:
        out = BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(owner="x", user=""))
    assert "6.1.3: it is encrypted" in faults(out.getvalue())
