"""People: make them, let them in by password, take their entry away."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from backoffice.guessable import FEWEST_LOG10, guesses_log10
from backoffice.person import Person, Role
from backoffice.sessions import as_person, end_all
from backoffice.tables import FailureRow, PersonRow

_HASHER: Final = PasswordHasher()
_NOBODY: Final = _HASHER.hash("nobody has this password")
_AT_ONCE: Final = BoundedSemaphore(2)
"""One hash takes 64 MiB and a core for a while: sign-ins wait in line rather than take the machine."""
WINDOW: Final = timedelta(minutes=15)
PER_NAME: Final = 5
PER_ADDRESS: Final = 30
SHORTEST: Final = 12
LONGEST: Final = 200


class BadPassword(Exception):
    """The password is not fit to be used. The message is Italian and says why."""


@dataclass(frozen=True, slots=True)
class Knock:
    """Somebody asks to be let in, from an address."""

    name: str
    password: str
    address: str


def check_password(password: str, name: str, shown: str = "") -> None:
    """Refuse a password that is short, known to many, or easily guessed. Raises ``BadPassword``."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadPassword(f"La password deve avere da {SHORTEST} a {LONGEST} caratteri.")
    if len(set(password.casefold())) < 5 or name.casefold() in password.casefold():
        raise BadPassword("La password è facile da indovinare: non usare il proprio nome né pochi caratteri ripetuti.")
    if guesses_log10(password, (name, *shown.split())) < FEWEST_LOG10:
        raise BadPassword(_KNOWN)


_KNOWN: Final = (
    "La password è fra quelle che chiunque prova per prime: una password molto usata, o parole, nomi, date e tasti "
    "vicini con poco altro. Sceglierne una fatta di quattro parole che non c'entrano l'una con l'altra."
)


def add(session: Session, person: Person, password: str, now: datetime) -> PersonRow:
    """Make a person. An empty password means that they sign in by the single sign-on only. Raises ``BadPassword``."""
    if password:
        check_password(password, person.name, person.shown)
    row = PersonRow(
        name=person.name,
        shown=person.shown,
        roles=sorted(person.roles),
        password=_HASHER.hash(password) if password else "",
        subject="",
        made_at=now,
        disabled_at=None,
    )
    session.add(row)
    session.flush()
    return row


def named(session: Session, name: str) -> PersonRow | None:
    """Find a person by the name they sign in with."""
    return session.scalars(select(PersonRow).where(col(PersonRow.name) == name.strip().casefold())).one_or_none()


def with_subject(session: Session, subject: str) -> PersonRow | None:
    """Find a person by their identity at the single sign-on."""
    return session.scalars(select(PersonRow).where(col(PersonRow.subject) == subject)).one_or_none()


def everyone(session: Session) -> tuple[PersonRow, ...]:
    """List all people by name."""
    return tuple(session.scalars(select(PersonRow).order_by(col(PersonRow.name))))


def set_password(session: Session, row: PersonRow, password: str) -> None:
    """Give a person another password; whoever is signed in as them is signed out. Raises ``BadPassword``."""
    check_password(password, row.name, row.shown)
    row.password = _HASHER.hash(password)
    end_all(session, row.id)


def disable(session: Session, row: PersonRow, now: datetime) -> None:
    """Take a person's entry away, at once."""
    row.disabled_at = now
    end_all(session, row.id)


def let_in(session: Session, knock: Knock, now: datetime) -> PersonRow | None:
    """Give who it is, or None: for a wrong name, a wrong password and a disabled person alike, after the same time."""
    row = named(session, knock.name)
    usable = row is not None and bool(row.password) and row.disabled_at is None
    fits = _fits(row.password if usable and row else _NOBODY, knock.password)
    if not (fits and usable and row is not None):
        _note_failure(session, knock, now)
        return None
    session.execute(delete(FailureRow).where(col(FailureRow.what) == _hashed(knock.name.strip().casefold())))
    if _HASHER.check_needs_rehash(row.password):
        row.password = _HASHER.hash(knock.password)
    return row


def too_many(session: Session, knock: Knock, now: datetime) -> bool:
    """Tell whether so many sign-ins failed lately, for this name or from this address, that no more are looked at."""
    for what, most in ((knock.name.strip().casefold(), PER_NAME), (knock.address, PER_ADDRESS)):
        query = select(func.count()).where(col(FailureRow.what) == _hashed(what), col(FailureRow.at) > now - WINDOW)
        if (session.execute(query).scalar() or 0) >= most:
            return True
    return False


def roles_of(row: PersonRow) -> frozenset[Role]:
    """Give the roles of a row."""
    return as_person(row).roles


def _note_failure(session: Session, knock: Knock, now: datetime) -> None:
    session.execute(delete(FailureRow).where(col(FailureRow.at) <= now - WINDOW))
    for what in (knock.name.strip().casefold(), knock.address):
        session.add(FailureRow(what=_hashed(what), at=now))


def _fits(hashed: str, password: str) -> bool:
    with _AT_ONCE:
        try:
            return _HASHER.verify(hashed, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False


def _hashed(what: str) -> str:
    return sha256(what.encode()).hexdigest()
