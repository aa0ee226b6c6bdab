"""``gateway try``: read files without storing anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from cases.contract import TryOut, submission_out
from cases.submission import Looked
from checks.context import CheckSettings
from intake.filetype import FileType, sniff
from intake.receipt import Channel
from jobs.child import Limits
from jobs.flow import Post
from jobs.look import ROME, look_guarded

MAX_FILE_MB = 100


class Unopened(Exception):
    """A path given on the command line cannot be opened; the message is Italian."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One thing that was read, under the name that the user gave, and what came of it."""

    name: str
    looked: Looked


def read_file(path: Path) -> bytes:
    """Read a file's bytes. Raises ``Unopened`` with a sentence when it is no regular file, missing or too big."""
    if path.is_dir():
        raise Unopened(f"{path.name}: è una cartella. Indicare i singoli file.")
    if not path.exists():
        raise Unopened(f"{path.name}: il file non esiste. Controllare il nome e la cartella.")
    if not path.is_file():
        raise Unopened(f"{path.name}: non è un file normale. Indicare un PDF, un'immagine o un messaggio .eml.")
    if path.stat().st_size > MAX_FILE_MB * 1024 * 1024:
        raise Unopened(f"{path.name}: supera {MAX_FILE_MB} MB. Dividere il file in parti più piccole.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unopened(f"{path.name}: non si può leggere ({error.strerror}). Controllare i permessi.") from error


def posts(files: Sequence[tuple[str, bytes]], now: datetime) -> list[Post]:
    """Make the deliveries that these files stand for.

    A mail (.eml) is a delivery of its own. All other files together are one delivery, as attachments of one message
    would be: a form may come as several pictures, with its papers beside it.
    """
    mails = [(n, raw) for n, raw in files if sniff(raw) is FileType.EML]
    plain = [(n, raw) for n, raw in files if sniff(raw) is not FileType.EML]
    today = now.astimezone(ROME).date()
    made = [Post(n, raw, Channel.EMAIL, now, today) for n, raw in mails]
    if len(plain) == 1:
        made.insert(0, Post(plain[0][0], plain[0][1], Channel.POST, now, today))
    elif plain:
        made.insert(0, Post("", _as_mail(plain), Channel.EMAIL, now, today))
    return made


def try_posts(made: Sequence[Post], checks: CheckSettings, limits: Limits) -> list[Tried]:
    """Read each delivery in a child with limits."""
    return [Tried(post.name, look_guarded(post, checks, limits)) for post in made]


def as_contract(tried: Sequence[Tried]) -> TryOut:
    """Give the published JSON object."""
    return TryOut(submissions=[submission_out(s) for t in tried for s in t.looked.submissions])


def now_utc() -> datetime:
    """Give the present instant; the one clock of this command."""
    return datetime.now(UTC)


def _as_mail(files: Sequence[tuple[str, bytes]]) -> bytes:
    mail = EmailMessage()
    mail["Subject"] = ""
    mail.set_content("")
    for name, raw in files:
        mail.add_attachment(raw, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()
