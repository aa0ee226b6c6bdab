"""How fast a full mailbox is taken in: ``python -m bench.pickup [--mails N]``.

A real Dovecot holds the mails; each counts when its bytes are on disk, its row and job committed and its flag set, as
in the daily run. The peer in the same run is a bare download of the same mails with imapclient, which keeps nothing.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import text

from bench.dovecot import Box, dovecot_server
from bench.ground import fresh, scratch, server
from cases.sources import Sources
from cases.submission import Looked
from gateway.wiring import Place
from intake.mailbox import Mailbox
from intake.originals import Originals
from jobs.app import Wiring, configure
from jobs.pickup import pick_up

_KB = 1024


def main(arguments: list[str] | None = None) -> int:
    """Fill a mailbox, take it in, say how fast; the exit code tells whether all came in once."""
    parser = argparse.ArgumentParser(prog="python -m bench.pickup", description=__doc__.splitlines()[0])
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--kilobytes", type=int, default=40, help="size of each mail")
    asked = parser.parse_args(arguments)
    with dovecot_server() as dovecot, server() as postgres, fresh(postgres) as url, scratch() as folder:
        box = Box(dovecot, "pieno")
        fill(box, asked.mails, asked.kilobytes)
        bare = _timed(lambda: download(box))
        sources = Sources(configure(url, _no_look, Originals(folder / "x")).database)
        mailbox = Mailbox(box.options(), Place(sources, "posta"))
        wiring = configure(url, _no_look, Originals(folder / "originals"), {"posta": mailbox})
        before = _peak_mb()
        ours = _timed(lambda: pick_up(wiring, "posta"))
        return report(wiring, asked.mails, bare, ours, (before, _peak_mb()))


def fill(box: Box, mails: int, kilobytes: int) -> None:
    """Put mails into a Maildir as its server would: each a file of its own, all different."""
    box.put(mail(0, 1))  # the server makes the folder
    new = box.maildir / "new"
    owner = new.stat()
    for number in range(1, mails):
        path = new / f"{1_700_000_000 + number}.M{number}P1.bench"
        path.write_bytes(mail(number, kilobytes))
        _give(path, owner.st_uid, owner.st_gid)


def _give(path: Path, user: int, group: int) -> None:
    os.chown(path, user, group)


def mail(number: int, kilobytes: int) -> bytes:
    """Make a mail with an attachment of about so many kilobytes."""
    message = EmailMessage()
    message["From"], message["Subject"] = f"cliente{number}@example.com", f"Modulo {number}"
    message["Message-ID"] = f"<{number}@example.com>"
    message.set_content("In allegato il modulo.")
    content = f"%PDF-1.7 {number}\n".encode() + bytes((number + at) % 251 for at in range(256)) * (kilobytes * 3)
    message.add_attachment(content, maintype="application", subtype="pdf", filename="modulo.pdf")
    return bytes(message)


def download(box: Box) -> None:
    """Fetch every mail, one at a time, and keep none: what the protocol alone costs."""
    client = box.client()
    for uid in client.search():
        client.fetch([uid], ["BODY.PEEK[]"])
    client.logout()


def report(wiring: Wiring, mails: int, bare: float, ours: float, memory: tuple[float, float]) -> int:
    """Print rate, ratio and memory; 0 when every mail has exactly one receipt and one job."""
    with wiring.database.transaction() as session:
        receipts, origins = session.execute(text("SELECT count(*), count(DISTINCT origin) FROM receipt")).one()
        jobs = session.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar_one()
    print(f"{mails} mails: {mails / ours:.0f} a second safe and committed, {mails / bare:.0f} a second by a bare")
    print(f"download that keeps nothing (ratio {bare / ours:.2f}); peak memory {memory[0]:.0f} -> {memory[1]:.0f} MB")
    print(f"receipts {receipts}, origins {origins}, jobs {jobs}, at {datetime.now(UTC):%Y-%m-%d}")
    return 0 if receipts == origins == jobs == mails else 1


def _timed(work: Callable[[], object]) -> float:
    start = time.monotonic()
    work()
    return time.monotonic() - start


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KB


def _no_look(*_: object) -> Looked:
    raise NotImplementedError("nothing is read here")


if __name__ == "__main__":
    sys.exit(main())
