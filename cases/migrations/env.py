"""Run by Alembic: bring the database of the given connection to the wanted version."""

from alembic import context

from cases.tables import metadata


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave the job queue's tables alone: they come with their own migrations."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_name=ours,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
