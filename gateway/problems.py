"""Every way a command can end that is not success: one sentence for the person, one exit code, never a traceback."""

import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from gateway.exits import Exit

KNOWN = {
    "gateway.settings.BadSettings": Exit.SETTINGS,
    "templates.broken.BrokenForm": Exit.SETTINGS,
    "templates.draft.drafting.Undraftable": Exit.UNREADABLE,
    "gateway.pgbin.NoPostgres": Exit.UNAVAILABLE,
    "gateway.supervise.AlreadyRuns": Exit.UNAVAILABLE,
    "intake.sealed.KeyMissing": Exit.SETTINGS,
    "gateway.backup.NotRestored": Exit.UNAVAILABLE,
    "ocr.tesseract.TesseractMissing": Exit.UNAVAILABLE,
    "sqlalchemy.exc.OperationalError": Exit.UNAVAILABLE,
    "sqlalchemy.exc.InterfaceError": Exit.UNAVAILABLE,
}
"""Errors whose message is meant for the person, by name: naming them so imports nothing."""


@contextmanager
def ending() -> Iterator[None]:
    """Turn what a command raises into a sentence on standard error and an exit code."""
    try:
        yield
    except BrokenPipeError:  # the reader of our output, such as `head`, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(Exit.OK) from None
    except KeyboardInterrupt:
        _end("Interrupted. Nothing that was taken in is lost; start again to go on.", Exit.FAILED)
    except Exception as error:  # noqa: BLE001 - the outermost frame: a person gets a sentence, the details go to a file
        known = [KNOWN[name] for name in _names(error) if name in KNOWN]
        if not known:
            _end(f"Something unexpected went wrong ({type(error).__name__}). Details: {_keep_details()}", Exit.FAILED)
        _end(_sentence(error), known[0])


def _names(error: Exception) -> Iterator[str]:
    return (f"{kind.__module__}.{kind.__name__}" for kind in type(error).__mro__)


def _sentence(error: Exception) -> str:
    """Give an error's message; of a database error the driver's first line, which names host and cause."""
    cause = getattr(error, "orig", None)
    if cause is None:
        return str(error)
    said = str(cause).splitlines()[0]
    return f"The database is not to be reached: {said}\nStart it, or correct GATEWAY_DB; then try again."


def _keep_details() -> str:
    with tempfile.NamedTemporaryFile("w", prefix="gateway-error-", suffix=".txt", delete=False) as file:
        file.write(traceback.format_exc())
        return file.name


def _end(sentence: str, code: Exit) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise SystemExit(code) from None
