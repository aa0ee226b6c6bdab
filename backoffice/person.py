"""Person: who is signed in, and what they may do."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

NAME: Final = re.compile(r"[a-z0-9][a-z0-9._@-]{1,62}[a-z0-9]")


class Role(StrEnum):
    """What a person does at the desk. A person may have several."""

    CLERK = "clerk"
    """Corrects and decides cases."""
    SUPERVISOR = "supervisor"
    """All that a clerk does; takes cases over, looks at the numbers, and decides what clerks refer."""
    PHONE = "phone"
    """Answers callers: looks cases up, changes nothing."""
    ADMINISTRATOR = "administrator"
    """Keeps the installation: state of the system and audit trail; sees no case."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in. ``token`` stands in every form of theirs, against forged requests."""

    id: int
    name: str
    """The name they sign in with."""
    shown: str
    """The name that others read."""
    roles: frozenset[Role]
    token: str = ""

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"a name is 3 to 64 small letters, digits, '.', '_', '@' or '-', not {self.name!r}")

    @property
    def actor(self) -> str:
        """The person as the actor of a case's steps."""
        return f"clerk:{self.name}"

    def is_any(self, *roles: Role) -> bool:
        """Tell whether the person has one of the roles."""
        return bool(self.roles.intersection(roles))
