"""``gateway try``: read files without storing anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from cases.contract import TryOut, submission_out
from cases.submission import Looked, Submission
from checks.context import CheckSettings
from checks.validation import Finding, Outcome, Severity, Validation
from intake.filetype import FileType, file_type
from intake.receipt import Channel, MailKind
from jobs.ask import ROME, look_guarded
from jobs.child import Limits
from jobs.post import Post
from parsers.calibration import BUDGET
from parsers.reading import Reading

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


def posts(files: Sequence[tuple[str, bytes]], now: datetime, *, each: bool = False) -> list[Post]:
    """Make the deliveries that these files stand for.

    A mail (.eml) is a delivery of its own. All other files together are one delivery, as attachments of one message
    would be: a form may come as several pictures, with its papers beside it. With ``each``, every file stands alone.
    """
    today = now.astimezone(ROME).date()
    alone = [f for f in files if each or file_type(f[1]) in _MAILS]
    together = [f for f in files if f not in alone]
    if len(together) == 1:
        alone, together = [*together, *alone], []
    made = [Post(name, raw, _channel(raw), now, today) for name, raw in alone]
    if together:
        made.insert(0, Post(", ".join(name for name, _ in together), _as_mail(together), Channel.EMAIL, now, today))
    return made


def try_post(post: Post, checks: CheckSettings, limits: Limits, trust_store: str = "", budget: float = BUDGET) -> Tried:
    """Read one delivery in a child with limits."""
    return Tried(post.name, look_guarded(post, checks, limits, trust_store, budget))


def as_contract(tried: Sequence[Tried]) -> TryOut:
    """Give the published JSON object."""
    return TryOut(submissions=[submission_out(s) for t in tried for s in submissions(t)])


def submissions(tried: Tried) -> tuple[Submission, ...]:
    """Give what a delivery holds; a mail that is no request, or a look that failed, has an outcome too."""
    looked = tried.looked
    if looked.failure:
        return (_only(Outcome.MANUAL_REVIEW, "look_failed", looked.failure),)
    if looked.kind is not MailKind.REQUEST:
        return (_only(Outcome.NOT_A_REQUEST, looked.kind.value, _NO_REQUEST),)
    return looked.submissions


def unreadable(tried: Tried) -> bool:
    """Tell whether something of the delivery could not be read."""
    return bool(tried.looked.failure or tried.looked.refused)


_NO_REQUEST = (
    "Messaggio di servizio (ricevuta, avviso o risposta automatica): non è una richiesta, non apre una pratica."
)


def _only(outcome: Outcome, reason: str, sentence: str) -> Submission:
    severity = Severity.DOUBTFUL if outcome is Outcome.MANUAL_REVIEW else Severity.NOTE
    finding = Finding(reason, "", "", severity, sentence)
    reading = Reading(form="", edition="", values={}, stranger=reason)
    return Submission(reading, Validation(outcome, (reason,), (finding,), {}))


_MAILS = frozenset({FileType.EML, FileType.MSG})


def _channel(raw: bytes) -> Channel:
    return Channel.EMAIL if file_type(raw) in _MAILS else Channel.POST


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
