"""Tell our own server from any other: by its data folder, its settings and its process."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import psutil
import psycopg
from psycopg import sql

from gateway.pgbin import NoPostgres

_MUST_BE: Final[Mapping[str, str]] = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "data_checksums": "on",
}


def answers(url: str, data_dir: Path) -> bool:
    """Tell whether the server of this data folder answers at ``url``; a stranger there counts as silence."""
    try:
        with psycopg.connect(url, connect_timeout=5, autocommit=True) as connection:
            return _shown(connection, "data_directory") == str(data_dir.resolve())
    except psycopg.OperationalError:
        return False


def assert_ours(url: str, data_dir: Path, major: int) -> None:
    """Stop unless this is our server with its safety on: a wrong socket must not put cases into another database."""
    with psycopg.connect(url, autocommit=True) as connection:
        folder = _shown(connection, "data_directory")
        wrong = [name for name, value in _MUST_BE.items() if _shown(connection, name) != value]
        version = connection.info.server_version // 10000
    if folder != str(data_dir.resolve()) or version != major:
        raise NoPostgres(
            f"The server that answers uses {folder} (version {version}), not {data_dir}: stop it, then try again."
        )
    if wrong:
        raise NoPostgres(f"The server in {data_dir} has unsafe settings: {', '.join(wrong)}. Set them to on.")


def ensure_database(url: str, database: str) -> None:
    """Make the database unless it is there."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone()
        if found is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


def _shown(connection: psycopg.Connection[tuple[str, ...]], name: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
    return row[0] if row else ""


def pid_in(file: Path) -> int | None:
    """Give the process id that a ``postmaster.pid`` names."""
    try:
        return abs(int(file.read_text(encoding="ascii").split("\n", 1)[0]))
    except (FileNotFoundError, ValueError):
        return None


def is_server_of(pid: int, data_dir: Path) -> bool:
    """Tell whether a process is the PostgreSQL server of this folder. In doubt it is: then PostgreSQL decides."""
    try:
        process = psutil.Process(pid)
        return process.name().startswith("postgres") and process.cwd() in {str(data_dir.resolve()), ""}
    except psutil.AccessDenied:
        return True
    except psutil.NoSuchProcess:
        return False
