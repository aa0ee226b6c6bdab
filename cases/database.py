"""The database: its engine, and its schema. The embedded server and any other are the same to this module."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, insert, make_url, select, text, update
from sqlmodel import Session, col

from cases.tables import InstallationRow

_SCHEMA_LOCK: Final = 0x5053_4D49  # one number for all gateways: only one migrates at a time
_OLDEST_SERVER: Final = 15
_FROZEN_MS: Final = 60_000


class WrongDatabase(Exception):
    """The database cannot be used. The message is Italian and says what to do."""


class Database:
    """Connections to one PostgreSQL database, opened when first needed."""

    def __init__(self, url: str, pool: int = 5) -> None:
        self.url = url
        address = make_url(url).set(drivername="postgresql+psycopg")
        # A process frozen within a transaction must not hold its locks for ever: the server ends its session.
        limits = {"options": f"-c idle_in_transaction_session_timeout={_FROZEN_MS}"}
        self.engine = create_engine(address, pool_pre_ping=True, pool_size=pool, max_overflow=pool, connect_args=limits)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session whose transaction commits at the end of the block, or leaves nothing."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def migrate(self, queue_schema: str, queue_steps: tuple[tuple[str, str], ...]) -> None:
        """Bring the tables and the job queue to the newest version; safe to call from many processes at once.

        ``queue_schema`` is the queue's whole SQL, ``queue_steps`` its migrations as (name, SQL) in order. Everything
        happens in one transaction: a kill in the middle leaves the database as it was.
        """
        with self.engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _SCHEMA_LOCK})
            _require_version(connection)
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            _migrate_queue(connection, queue_schema, queue_steps)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def raw_connection(session: Session) -> object:
    """Give the driver's own connection of the session's transaction, for a job to be committed with the rows."""
    return session.connection().connection.driver_connection


def _require_version(connection: Connection) -> None:
    version = connection.execute(text("SELECT current_setting('server_version_num')::int / 10000")).scalar_one()
    if version < _OLDEST_SERVER:
        raise WrongDatabase(
            f"Il server è PostgreSQL {version}: serve almeno la versione {_OLDEST_SERVER}. Aggiornarlo, "
            "oppure togliere GATEWAY_DB per usare il server incluso."
        )


def _migrate_queue(connection: Connection, schema: str, steps: tuple[tuple[str, str], ...]) -> None:
    newest = steps[-1][0]
    if connection.execute(text("SELECT to_regclass('procrastinate_jobs')")).scalar() is None:
        _script(connection, schema)
    applied = connection.execute(select(col(InstallationRow.queue_schema))).scalar()
    if applied is None:
        row = {"id": str(uuid.uuid4()), "made_at": datetime.now(UTC), "queue_schema": newest}
        connection.execute(insert(InstallationRow).values(row))
        return
    for name, sql in steps:
        if name > applied:
            _script(connection, sql)
    connection.execute(update(InstallationRow).values(queue_schema=newest))


def _script(connection: Connection, sql: str) -> None:
    """Run several statements in one call, which only the driver itself can."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(f"not a psycopg connection: {driver!r}")
    driver.execute(sql.encode())
