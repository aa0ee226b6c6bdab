"""Run one piece of work on bytes from outside in a child process with limits; the caller lives whatever happens in it.

The child is forked from a warm server process (``forkserver``), in which the engines are loaded already: a new
interpreter with the models costs more than a second, a fork some milliseconds. One child serves one receipt and ends.
What comes back is JSON within a size limit, never a pickle: a child that an evil file took over cannot run code here.
"""

import ctypes
import gc
import multiprocessing
import os
import pkgutil
import re
import resource
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Final

from jobs.confine import Sight, confine, limit

_MB = 1024 * 1024
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use: seconds of wall and processor time, megabytes of memory, answer and file, open files."""

    wall_s: float = 300.0
    cpu_s: int = 240
    memory_mb: int = 3000
    answer_mb: int = 50
    file_mb: int = 200
    open_files: int = 256


class ChildFailed(Exception):
    """The child gave no answer. ``reason`` is "time", "memory", "size" or "crash"; the message is Italian.

    ``detail`` names the error and the place in our code, for operators; never a value from the document.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(_SENTENCES[reason])
        self.reason = reason
        self.detail = detail


_SENTENCES = {
    "time": "La lettura ha superato il tempo massimo: aprire l'originale e inserire i dati a mano.",
    "memory": "La lettura ha superato la memoria massima: aprire l'originale e inserire i dati a mano.",
    "size": "La lettura ha dato un risultato troppo grande: aprire l'originale e inserire i dati a mano.",
    "crash": "La lettura si è interrotta: aprire l'originale con prudenza e inserire i dati a mano.",
}
_STARTING: Final = threading.Lock()
_SECRET: Final = re.compile("GATEWAY_(?!FORMS$|KILL_AT$)|.*(PASSWORD|SECRET|TOKEN)|PG", re.IGNORECASE)
_SENT_OUT_OF_MEMORY = b"M"
_SENT_ANSWER = b"A"
_SENT_ERROR = b"E"


def run_in_child(work: str, question: bytes, limits: Limits) -> bytes:
    """Give the answer of ``work`` to ``question``, computed in a child of its own.

    ``work`` names a function from bytes to bytes, as ``module:function``; only the child imports it.
    Raises ``ChildFailed`` when the child exceeds a limit, is killed or dies.
    """
    # The folder is the parent's: a child that is killed cleans nothing up, and its scratch files hold personal data.
    with tempfile.TemporaryDirectory(prefix="gateway-") as folder:
        ours, theirs = _context().Pipe(duplex=True)
        child = _context().Process(target=_serve, args=(theirs, work, limits, folder, _sight[0]), daemon=True)
        _start(child)
        theirs.close()
        try:
            ours.send_bytes(question)
            return _answer(ours, limits)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise ChildFailed("crash") from error
        finally:
            ours.close()
            child.kill()
            child.join()
            child.close()


def _start(child: ForkServerProcess) -> None:
    """Start a child; the server process, if it must be started too, is given no secret of our environment."""
    with _STARTING:
        secrets = {name: value for name, value in os.environ.items() if _SECRET.match(name)}
        for name in secrets:
            del os.environ[name]
        try:
            forkserver.ensure_running()
        finally:
            os.environ.update(secrets)
    child.start()


def warm_up() -> None:
    """Start the warm server process now, so that the first receipt need not wait for it."""
    run_in_child("jobs.child:echo", b"", Limits())


def echo(question: bytes) -> bytes:
    """Give the question back."""
    return question


def _answer(ours: Connection, limits: Limits) -> bytes:
    if not ours.poll(limits.wall_s):
        raise ChildFailed("time")
    try:
        message = ours.recv_bytes(limits.answer_mb * _MB)
    except (EOFError, ConnectionResetError) as error:
        raise ChildFailed("crash") from error
    except OSError as error:
        raise ChildFailed("size") from error
    if message[:1] == _SENT_OUT_OF_MEMORY:
        raise ChildFailed("memory")
    if message[:1] == _SENT_ERROR:
        raise ChildFailed("crash", message[1:].decode(errors="replace"))
    return message[1:]


def _serve(theirs: Connection, work: str, limits: Limits, folder: str, sight: Sight) -> None:
    """Be the child: take the limits on, work in the folder given, answer once."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    os.chdir(folder)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # C libraries write about the document there
    question = theirs.recv_bytes()
    _confine(limits, folder, sight)
    try:
        answer = _SENT_ANSWER + pkgutil.resolve_name(work)(question)
    except MemoryError:
        gc.collect()
        answer = _SENT_OUT_OF_MEMORY
    except Exception as error:  # noqa: BLE001 - the border of the child: any error of its work is its failure
        answer = _SENT_ERROR + _place(error).encode()
    theirs.send_bytes(answer)


def _place(error: BaseException) -> str:
    """Name an error's type and the innermost line of it, without its message, which may quote the document."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"


def _confine(limits: Limits, folder: str, sight: Sight) -> None:
    bounds = {
        resource.RLIMIT_AS: limits.memory_mb * _MB,
        resource.RLIMIT_CPU: limits.cpu_s,
        resource.RLIMIT_FSIZE: limits.file_mb * _MB,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CORE: 0,
    }
    limit(bounds)
    confine(folder, sight)


def hide(paths: Iterable[str], but: Iterable[str] = ()) -> None:
    """Keep these files and folders from all children to come, ``but`` what lies in them and is needed for reading."""
    program = (sys.prefix, str(Path(__file__).parents[1]))
    _sight[0] = Sight(tuple(paths), (*program, *but))


_sight = [Sight()]


def stay_warm() -> None:
    """Say that many children will come: their server process then also loads all forms, at its start."""
    _preload.append("jobs.warm_forms")


def warm_with(*modules: str) -> None:
    """Load these modules into the server process instead of the reading engines; only before the first child."""
    _preload[:] = modules


_preload = ["jobs.warm"]


@lru_cache(maxsize=1)
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_preload)
    return context
