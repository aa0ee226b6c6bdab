"""Run a program that dies with its parent, and under another account if wanted.

``python leash.py PARENT SIGNAL UID GID PROGRAM ARG...`` becomes PROGRAM. It is a program of its own, because what a
threaded parent runs between fork and exec may hang on a lock (so no ``preexec_fn``). Linux tells a child of its
parent's death only if the child asked for it after the change of account, hence the order.
"""

import ctypes
import os
import sys
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1
_KEEP = -1
APART = -2
"""Instead of a uid: stay ourselves, but under an unprivileged number in a user namespace of its own."""
_CLONE_NEWUSER = 0x10000000


def leashed(argv: Sequence[str], signal_number: int, uid: int = _KEEP, gid: int = _KEEP) -> list[str]:
    """Give the command that runs ``argv`` so that it gets a signal when this process dies.

    The leash is tied to the thread that starts the command: start it from one that lives as long as the process.
    """
    words = [os.getpid(), signal_number, uid, gid]
    return [sys.executable, "-I", "-S", __file__, *map(str, words), *argv]


def main(argv: Sequence[str]) -> None:
    """Change the account, tie the leash, become the program."""
    parent, signal_number, uid, gid = map(int, argv[:4])
    if uid == APART:
        stand_apart()
    elif uid not in {_KEEP, os.geteuid()}:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent:
        sys.exit(1)  # the parent died before the leash was tied
    os.execv(argv[4], list(argv[4:]))  # noqa: S606  no shell is the point; the program is our own choice


def stand_apart() -> None:
    """Enter a user namespace in which root bears the number 1000 and has no power over the machine.

    Files of root stay its own. Raises ``OSError`` where the kernel does not allow it.
    """
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are not allowed here")
    for name, line in (("setgroups", "deny"), ("uid_map", "1000 0 1"), ("gid_map", "1000 0 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:  # noqa: PTH123  pathlib is slow to import here
            file.write(line)


if __name__ == "__main__":
    main(sys.argv[1:])
