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


def leashed(argv: Sequence[str], signal_number: int, uid: int = _KEEP, gid: int = _KEEP) -> list[str]:
    """Give the command that runs ``argv`` so that it gets a signal when this process dies.

    The leash is tied to the thread that starts the command: start it from one that lives as long as the process.
    """
    words = [os.getpid(), signal_number, uid, gid]
    return [sys.executable, "-I", "-S", __file__, *map(str, words), *argv]


def main(argv: Sequence[str]) -> None:
    """Change the account, tie the leash, become the program."""
    parent, signal_number, uid, gid = map(int, argv[:4])
    if uid not in {_KEEP, os.geteuid()}:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent:
        sys.exit(1)  # the parent died before the leash was tied
    os.execv(argv[4], list(argv[4:]))  # noqa: S606  no shell is the point; the program is our own choice


if __name__ == "__main__":
    main(sys.argv[1:])
