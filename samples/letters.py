"""Make a sample of each letter into ``docs/letters``: the PDF, and its pages as pictures. All people are invented.

Run: python -m samples.letters
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Final

import pypdfium2

from cases.case import FIRST
from cases.contract import submission_payload
from cases.submission import Submission
from checks.context import Context
from checks.validate import validate
from intake.receipt import Channel
from letters.house import House
from letters.letter import LetterCode
from letters.matter import Matter
from letters.recipient import Recipient, Role, Way
from letters.render import as_pdf, printed
from letters.returns import filled_in, return_sheet
from letters.segnatura import Segnatura, joined, stamp
from letters.words import Sheet, asked, write
from ocr.ink import Source
from parsers.reading import Paper, Reading, State, Value
from samples.scenarios import SCENARIOS
from templates.load import load_forms

HOUSE: Final = House(
    name="Sportello di prova",
    lines=("Ufficio fittizio, Casella di esempio 1", "00100 Roma RM"),
    place="Roma",
    email="integrazioni@example.org",
    fax="06 5555 5555",
    post="Sportello di prova, Casella di esempio 1, 00100 Roma RM",
    notice="CAMPIONE – mittente e destinatario inventati",
)
NUMBER: Final = "2026/0000123"
ON: Final = date(2026, 11, 23)
KEY: Final = bytes(32)
_DPI: Final = 70


@dataclass(frozen=True, slots=True)
class Case:
    """Of which scenario a sample is, and how the letter goes."""

    name: str
    code: LetterCode
    scenario: str
    procedure: str
    way: Way
    reasons: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


CASES: Final = (
    Case("ricevimento", LetterCode.ACK, "complete", "BONUS", Way.PRINT),
    Case(
        "integrazione", LetterCode.INTEGRATION, "no-id-copy", "CMOR", Way.PRINT,
        drop=("cmor_amount", "cmor_bill_date", "supply_pod", "complaint_means", "signature_present"),
    ),
    Case("integrazione-fax", LetterCode.INTEGRATION, "no-signature", "DOPPIA", Way.FAX, drop=("switch_date",)),
    Case("attesa", LetterCode.HOLD, "day-39", "INDENNIZZO", Way.PRINT),
    Case("non-ammissibile", LetterCode.NOT_ADMISSIBLE, "non-domestic", "CMOR", Way.PRINT),
    Case("modulo-non-corretto", LetterCode.WRONG_FORM, "complete", "CMOR", Way.PRINT, reasons=("smart_info",)),
    Case("documentazione-ricevuta", LetterCode.JOINED, "no-signature", "CMOR", Way.PRINT),
)  # fmt: skip


def samples() -> Iterator[tuple[str, bytes]]:
    """Give each sample letter with its name, with the return sheet that goes along."""
    for case in CASES:
        matter = _matter(case)
        to = _recipient(case, matter)
        form = load_forms().get(case.procedure, "2026-01")
        sheet = return_sheet(matter, form, asked(matter, form, to.way), KEY)
        told = Sheet(sheet is not None, bool(sheet and sheet.signed))
        words = write(case.code, matter, to, HOUSE, form, told)
        mark = Segnatura(HOUSE.name, "2026/0000124", ON)
        pdf = stamp(as_pdf(printed(words, matter, to, HOUSE, ON)), mark)
        yield case.name, joined((pdf, filled_in(sheet, matter, to))) if sheet else pdf


def pictures(pdf: bytes) -> Iterator[bytes]:
    """Draw each page of a letter, small."""
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        for page in document:
            out = BytesIO()
            drawn = page.render(scale=_DPI / 72, may_draw_forms=True).to_pil()
            drawn.convert("P", palette=1, colors=16).save(out, "PNG", optimize=True)
            yield out.getvalue()


def _matter(case: Case) -> Matter:
    draft = SCENARIOS[case.scenario].draft(Random(3), case.procedure)
    draft.drop(*case.drop)
    form = load_forms().get(case.procedure, "2026-01")
    stated = draft.stated
    values = {name: _value(name, stated.get(name)) for name in form.fields}
    papers = tuple(Paper(code, "allegato.pdf", n, 0.9) for n, code in enumerate(draft.papers, 1))
    reading = Reading(form.code, form.edition, values, papers=papers)
    at = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    plain = replace(reading, papers=())  # what the papers say is no matter of a letter
    checked = validate(plain, form, Context(Channel.POST, at, at.date()))
    came = {paper.code for paper in papers}
    findings = tuple(f for f in checked.findings if f.field not in came)
    whole = replace(checked, findings=findings)
    channel = Channel.FAX if case.way is Way.FAX else Channel.POST
    return Matter(
        number=NUMBER,
        protocol="2026/0000456" if case.code is LetterCode.JOINED else NUMBER,
        state=FIRST[checked.outcome],
        outcome=checked.outcome,
        reasons=case.reasons or checked.reasons,
        channel=channel,
        received_at=at,
        sender="",
        payload=submission_payload(Submission(reading, whole)) | _stranger(case),
        hold_until=date(2026, 12, 11),
    )


def _stranger(case: Case) -> dict[str, object]:
    """Of a wrong form it is not known what it is about."""
    return {"form": ""} if case.code is LetterCode.WRONG_FORM else {}


def _recipient(case: Case, matter: Matter) -> Recipient:
    if case.way is Way.FAX:
        return Recipient(Role.HOLDER, Way.FAX, matter.person("holder"), "+390655555555")
    address = matter.address("holder")
    return Recipient(Role.HOLDER, case.way, matter.person("holder"), lines=address.lines if address else ("",))


def _value(name: str, content: object) -> Value:
    if content in (None, "", ()):
        return Value(name, None, "", State.EMPTY, 0.0, Source.OCR)
    return Value(name, content, str(content), State.FILLED, 0.99, Source.OCR)  # type: ignore[arg-type]


def main(folder: Path) -> None:
    """Write the samples into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, pdf in samples():
        (folder / f"{name}.pdf").write_bytes(pdf)
        for at, picture in enumerate(pictures(pdf), 1):
            (folder / f"{name}-{at}.png").write_bytes(picture)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/letters"))
