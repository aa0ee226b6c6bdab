"""Choose the account under which the embedded server runs. PostgreSQL refuses root; nothing else needs another."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from gateway.pgbin import NoPostgres


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine."""

    name: str
    uid: int
    gid: int

    @property
    def is_us(self) -> bool:
        """Tell whether this process runs under it already."""
        return self.uid == os.geteuid()


def choose_account(data_dir: Path) -> Account:
    """Give our own account, or as root the owner of the data folder, ``postgres`` or ``nobody``."""
    if os.geteuid() != 0:
        return _account(pwd.getpwuid(os.geteuid()))
    if data_dir.exists() and data_dir.stat().st_uid != 0:
        return _account(pwd.getpwuid(data_dir.stat().st_uid))
    for name in ("postgres", "nobody"):
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise NoPostgres(
        "Run as root, PostgreSQL needs an unprivileged user: create the user postgres, or do not run as root."
    )


def require_way(account: Account, target: Path) -> None:
    """Stop with a clear sentence if the account cannot come to ``target`` through its parents."""
    for parent in reversed(target.resolve().parents):
        if not may_traverse(parent.stat(), account):
            raise NoPostgres(
                f"The PostgreSQL server runs as the user {account.name}, who cannot pass through {parent}. "
                f"Choose a folder within reach with --home (for example /var/lib/gateway), "
                f"or run: chmod o+x {parent}"
            )


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
