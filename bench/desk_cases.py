"""Real cases for the desk's tests and benches: shipped samples, read once, some fields of them put in doubt."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from cases.database import Database
from cases.paper import Asked, Paper
from cases.register import RegisterNumber
from cases.store import Store, admit
from cases.submission import Looked
from checks.context import Context
from checks.validate import validate
from intake.originals import Originals
from intake.receipt import Channel, Delivery, Origin
from jobs.ask import LOOKED
from jobs.draw import draw_all
from jobs.look import look_here, versions
from jobs.post import Post
from parsers.reading import State
from parsers.verdict import NOT_CLEAR
from templates.load import load_forms

POST: Final = Path(__file__).parents[1] / "samples" / "post"
ARRIVED: Final = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
_CHANNELS: Final = {"mail": Channel.EMAIL, "pec": Channel.PEC, "fax": Channel.FAX, "scan": Channel.POST}
FIVE: Final = ("holder_surname", "holder_birth_date", "holder_tax_code", "supply_street", "supply_postal_code")


def read_sample(sample: str, kept: Path) -> Looked:
    """Read a sample of the post (``fax/29-cmor-complete.tif``), or take it from where an earlier run kept it."""
    post = POST / sample
    raw = post.read_bytes()
    mark = sha256(raw + repr(sorted(versions().items())).encode()).hexdigest()[:16]
    file = kept / f"{post.name}.{mark}.json"
    if not file.exists():
        looked = look_here(Post(post.name, raw, _CHANNELS[post.parent.name], ARRIVED, ARRIVED.date()))
        part = file.with_suffix(".part")
        part.write_bytes(LOOKED.dump_json(looked))
        part.rename(file)
    return LOOKED.validate_json(file.read_bytes())


def in_doubt(looked: Looked, names: Sequence[str] = FIVE, *, others: bool = True) -> Looked:
    """Put fields in doubt: what was read of them becomes the first proposal; ``others``: and another is made up."""
    one = looked.submissions[0]
    values = dict(one.reading.values)
    for name in names:
        read = values[name]
        if not isinstance(read.value, str):
            raise TypeError(f"{name} of this sample is not a text that was read: {read.value!r}")
        values[name] = replace(
            read,
            value=None,
            state=State.UNREADABLE,
            confidence=0.5,
            reason=NOT_CLEAR,
            proposals=(read.value, f"{read.value}X") if others else (read.value,),
        )
    reading = replace(one.reading, values=values)
    context = Context(Channel.FAX, ARRIVED, date(2026, 11, 20))
    found = validate(reading, load_forms().get(reading.form, reading.edition), context)
    return replace(looked, submissions=(replace(one, reading=reading, validation=found),))


def settle(
    database: Database, originals: Originals, sample: str, looked: Looked, origin: str = "", name: str = ""
) -> RegisterNumber:
    """Take a sample in as a case."""
    post = POST / sample
    raw = post.read_bytes()
    arrived = Delivery(
        Origin(origin or sample), _CHANNELS[post.parent.name], name or post.name, raw, ARRIVED, sender="+39 06 0000000"
    )
    with database.transaction() as session:
        receipt = admit(session, arrived, originals.keep(raw), ARRIVED)
    if receipt is None:
        raise ValueError(f"{arrived.origin} was taken in before")
    return Store(database).settle(receipt, looked, ARRIVED)[0]


class Drawing:
    """The true drawing of sheets, in this process, each delivery once: a child would load the engines anew."""

    def __init__(self) -> None:
        self._drawn: dict[tuple[Asked, bytes], Paper] = {}

    def __call__(self, asked: Asked, raw: bytes) -> Paper:
        """Draw a delivery, or give it as it was drawn before."""
        key = (asked, raw)
        if key not in self._drawn:
            self._drawn[key] = draw_all(asked, raw)
        return self._drawn[key]
