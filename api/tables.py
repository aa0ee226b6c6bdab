"""The table of machine clients."""

from datetime import datetime

from sqlalchemy import Column, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from cases.columns import Table, instant_column


class ClientRow(Table, table=True):
    """One machine that may call the API. Of its key only the digest is kept."""

    __tablename__ = "api_client"

    id: str = Field(sa_type=Text, primary_key=True)
    """The public part of the key."""
    name: str = Field(sa_type=Text, unique=True)
    digest: str = Field(sa_type=Text)
    """SHA-256 of the whole key, in hex."""
    scopes: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    made_at: datetime = instant_column()
    revoked_at: datetime | None = instant_column(empty=True)
