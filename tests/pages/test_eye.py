"""Values against the eye: each trap is one file, and each is told apart by its doubt; sound files have none."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from intake.receipt import Document
from pages.doubt import SENTENCES, Doubt
from pages.form_kind import FormKind, Seal
from pages.limits import PageLimits
from pages.open import open_pages
from pages.page import FormValue, Page, Unreadable
from tests.pages import traps
from tests.pages.traps import MM, PLACE, SURNAME, blank, change, draw, fields, fill, note, over, plain, typed


def opened(content: bytes) -> Page:
    (page,) = open_pages(Document("modulo.pdf", "application/pdf", content))
    return page


def values(content: bytes) -> dict[str, FormValue]:
    return {value.name: value for value in opened(content).values}


def test_a_sound_form_leaves_no_doubt_whoever_filled_it() -> None:
    bare = change(blank(), plain, lambda pdf: pdf.Root.AcroForm.update({"/NeedAppearances": True}))
    for content in (blank(), change(blank(), plain), bare, traps.with_pypdf(blank(), surname=SURNAME, cap="20121")):
        found = values(content)
        assert {value.doubt for value in found.values()} == {None}
    assert found["surname"].text == SURNAME


TRAPS: dict[str, tuple[Doubt, Callable[[pikepdf.Pdf], None]]] = {
    "hidden": (Doubt.HIDDEN, traps.hide(2)),
    "not to be viewed": (Doubt.HIDDEN, traps.hide(32)),
    "no size": (Doubt.HIDDEN, traps.move(100, 600, 100, 600)),
    "off the page": (Doubt.HIDDEN, traps.move(-400, 600, -200, 620)),
    "layer off": (Doubt.HIDDEN, traps.layer_off),
    "no widget": (Doubt.HIDDEN, traps.widgetless),
    "white on white": (Doubt.INVISIBLE, draw(typed(SURNAME, "1 g"))),
    "another text drawn": (Doubt.STALE, draw(typed("Rossi"))),
    "nothing drawn": (Doubt.STALE, draw(b"")),
    "more drawn than there is": (Doubt.STALE, draw(typed("Bianchi Verdi"))),
    "cut off": (Doubt.CUT_OFF, draw(typed("Bianchi"), text="Bianchi di Monteverdi")),
    "opaque box": (Doubt.COVERED, over("Square")),
    "another name typed over": (Doubt.COVERED, over("FreeText", typed("Verdi"), Contents=String("Verdi"))),
    "pen": (Doubt.COVERED, over("Ink", b"2 w 0 0 m 200 20 l S")),
    "stamp": (Doubt.COVERED, over("Stamp", b"0.5 g 0 0 200 20 re f")),
    "to be blacked out": (Doubt.COVERED, over("Redact", None)),
    "struck out": (Doubt.COVERED, over("StrikeOut", b"1 w 0 10 m 200 10 l S")),
    "two fields of one name": (Doubt.TWO_VIEWS, traps.two_fields),
    "two widgets, one stale": (Doubt.TWO_VIEWS, traps.second_view(typed("Verdi"))),
    "XFA says something else": (Doubt.XFA, traps.xfa("<surname>Verdi</surname>")),
}


@pytest.mark.parametrize("name", TRAPS)
def test_each_trap_for_a_text_is_told(name: str) -> None:
    doubt, edit = TRAPS[name]
    found = values(change(blank(twice=True), edit))["surname"]
    assert found.doubt is doubt
    assert found.text.startswith(SURNAME), "the value stays what the file says"
    assert values(change(blank(twice=True), edit))["cap"].doubt is None, "its neighbour is not touched"


SOUND: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "highlighted": over("Highlight", b"0.9 g /G gs 0 0 200 2 re f"),
    "a link over it": over("Link", None),
    "a hidden note over it": over("Square", F=2),
    "twice alike": traps.second_view(typed(SURNAME)),
    "cut off in one place, whole in another": traps.second_view(typed("Bianc")),
    "XFA says the same": traps.xfa(f"<surname>{SURNAME}</surname><cap>20121</cap>"),
    "shown from the right": draw(typed(SURNAME, x=150)),
}


@pytest.mark.parametrize("name", SOUND)
def test_what_does_no_harm_raises_no_doubt(name: str) -> None:
    found = values(change(blank(twice=True), SOUND[name]))["surname"]
    assert (found.text, found.doubt) == (SURNAME, None)


def test_a_value_left_empty_under_a_text_is_doubtful() -> None:
    found = values(change(blank(), draw(typed("Rossi"), text="")))["surname"]
    assert (found.text, found.shown, found.doubt) == ("", "Rossi", Doubt.STALE)


@pytest.mark.parametrize(
    ("edit", "name", "doubt"),
    [
        (traps.tick("Yes", "Off"), "privacy", Doubt.STATE),
        (traps.tick("Off", "Yes"), "privacy", Doubt.STATE),
        (traps.radios, "customer", Doubt.SEVERAL_ON),
        (lambda pdf: (plain(pdf), fields(pdf)["privacy"].update({"/F": 2})), "privacy", Doubt.HIDDEN),
    ],
)
def test_each_trap_for_a_button_is_told(edit: Callable[[pikepdf.Pdf], None], name: str, doubt: Doubt) -> None:
    found = values(change(blank(), edit))
    assert found[name].doubt is doubt
    assert found["surname"].doubt is None


def test_a_choice_shows_its_label_and_holds_its_code() -> None:
    def choose(pdf: pikepdf.Pdf) -> None:
        fill(pdf, text="RM", drawn=typed("Roma"))
        node = fields(pdf)["surname"]
        node.FT, node.Ff = Name.Ch, 1 << 17
        node.Opt = Array([Array([String("MI"), String("Milano")]), Array([String("RM"), String("Roma")])])

    found = values(change(blank(), choose))["surname"]
    assert (found.text, found.doubt) == ("RM", None)


def test_a_script_of_the_form_may_write_a_number_its_own_way() -> None:
    def format_(pdf: pikepdf.Pdf) -> None:
        fill(pdf, text="1234.5", drawn=typed("1.234,50"))
        script = Dictionary(S=Name.JavaScript, JS=String("AFNumber_Format(2, 2, 0, 0, '', false)"))
        fields(pdf)["surname"].AA = Dictionary(F=script)

    assert values(change(blank(), format_))["surname"].doubt is None


def test_print_under_a_field_is_not_its_value() -> None:
    def underprint(pdf: pikepdf.Pdf) -> None:
        plain(pdf)
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        pdf.pages[0].add_resource(font, Name.Font, Name("/F9"))
        words = f"q BT /F9 6 Tf {PLACE[0] + 180} {PLACE[1] + 3} Td (euro) Tj ET Q"
        pdf.pages[0].contents_add(words.encode())

    found = values(change(blank(), underprint))["surname"]
    assert (found.text, found.doubt) == (SURNAME, None)


def test_streams_rich_text_and_combs_are_read_as_they_are_seen() -> None:
    def edit(pdf: pikepdf.Pdf) -> None:
        fill(pdf)
        fields(pdf)["surname"].V = pikepdf.Stream(pdf, b"\xfe\xff" + SURNAME.encode("utf-16-be"))
        fields(pdf)["surname"].RV = String("<body><p><b>Bianchi</b></p></body>")
        comb = b"".join(typed(sign, x=4 + 40 * i) for i, sign in enumerate("20121"))
        fill(pdf, "cap", "20121", comb)
        fields(pdf)["cap"].update({"/Ff": 1 << 24, "/MaxLen": 5})

    found = values(change(blank(), edit))
    assert {name: (v.text, v.doubt) for name, v in found.items() if v.text} == {
        "surname": (SURNAME, None),
        "cap": ("20121", None),
    }


def test_typing_over_an_empty_field_is_part_of_the_sheet() -> None:
    def edit(pdf: pikepdf.Pdf) -> None:
        note(pdf, "FreeText", PLACE, typed("Verdi"), Contents=String("Verdi"))

    page = opened(change(blank(), edit))
    assert {value.doubt for value in page.values} == {None}
    assert "Verdi" in [word.text for word in page.words]


def flat(*, drawing: Callable[[canvas.Canvas], None]) -> bytes:
    out = io.BytesIO()
    pdf = canvas.Canvas(out, pagesize=A4, invariant=1)
    drawing(pdf)
    pdf.showPage()
    pdf.save()
    return out.getvalue()


def test_a_typewriter_note_without_a_look_is_read_all_the_same() -> None:
    sheet = flat(drawing=lambda pdf: pdf.drawString(20 * MM, 250 * MM, "Cognome"))

    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Annots = Array([])
        note(pdf, "FreeText", PLACE, None, Contents=String("Verdi"))

    page = opened(change(sheet, edit))
    assert page.form_kind is FormKind.TYPEWRITER
    (word,) = [word for word in page.words if word.text == "Verdi"]
    assert word.box.left == pytest.approx(20, abs=0.1)


def test_text_that_nobody_sees_is_no_text() -> None:
    def sheet(pdf: canvas.Canvas) -> None:
        pdf.drawString(20 * MM, 250 * MM, "Visto")
        pdf.setFillGray(1)
        pdf.drawString(20 * MM, 240 * MM, "Bianco")
        pdf.setFillGray(0)
        pdf.drawString(20 * MM, 230 * MM, "Coperto")
        pdf.setFillGray(1)
        pdf.rect(10 * MM, 228 * MM, 60 * MM, 8 * MM, fill=1, stroke=0)
        pdf.setFillGray(0)
        pdf.drawString(20 * MM, 220 * MM, "Nascosto", mode=3)

    page = opened(flat(drawing=sheet))
    assert [word.text for word in page.words] == ["Visto"]
    assert page.form_kind is FormKind.FLAT


def test_how_a_sheet_carries_its_writing_is_told() -> None:
    def outlines(pdf: canvas.Canvas) -> None:
        pdf.line(20 * MM, 250 * MM, 80 * MM, 240 * MM)

    assert opened(change(blank(), plain)).form_kind is FormKind.ACROFORM
    assert opened(change(blank(), traps.xfa(""))).form_kind is FormKind.XFA
    assert opened(flat(drawing=outlines)).form_kind is FormKind.OUTLINES


def test_a_form_that_only_waits_for_a_viewer_asks_for_a_printed_copy() -> None:
    with pytest.raises(Unreadable, match="stamparlo") as caught:
        opened(change(blank(), traps.xfa("<surname>Verdi</surname>", dynamic=True)))
    assert caught.value.reason == "xfa"


def test_an_owner_password_keeps_nobody_from_reading() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(change(blank(), plain))) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="segreto", user="", R=6))
    found = values(out.getvalue())
    assert (found["surname"].text, found["surname"].doubt) == (SURNAME, None)


def test_a_signature_is_noted_and_a_later_change_is_a_doubt() -> None:
    sealed = traps.signed(change(blank(), plain))
    stamped, changed = traps.appended(sealed), traps.appended(sealed, surname="Verdi")
    assert [opened(content).seal for content in (blank(), sealed, stamped, changed)] == [
        Seal.NONE,
        Seal.SIGNED,
        Seal.SIGNED,
        Seal.CHANGED,
    ]
    assert opened(sealed).doubts == ()
    assert "dopo la firma" in opened(changed).doubts[0]
    assert values(changed)["surname"].text == "Verdi"
    assert "firma" not in values(sealed)


def test_a_signature_over_nothing_is_a_change() -> None:
    sealed = traps.signed(change(blank(), plain))
    start = sealed.index(b"/ByteRange [ 0 ")
    assert opened(sealed[:start] + b"/ByteRange [ 9 " + sealed[start + 15 :]).seal is Seal.CHANGED


def test_later_revisions_of_an_unsigned_form_are_no_doubt() -> None:
    found = values(traps.appended(change(blank(), plain), surname="Verdi"))
    assert (found["surname"].text, found["surname"].doubt) == ("Verdi", None)


def test_every_doubt_has_its_question() -> None:
    assert set(SENTENCES) == set(Doubt)
    assert all(text.endswith(".") for text in SENTENCES.values())


SEALED = traps.signed(change(blank(), plain))
KEYS = ["/V", "/AS", "/F", "/Ff", "/Rect", "/AP", "/Kids", "/Parent", "/FT", "/T", "/Opt", "/OC", "/AA", "/MaxLen"]
ODD: list[Callable[[pikepdf.Pdf], object]] = [
    lambda pdf: pdf.Root,
    lambda pdf: pdf.Root.AcroForm.Fields,
    lambda pdf: pdf.make_indirect(pikepdf.Stream(pdf, b"\xfe\xff\x00")),
    lambda _: String("\u0000\ud7ff"),
    lambda _: Name("/Off"),
    lambda _: -(2**40),
    lambda _: True,
    lambda _: Array([1, Name("/x"), String("y"), Dictionary()]),
    lambda _: Array([1e30, -1e30, 7, 7]),
    lambda _: Dictionary(N=Dictionary(Yes=Name("/No"))),
]


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(KEYS), st.integers(0, len(ODD) - 1)), max_size=6))
@pytest.mark.filterwarnings("ignore")
def test_a_mangled_form_is_read_or_refused(changes: list[tuple[int, str, int]]) -> None:
    def mangle(pdf: pikepdf.Pdf) -> None:
        plain(pdf)
        nodes = list(pdf.Root.AcroForm.Fields)
        for place, key, odd in changes:
            nodes[place % len(nodes)][key] = ODD[odd](pdf)

    read_or_refused(change(blank(), mangle))


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 2**24), max_size=12))
def test_a_form_with_broken_bytes_is_read_or_refused(places: list[int]) -> None:
    read_or_refused(traps.pieces(SEALED, iter(places)))


def read_or_refused(content: bytes) -> None:
    try:
        pages = open_pages(Document("modulo.pdf", "application/pdf", content), PageLimits(render_dpi=40))
    except Unreadable:
        return
    for value in (value for page in pages for value in page.values):
        assert value.name
        assert value.doubt is None or SENTENCES[value.doubt]
