import threading
from collections.abc import Iterator

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

import api.tables  # noqa: F401  its tables
import backoffice.tables  # noqa: F401  its tables
import letters.tables  # noqa: F401  its tables
from cases import correction_tables, hook_tables, lease_tables, link_tables, register_tables, trail_tables  # noqa: F401  their tables  # noqa: F401  their tables
from cases.database import Database
from cases.plain import plain, plain_json, storable_origin
from cases.tables import metadata
from gateway.postgres import EmbeddedPostgres
from jobs.app import migrate


@pytest.fixture
def bare_url(running_server: EmbeddedPostgres) -> Iterator[str]:
    with psycopg.connect(running_server.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE bare")
        yield running_server.url.replace("/gateway?", "/bare?")
        connection.execute("DROP DATABASE bare WITH (FORCE)")


def test_the_migrations_make_exactly_our_tables(database: Database) -> None:
    def ours(thing: object, name: str | None, kind: str, _reflected: object, _other: object) -> bool:
        return thing is not None and not (kind == "table" and (name or "").startswith("procrastinate_"))

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_many_processes_may_migrate_at_once(bare_url: str) -> None:
    databases = [Database(bare_url) for _ in range(3)]
    threads = [threading.Thread(target=migrate, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with databases[0].engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM installation")).scalar() == 1
        assert connection.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar() == 0
    for database in databases:
        database.close()


def test_a_newer_queue_is_brought_up_step_by_step(bare_url: str) -> None:
    database = Database(bare_url)
    migrate(database)
    steps = (("00_old.sql", "SELECT no_such_function()"), ("99_new.sql", "CREATE TABLE added_by_queue (id int)"))
    database.migrate("SELECT no_such_schema()", steps)
    database.migrate("SELECT no_such_schema()", steps)
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM added_by_queue")).scalar() == 0
    database.close()


@given(st.text())
def test_plain_text_can_be_stored(words: str) -> None:
    for made in (plain(words), storable_origin(words)):
        assert "\0" not in made
        made.encode("utf-8")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda s: st.lists(s) | st.dictionaries(st.text(), s),
        max_leaves=8,
    )
)
def test_a_plain_tree_keeps_its_shape(tree: object) -> None:
    made = plain_json(tree)
    assert plain_json(made) == made
    assert "\\u0000" not in repr(made)
