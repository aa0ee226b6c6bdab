"""Send a draft by a channel: the same papers as mail, certified mail, fax or scanned letter."""

from collections.abc import Callable
from random import Random
from typing import Any

from intake.receipt import Channel
from pages.page import Picture
from samples.degrade import Scan, bilevel, draw_pages, fax, fax_setting, scan, scan_setting
from samples.draft import Draft, truth_of
from samples.files import fax_tiff, jpeg, png, scan_pdf, tiff
from samples.handwritten import Habit
from samples.mail import SHAPES, Attached, Letterhead, wrap_pec, write_mail
from samples.penman import Drawn, draw_style
from samples.sample import Sample
from samples.scenarios import Scenario
from samples.sheets import Paperwork
from samples.typed import draw_hand

Send = Callable[["Envelope"], tuple[bytes, str, int]]
"""Returns the bytes of the delivery, the ending of its name and its number of sheets (0 for a mail)."""


class Envelope:
    """One draft about to be sent, with the randomness that its sending needs."""

    def __init__(self, draft: Draft, work: Paperwork, seed: int) -> None:
        self.draft = draft
        self.work = work
        self.seed = seed
        self.rng = Random(seed)

    def typed(self) -> list[tuple[str, bytes]]:
        """Give everything as flat PDFs, typed in one hand."""
        return self.work.typed(self.draft, draw_hand(self.rng), self.rng)

    def handwritten(self) -> list[tuple[str, bytes]]:
        """Give everything as flat PDFs, the forms filled by one hand."""
        penman = Drawn.of(draw_style(self.rng))
        return self.work.handwritten(self.draft, Habit(penman, self.rng.uniform(0.15, 0.4)), self.rng)

    def fillable(self) -> list[tuple[str, bytes]]:
        """Give the form as a fillable PDF, and the papers."""
        return self.work.fillable(self.draft, self.rng)

    def pictures(self, dpi: int, *, hand: bool = False) -> list[Picture]:
        """Draw every sheet as a clean picture, in the order of sending."""
        files = self.handwritten() if hand else self.typed()
        return [page for _, pdf in files for page in draw_pages(pdf, dpi)]

    def head(self, subject: str = "", body: str = "") -> Letterhead:
        """Say who writes the mail, and what."""
        case = self.draft.case
        who = case.delegate or case.holder
        told = f"invio in allegato la richiesta di {case.holder.full_name}."
        text = f"Buongiorno,\n{told}\n\nCordiali saluti\n{who.full_name}"
        return Letterhead(
            sender=who.email,
            name=who.full_name,
            subject=subject or self.rng.choice(("Richiesta SMART Help", "Invio modulo", "modulo e documenti allegati")),
            body=body or text,
            sent_at=case.received_at,
            ident=f"prova{self.seed}",
        )


def send(scenario: Scenario, draft: Draft, mode: str, work: Paperwork, seed: int, name: str) -> Sample:
    """Send a draft by ``mode``, a key of ``MODES``."""
    channel, way = MODES[mode]
    envelope = Envelope(draft, work, seed)
    raw, ending, pages = way(envelope)
    return Sample(
        name=f"{name}.{ending}",
        channel=channel,
        raw=raw,
        received_at=draft.case.received_at,
        scenario=scenario.name,
        mode=mode,
        proves=scenario.proves,
        submissions=(truth(draft, work),),
        sender=draft.case.holder.phone if channel is Channel.FAX else "",
        pages=pages,
    )


def truth(draft: Draft, work: Paperwork) -> dict[str, Any]:
    """State what the generator knows of one submission."""
    if draft.stranger:
        return {
            "form": "",
            "edition": "",
            "stranger": draft.stranger,
            "outcome": draft.outcome,
            "reasons": list(draft.reasons),
            "hold_until": None,
            "fields": {},
            "delega": {},
            "papers": [],
            "missing_pages": [],
        }
    return truth_of(draft, work.form_of(draft), work.forms["DELEGA"])


def _mail(envelope: Envelope, papers: list[tuple[str, bytes]]) -> tuple[bytes, str, int]:
    files = [Attached(name, content) for name, content in papers]
    shape = envelope.rng.choice(SHAPES)
    return write_mail(envelope.head(), files, envelope.rng, shape), "eml", 0


