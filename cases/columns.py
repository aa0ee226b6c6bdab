"""What all tables of ours are made of: one metadata, and the columns that recur in every room that keeps rows."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Identity, MetaData, Text
from sqlmodel import Field, SQLModel

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    }
)


class Table(SQLModel):
    """The base of our tables, with metadata of their own."""

    metadata: ClassVar[MetaData] = metadata


class ChainedTable(Table):
    """What every line of a chain has; see ``cases.chain``. Only ``salt``, and what is under its seal, can be erased."""

    seq: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=DateTime(timezone=True))
    salt: str = Field(sa_type=Text)
    seal: str = Field(sa_type=Text)
    """SHA-256 of the salt and what the line says: what was erased stays provable to whoever kept it."""
    previous: str = Field(sa_type=Text)
    hash: str = Field(sa_type=Text)


class TipTable(Table):
    """The end of a chain: how many lines there are, and the hash of the last. Its lock orders writers."""

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    count: int = Field(sa_type=BigInteger)
    hash: str = Field(sa_type=Text)


def identity() -> Any:  # noqa: ANN401  SQLModel's Field is Any
    """Give a primary key that the database counts up."""
    return Field(sa_column=Column(BigInteger, Identity(always=True), primary_key=True))


def instant_column(*, empty: bool = False) -> Any:  # noqa: ANN401
    """Give a column for an instant, kept in UTC."""
    return Field(sa_column=Column(DateTime(timezone=True), nullable=empty))


def refers_to(column: str) -> Any:  # noqa: ANN401
    """Give a column that names a row of another table, like ``receipt.id``."""
    return Field(sa_column=Column(BigInteger, ForeignKey(column), nullable=False, index=True))
