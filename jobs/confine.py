"""Door to the kernel: take from a child all that reading a document does not need.

A file that takes a reader over finds itself in a process without a network, that writes only to its own scratch folder,
cannot see the post of others or any key, and cannot harm another process. Three layers, each on its own: resource
limits, a filter of system calls (seccomp), and rules about files and signals (Landlock, Linux 5.13; signals from 6.12).
Numbers and layouts: seccomp(2), landlock(7), and the kernel's tables of system calls.
"""

import ctypes
import errno
import os
import platform
import resource
import struct
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_LIBC: Final = ctypes.CDLL(None, use_errno=True)
_NO_NEW_PRIVILEGES: Final = 38
_SET_SECCOMP: Final = 22
_FILTER: Final = 2
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | errno.EPERM
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_X32: Final = 0x40000000
"""Numbers from here on are x86-64's second table of the same calls."""

# socket, ptrace, process_vm_readv, process_vm_writev, bpf, userfaultfd, io_uring_setup, mount, unshare, setns, add_key,
# request_key, keyctl: the ways to a network, to another process and to the kernel's less trodden parts.
_CALLS: Final[Mapping[str, tuple[int, tuple[int, ...]]]] = {
    "x86_64": (0xC000003E, (41, 101, 310, 311, 321, 323, 425, 165, 272, 308, 248, 249, 250)),
    "aarch64": (0xC00000B7, (198, 117, 270, 271, 280, 282, 425, 40, 97, 268, 217, 218, 219)),
}

_CAPABILITY_VERSION: Final = 0x20080522
_OVER_FILES: Final = 1 << 1 | 1 << 2
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: a service that runs as root may read a program that another user owns."""

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_READ: Final = 1 | 1 << 2 | 1 << 3
"""Execute, read a file, list a folder."""
_OLDEST: Final = (1 << 13) - 1
_ADDED: Final = {2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
"""Rights about files of later versions of Landlock: to link across folders, to truncate, to steer a device."""
_SIGNALS_AND_SOCKETS: Final = 0b11
_SIGNALS_FROM: Final = 6


@dataclass(frozen=True, slots=True)
class Sight:
    """What a child may not see, and what lies inside of that which it needs: files or folders, absolute."""

    hidden: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


def missing() -> tuple[str, ...]:
    """Name the layers that this machine does not have, in words for an operator."""
    lacks = []
    if platform.machine() not in _CALLS or _LIBC.prctl(21, 0, 0, 0, 0) < 0:
        lacks.append("a filter of system calls (seccomp): the network is not taken from readers")
    if _landlock_version() < 1:
        lacks.append("Landlock (Linux 5.13): readers could read and write what this user can")
    return tuple(lacks)


def limit(bounds: Mapping[int, int]) -> None:
    """Set resource limits (RLIMIT number -> value), never above the hard limit in force."""
    for which, value in bounds.items():
        hard = resource.getrlimit(which)[1]
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (bound, bound))


def confine(folder: str, sight: Sight) -> None:
    """Leave this process its own scratch ``folder`` to write to, no network, and what ``sight`` does not hide to read.

    There is no way back. Raises ``OSError`` when a layer that this kernel has refuses to be put on.
    """
    tempfile.tempdir = os.environ["TMPDIR"] = folder
    _prctl(_NO_NEW_PRIVILEGES, 1)
    _drop_capabilities()
    if _landlock_version() >= 1:
        _restrict_files(folder, sight)
    if platform.machine() in _CALLS:
        _filter_calls()


def _drop_capabilities() -> None:
    """Give up root's powers but those over files: with CAP_PERFMON alone one reads the memory of others."""
    head = struct.pack("=Ii", _CAPABILITY_VERSION, 0)
    mine = ctypes.create_string_buffer(24)
    if _LIBC.capget(ctypes.c_char_p(head), mine) != 0:
        raise OSError(ctypes.get_errno(), "capget")
    words = struct.unpack("=6I", mine.raw)
    kept = [word & _OVER_FILES if number < 3 else 0 for number, word in enumerate(words)]
    if _LIBC.capset(ctypes.c_char_p(head), ctypes.c_char_p(struct.pack("=6I", *kept))) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def _filter_calls() -> None:
    machine = platform.machine()
    arch, refused = _CALLS[machine]
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, arch), (_RETURN, 0, 0, _REFUSE), (_LOAD, 0, 0, 0)]
    if machine == "x86_64":
        steps += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _REFUSE)]
    for call in refused:
        steps += [(_EQUAL, 0, 1, call), (_RETURN, 0, 0, _REFUSE)]
    code = b"".join(struct.pack("=HBBI", *step) for step in [*steps, (_RETURN, 0, 0, _ALLOW)])
    kept = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("@HP", len(code) // 8, ctypes.addressof(kept))
    _prctl(_SET_SECCOMP, _FILTER, ctypes.c_char_p(program))


def _restrict_files(folder: str, sight: Sight) -> None:
    version = _landlock_version()
    everything = _OLDEST | sum(right for since, right in _ADDED.items() if version >= since)
    rules = struct.pack("=QQQ", everything, 0, _SIGNALS_AND_SOCKETS if version >= _SIGNALS_FROM else 0)
    size = 24 if version >= _SIGNALS_FROM else 8
    ruleset = _call(_CREATE_RULESET, ctypes.c_char_p(rules), ctypes.c_size_t(size), 0)
    for path in _visible(sight):
        _allow(ruleset, path, _READ)
    _allow(ruleset, Path(folder), everything)
    _allow(ruleset, Path(os.devnull), _READ | 1 << 1)
    _call(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    """Add a rule about a path; what is gone meanwhile, or is no file or folder, stays forbidden."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        allowed = rights if path.is_dir() else rights & (1 | 1 << 1 | 1 << 2)
        rule = struct.pack("=Qi", allowed, place)
        _call(_ADD_RULE, ruleset, 1, ctypes.c_char_p(rule), 0)
    finally:
        os.close(place)


def _visible(sight: Sight) -> Iterator[Path]:
    """Give the largest folders that hold nothing hidden, then what is shown in spite of that.

    Landlock can only allow: to hide a folder is to allow all its neighbours on the way down to it.
    """
    hidden = [Path(os.path.realpath(path)) for path in sight.hidden]
    yield from _around(Path("/"), hidden) if hidden else [Path("/")]
    yield from (Path(os.path.realpath(path)) for path in sight.shown)


def _around(folder: Path, hidden: Iterable[Path]) -> Iterator[Path]:
    inside = [path for path in hidden if path.is_relative_to(folder)]
    if not inside:
        yield folder
        return
    if folder in inside:
        return
    try:
        children = [Path(entry.path) for entry in os.scandir(folder) if not entry.is_symlink()]
    except OSError:  # a folder that this user may not list is no way to anything either
        return
    for child in children:
        yield from _around(child, inside)


def _landlock_version() -> int:
    return int(_LIBC.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1))


def _prctl(option: int, value: int, argument: object = 0) -> None:
    if _LIBC.prctl(option, value, argument, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")


def _call(number: int, *arguments: object) -> int:
    given: int = _LIBC.syscall(number, *arguments)
    if given < 0:
        raise OSError(ctypes.get_errno(), f"system call {number}")
    return given
