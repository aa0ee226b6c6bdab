"""Every way a command can end that is not success: one sentence for the person, one exit code, never a traceback."""

import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError

from gateway.exits import Exit
from gateway.pgbin import NoPostgres
from gateway.settings import BadSettings
from gateway.supervise import AlreadyRuns
from templates.load import BrokenForm


@contextmanager
def ending() -> Iterator[None]:
    """Turn what a command raises into a sentence on standard error and an exit code."""
    try:
        yield
    except (BadSettings, BrokenForm) as error:
        _end(str(error), Exit.SETTINGS)
    except (NoPostgres, AlreadyRuns, OperationalError) as error:
        _end(_first_line(error), Exit.UNAVAILABLE)
    except BrokenPipeError:  # the reader of our output, such as `head`, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(Exit.OK) from None
    except KeyboardInterrupt:
        _end("Interrupted. Nothing that was taken in is lost; start again to go on.", Exit.FAILED)
    except Exception as error:  # noqa: BLE001 - the outermost frame: a person gets a sentence, the details go to a file
        _end(f"Something unexpected went wrong ({type(error).__name__}). Details: {_keep_details()}", Exit.FAILED)


def _first_line(error: Exception) -> str:
    cause = error.orig if isinstance(error, OperationalError) else error
    return (
        f"{str(cause).splitlines()[0]}\nStart the service, or correct GATEWAY_DB, and try again."
        if cause is not error
        else str(error)
    )


def _keep_details() -> str:
    with tempfile.NamedTemporaryFile("w", prefix="gateway-error-", suffix=".txt", delete=False) as file:
        file.write(traceback.format_exc())
        return file.name


def _end(sentence: str, code: Exit) -> None:
    print(sentence, file=sys.stderr)
    raise SystemExit(code) from None
