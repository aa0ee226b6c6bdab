"""Document: a letter's PDF with its segnatura, registered and kept, and what leaves the house by its way."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.database import Database
from cases.register import Direction, Entry, RegisterNumber, coming, enter_out
from cases.tables import CaseRow
from checks.context import ROME
from letters.door import Outgoing
from letters.known import matter_of
from letters.mail import Attached, Post, compose, own_message_id
from letters.markup import as_mail
from letters.matter import Matter
from letters.office import Office
from letters.recipient import Recipient, Role, Way
from letters.render import as_pdf, printed
from letters.returns import filled_in, made_again
from letters.segnatura import Segnatura, joined, stamp
from letters.sending import LetterState
from letters.tables import LetterRow
from letters.words import Words

_CHANNELS: Final = {Way.EMAIL: "email", Way.PEC: "pec", Way.FAX: "fax", Way.PRINT: "post"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A letter as drawn, without its number: the PDF, the sheet that goes along, and of which version of its row."""

    pdf: bytes = field(repr=False)
    sheet: bytes = field(repr=False)
    version: int


def document_of(database: Database, office: Office, letter_id: int) -> Drawn:
    """Draw a letter; it takes a while, so no lock is held meanwhile. One with its number is kept as it is."""
    with database.transaction() as session:
        letter = session.get_one(LetterRow, letter_id)
        case = session.get_one(CaseRow, letter.case_id)
        matter, version = matter_of(session, case), letter.version
        session.expunge_all()
    if letter.number is not None:
        return Drawn(b"", b"", version)
    return Drawn(draw(letter, matter, office, letter.created_at), draw_sheet(letter, matter, office), version)


def draw(letter: LetterRow, matter: Matter, office: Office, at: datetime) -> bytes:
    """Give a letter's PDF, dated on the day in Rome of an instant."""
    words = Words(letter.title, letter.subject, letter.body)
    return as_pdf(printed(words, matter, to_of(letter), office.house, at.astimezone(ROME).date()))


def draw_sheet(letter: LetterRow, matter: Matter, office: Office) -> bytes:
    """Give the return sheet that goes along with a letter, b"" for none."""
    sheet = made_again(letter.sheet, office.library) if letter.sheet else None
    return filled_in(sheet, matter, to_of(letter)) if sheet else b""


def to_of(letter: LetterRow) -> Recipient:
    """Give the recipient of a letter."""
    lines = tuple(letter.to_lines) or (() if letter.to_address else ("",))
    return Recipient(Role(letter.role), Way(letter.way), letter.to_name, letter.to_address, lines)


def name_of(letter: LetterRow) -> str:
    """Give the name of a letter's files: the register number, and how often it was sent again. Nothing personal."""
    again = f"-{letter.resends}" if letter.resends else ""
    return f"{letter.year}-{letter.number or 0:07}{again}"


def register(database: Database, office: Office, letter_id: int, drawn: Drawn, now: datetime) -> Outgoing | None:
    """Give a letter its number and keep it as it leaves, in one transaction; one that has its number keeps it.

    None when the letter was changed or stopped since it was drawn: then its next job begins anew.
    """
    with database.transaction() as session:
        letter = session.get_one(LetterRow, letter_id, with_for_update=True)
        if letter.state != LetterState.READY or letter.version != drawn.version:
            return None
        if letter.number is None:
            _enter(session, office, letter, drawn, now)
        content = office.kept.read(letter.sent)
        return Outgoing(name_of(letter), to_of(letter), content, number=str(_number(letter)))


def _enter(session: Session, office: Office, letter: LetterRow, drawn: Drawn, now: datetime) -> None:
    case = session.get_one(CaseRow, letter.case_id)
    number = coming(session, now)
    mark = Segnatura(office.house.name, str(number), now.astimezone(ROME).date())
    pdf = stamp(drawn.pdf, mark)
    letter.year, letter.number = number.year, number.number
    letter.message_id = own_message_id(secrets.token_hex(12), _domain(office, letter))
    letter.document = office.kept.keep(pdf)
    letter.sent = office.kept.keep(_leaving(office, letter, pdf, drawn.sheet, now))
    entry = Entry(
        direction=Direction.OUT,
        channel=_CHANNELS[Way(letter.way)],
        digest=letter.document,
        received_at=now,
        subject=letter.subject,
        recipient=letter.to_address or ", ".join((letter.to_name, *letter.to_lines)),
        reference=str(RegisterNumber(case.year, case.number)),
    )
    if enter_out(session, entry, now) != number:
        raise AssertionError("the register gave another number than it told")


def _leaving(office: Office, letter: LetterRow, pdf: bytes, sheet: bytes, now: datetime) -> bytes:
    """Give the bytes that leave: a mail with the PDFs, or one PDF for printer and fax."""
    way = Way(letter.way)
    if way in {Way.FAX, Way.PRINT}:
        return joined((pdf, sheet)) if sheet else pdf
    house = office.house
    name = f"lettera-{letter.year}-{letter.number:07}.pdf"
    attached = [Attached(name, pdf)]
    attached += [Attached("foglio-da-rimandare.pdf", sheet)] if sheet else []
    sender = office.senders[way]
    return compose(
        Post(
            sender=sender,
            sender_name=house.name,
            to=letter.to_address,
            subject=letter.subject,
            text=as_mail(letter.body) + _foot(office, letter, now),
            message_id=letter.message_id,
            at=now,
            attached=attached,
            answers=letter.answers,
            reply_to=house.pec if way is Way.PEC else house.email,
        )
    )


def _foot(office: Office, letter: LetterRow, now: datetime) -> str:
    day = now.astimezone(ROME)
    mark = Segnatura(office.house.name, str(_number(letter)), day.date())
    closing = f"\nCordiali saluti\n{office.house.name}\n"
    notice = f"\n{office.house.notice}\n" if office.house.notice else ""
    return f"{closing}\n{mark}\n{notice}"


def _number(letter: LetterRow) -> RegisterNumber:
    return RegisterNumber(letter.year or 0, letter.number or 0)


def _domain(office: Office, letter: LetterRow) -> str:
    sender = office.senders.get(Way(letter.way), "")
    return sender.rpartition("@")[2] or "gateway.invalid"
