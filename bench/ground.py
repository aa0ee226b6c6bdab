"""Ground for tests and benches that need a database: folders that the server's account may reach, and databases."""

import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from cases.database import Database
from gateway.postgres import EmbeddedPostgres
from jobs.app import migrate

_TEMPLATE = "gateway_template"
_SHARED = "gateway_shared"
_numbers = itertools.count(1)


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder that the server's account can come to; what other tools make under /tmp is closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="gw-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server() -> Iterator[EmbeddedPostgres]:
    """Give a running server with a migrated database to copy."""
    with scratch() as folder, EmbeddedPostgres(folder / "postgres", folder / "run") as running:
        _execute(running.url, f"CREATE DATABASE {_TEMPLATE}")
        database = Database(_named(running.url, _TEMPLATE))
        migrate(database)
        database.close()
        try:
            yield running
        finally:
            os.kill(running.pid or 0, signal.SIGQUIT)  # no checkpoint: the folder goes away


@contextmanager
def fresh(running: EmbeddedPostgres) -> Iterator[str]:
    """Give the URL of a fresh, migrated database, dropped at the end."""
    name = f"test_{next(_numbers)}"
    _execute(running.url, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
    try:
        yield _named(running.url, name)
    finally:
        _execute(running.url, f"DROP DATABASE {name} WITH (FORCE)")


def emptied(running: EmbeddedPostgres) -> str:
    """Give the URL of one database that all callers share, emptied now: ten times as fast as a fresh one."""
    url = _named(running.url, _SHARED)
    with psycopg.connect(running.url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (_SHARED,)).fetchone() is None:
            connection.execute(sql.SQL(f"CREATE DATABASE {_SHARED} TEMPLATE {_TEMPLATE}"))
    with psycopg.connect(url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")  # the register's own guard would refuse
        for (table,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            if table not in {"alembic_version", "installation"}:
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    return url


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement))  # our own names only
