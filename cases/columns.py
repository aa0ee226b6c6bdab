"""What all tables of ours are made of: one metadata, and the columns that recur in every room that keeps rows."""

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Identity, MetaData
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


def identity() -> Any:  # noqa: ANN401  SQLModel's Field is Any
    """Give a primary key that the database counts up."""
    return Field(sa_column=Column(BigInteger, Identity(always=True), primary_key=True))


def instant_column(*, empty: bool = False) -> Any:  # noqa: ANN401
    """Give a column for an instant, kept in UTC."""
    return Field(sa_column=Column(DateTime(timezone=True), nullable=empty))


def refers_to(column: str) -> Any:  # noqa: ANN401
    """Give a column that names a row of another table, like ``receipt.id``."""
    return Field(sa_column=Column(BigInteger, ForeignKey(column), nullable=False, index=True))
