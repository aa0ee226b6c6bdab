"""The mail drop: a Maildir, or a folder of .eml files, for machines without an IMAP server."""

from collections.abc import Iterator
from pathlib import Path

from intake.census import Census
from intake.headers import handed_over
from intake.receipt import Channel, Delivery
from intake.source import HEADERS_ONLY, Problem
from intake.tray import Found, NotYet, Tray, TrayOptions


class MailDrop:
    """A Maildir (its ``new`` and ``cur``) or a plain folder of .eml files, told apart by what is there."""

    def __init__(self, options: TrayOptions, channel: Channel = Channel.EMAIL) -> None:
        self._tray = Tray(options, _check, heads=True)
        self._channel = channel
        self.name = f"maildrop:{options.label}"

    def waiting(self) -> Iterator[Delivery]:
        """Yield the mails, oldest first; of one over the size limit the headers only."""
        self._tray.start()
        folders = self._folders()
        # A Maildir's files are whole once they have a name in new: they are renamed into it (maildir(5)).
        quiet = 0.0 if len(folders) > 1 else None
        for each in folders:
            for path in self._tray.files(each):
                found = self._tray.whole(path, quiet_seconds=quiet)
                if found is not None:
                    yield self._deliver(found)

    def settle(self, delivery: Delivery) -> None:
        """Move the file of a delivery into the ``done`` folder."""
        self._tray.settle(delivery)

    def census(self) -> Census:
        """Count what is settled and what waits."""
        return self._tray.census(self.name, self._folders())

    def forget(self, digest: str) -> bool:
        """Remove the settled mail with a digest: its contents were erased."""
        return self._tray.forget(digest)

    def problems(self) -> tuple[Problem, ...]:
        """Give the files that were left behind, and why."""
        return self._tray.problems()

    def _folders(self) -> tuple[Path, ...]:
        folder = self._tray.options.folder
        maildir = (folder / "new").is_dir() and (folder / "cur").is_dir()
        return (folder / "new", folder / "cur") if maildir else (folder,)

    def _deliver(self, found: Found) -> Delivery:
        delivery = Delivery(
            origin=found.origin(self.name),
            channel=self._channel,
            name=_mail_name(found),
            raw=found.raw,
            received_at=handed_over(found.raw) or found.changed_at,  # copying a folder changes its files' times
            facts={"too_big": str(found.cut_from)} if found.cut_from else {},
        )
        return self._tray.remember(delivery, found)


def _mail_name(found: Found) -> str:
    """Name a mail so that it is read as one: Maildir names end in flags, not in .eml."""
    stem = Path(found.path.name.split(":2,")[0])
    stem = stem.with_suffix("") if stem.suffix.lower() == ".eml" else stem
    return f"{stem}{HEADERS_ONLY if found.cut_from else '.eml'}"


def _check(raw: bytes) -> None:
    if not raw.strip():
        raise NotYet("it is empty")
