"""Dump and restore a database with PostgreSQL's own programs. The address never stands on a command line."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from psycopg.conninfo import conninfo_to_dict

from gateway.pgbin import NoPostgres, find_bin

_VARIABLES: Final[Mapping[str, str]] = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "passfile": "PGPASSFILE",
}


def dump(url: str, file: Path, snapshot: str) -> None:
    """Write the database as it is in an exported snapshot into a file. Raises ``NoPostgres``."""
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={file}"]
    _run("pg_dump", url, options)


def restore(url: str, file: Path) -> None:
    """Fill an empty database from a file, whole or not at all. Raises ``NoPostgres``."""
    name = conninfo_to_dict(url).get("dbname") or ""
    options = [
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        f"--dbname={name}",
        str(file),
    ]
    _run("pg_restore", url, options)


def _run(program: str, url: str, options: Sequence[str]) -> None:
    path = find_bin() / program
    if not path.exists():
        raise NoPostgres(f"{program} is missing in {path.parent}. Set GATEWAY_PG_BIN to a complete PostgreSQL.")
    told = conninfo_to_dict(url)
    place = {_VARIABLES[name]: str(value) for name, value in told.items() if name in _VARIABLES and value is not None}
    environment = {**os.environ, **place}
    done = subprocess.run([str(path), *options], env=environment, capture_output=True, text=True, check=False)  # noqa: S603  PostgreSQL's own
    if done.returncode != 0:
        raise NoPostgres(f"{program} failed: {done.stderr.strip()[-500:]}")