def _pec(envelope: Envelope, papers: list[tuple[str, bytes]]) -> tuple[bytes, str, int]:
    files = [Attached(name, content) for name, content in papers]
    return wrap_pec(envelope.head(), files, envelope.rng), "eml", 0


def _mail_of_scans(envelope: Envelope) -> tuple[bytes, str, int]:
    """Scan at home: the form as PDF of 200 dpi, the papers as pictures."""
    (name, form), *papers = envelope.typed()
    files = [Attached(name, scan_pdf(_scanned(envelope, draw_pages(form, 200), 200), 200, 55))]
    for paper, pdf in papers:
        for i, picture in enumerate(_scanned(envelope, draw_pages(pdf, 150), 150), 1):
            files.append(Attached(f"{paper.removesuffix('.pdf')}_{i}.jpg", jpeg(picture, 150, 60)))
    return write_mail(envelope.head(), files, envelope.rng, "plain"), "eml", 0


def _scanned(envelope: Envelope, pictures: list[Picture], dpi: int) -> list[Picture]:
    settings: list[Scan] = [scan_setting(envelope.rng, dpi) for _ in pictures]
    return [scan(p, s, envelope.rng.randrange(2**31)) for p, s in zip(pictures, settings, strict=True)]


def _letter(dpi: int, quality: int = 0, *, hand: bool = False) -> Send:
    """Scan a letter into one file: grey JPEG in PDF, or (quality 0) black and white TIFF."""

    def way(envelope: Envelope) -> tuple[bytes, str, int]:
        pictures = _scanned(envelope, envelope.pictures(dpi, hand=hand), dpi)
        if quality:
            return scan_pdf(pictures, dpi, quality), "pdf", len(pictures)
        return tiff([bilevel(p) for p in pictures], (dpi, dpi)), "tif", len(pictures)

    return way


def _one_sheet(ending: str) -> Send:
    """Scan a letter of one sheet into a picture file."""

    def way(envelope: Envelope) -> tuple[bytes, str, int]:
        pictures = _scanned(envelope, envelope.pictures(200), 200)
        if len(pictures) != 1:
            raise ValueError(f"a {ending} holds one sheet, not {len(pictures)}")
        raw = jpeg(pictures[0], 200, 60) if ending == "jpg" else png(pictures[0], 200)
        return raw, ending, 1

    return way


def _fax(*, fine: bool, screen: str = "threshold", compression: str = "group4", hand: bool = False) -> Send:
    def way(envelope: Envelope) -> tuple[bytes, str, int]:
        case, rng = envelope.draft.case, envelope.rng
        settings = [(p, fax_setting(rng, fine=fine, screen=screen)) for p in envelope.pictures(300, hand=hand)]
        pages = [fax(p, 300, s, rng.randrange(2**31)) for p, s in settings]
        header = f"Da: {case.holder.phone}   {case.received_at:%d/%m/%Y %H:%M}   Pag. {{page}}/{{pages}}"
        return fax_tiff(pages, settings[0][1].dpi_y, header, compression), "tif", len(pages)

    return way


MODES: dict[str, tuple[Channel, Send]] = {
    "mail-acroform": (Channel.EMAIL, lambda e: _mail(e, e.fillable())),
    "mail-typed": (Channel.EMAIL, lambda e: _mail(e, e.typed())),
    "mail-scan": (Channel.EMAIL, _mail_of_scans),
    "pec-acroform": (Channel.PEC, lambda e: _pec(e, e.fillable())),
    "pec-typed": (Channel.PEC, lambda e: _pec(e, e.typed())),
    "scan-300": (Channel.POST, _letter(300, 50)),
    "scan-200": (Channel.POST, _letter(200, 55)),
    "scan-300-bw": (Channel.POST, _letter(300)),
    "scan-jpg": (Channel.POST, _one_sheet("jpg")),
    "scan-png": (Channel.POST, _one_sheet("png")),
    "fax-fine": (Channel.FAX, _fax(fine=True)),
    "fax-fine-g3": (Channel.FAX, _fax(fine=True, compression="group3")),
    "fax-fine-dither": (Channel.FAX, _fax(fine=True, screen="dither")),
    "fax-standard": (Channel.FAX, _fax(fine=False)),
    "hand-scan-200": (Channel.POST, _letter(200, 55, hand=True)),
    "hand-fax-fine": (Channel.FAX, _fax(fine=True, hand=True)),
}
