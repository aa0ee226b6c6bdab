"""Choose the account under which the embedded server runs. PostgreSQL refuses root; nothing else needs another."""

import os
import pwd
import stat
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.leash import APART
from gateway.pgbin import NoPostgres


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine."""

    name: str
    uid: int
    gid: int
    apart: bool = False
    """Root in a user namespace of its own, where it is nobody special."""

    @property
    def leash(self) -> tuple[int, int]:
        """Give what ``leashed`` needs to know of it."""
        return (APART if self.apart else self.uid, self.gid)

    @property
    def is_us(self) -> bool:
        """Tell whether this process runs under it already."""
        return self.uid == os.geteuid()


def choose_account(data_dir: Path, ways: Sequence[Path] = ()) -> Account:
    """Give the account for the server; it comes to all ``ways`` through their parents.

    That is our own account. As root it is the owner of the data folder, else ``postgres`` or ``nobody``; and where
    these cannot pass (a home below ``/root``), root itself, apart in a user namespace.
    Raises ``NoPostgres`` naming what is in the way.
    """
    if os.geteuid() != 0:
        return _account(pwd.getpwuid(os.geteuid()))
    owner = data_dir.stat().st_uid if data_dir.exists() else None
    account = _account(pwd.getpwuid(owner)) if owner else _unprivileged()
    blocked = next((place for way in ways if (place := closed_to(account, way))), None)
    if owner != 0 and blocked is None:
        return account
    if may_stand_apart():
        return Account("root", 0, 0, apart=True)
    raise NoPostgres(
        f"The PostgreSQL server runs as the user {account.name}, who cannot pass through {blocked}. "
        f"Choose a folder within reach with --home (for example /var/lib/gateway), "
        f"or run: chmod o+x {blocked}"
    )


def may_stand_apart() -> bool:
    """Tell whether this machine lets root enter a user namespace."""
    command = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        "import sys; sys.path.insert(0, sys.argv[1]); import leash; leash.stand_apart()",
    ]
    tried = subprocess.run([*command, str(Path(__file__).parent)], capture_output=True, check=False, timeout=30)  # noqa: S603  our own
    return tried.returncode == 0


def _unprivileged() -> Account:
    for name in ("postgres", "nobody"):
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise NoPostgres("PostgreSQL refuses root: create the user postgres, or run the gateway as an unprivileged user.")


def closed_to(account: Account, target: Path) -> Path | None:
    """Give the first parent of a place that the account cannot pass through, or None."""
    parents = reversed(target.resolve().parents)
    return next((parent for parent in parents if not may_traverse(parent.stat(), account)), None)


def may_traverse(info: os.stat_result, account: Account) -> bool:
    """Tell whether the mode bits let an account search a folder."""
    if account.uid == 0:
        return True
    if info.st_uid == account.uid:
        return bool(info.st_mode & stat.S_IXUSR)
    if info.st_gid == account.gid:
        return bool(info.st_mode & stat.S_IXGRP)
    return bool(info.st_mode & stat.S_IXOTH)


def own_folder(folder: Path, account: Account) -> None:
    """Make a private folder of the account, or make sure that it is one."""
    folder.mkdir(mode=0o700, exist_ok=True)
    info = folder.lstat()
    if not stat.S_ISDIR(info.st_mode) or info.st_uid not in {os.geteuid(), account.uid}:
        raise NoPostgres(f"The folder {folder} belongs to somebody else: remove it, or choose another.")
    if info.st_uid != account.uid:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
