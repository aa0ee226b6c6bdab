"""An online submission on its way in: what was typed, and the files with it, as one deterministic archive.

The archive is the original: its first member is the typed part as canonical JSON, the others are the files as they
came. The same submission always makes the same bytes, so that their SHA-256 tells a repeat from another request.
"""

import json
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, EmailStr, Field, ValidationError, field_validator

from intake.names import clean_name

TYPED: Final = "submission.json"
"""The name of the typed part within the archive."""
_LONGEST: Final = 4000
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_READ_ONLY_FILE: Final = 0o100444 << 16

Text = Annotated[str, Field(max_length=_LONGEST)]
Answer = bool | Text | Annotated[list[Text], Field(max_length=50)]
"""What stands in a field: true or false for a tick, an option's code for a choice, a list for several, else text."""


class NotOnline(ValueError):
    """The bytes are no online submission of ours."""


class OnlineForm(BaseModel):
    """A form filled online: the same fields as on paper, by their names."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    form: Annotated[str, Field(pattern=r"^[A-Z_]{1,40}$", examples=["CMOR"])]
    """The procedure's code."""
    edition: Annotated[str, Field(max_length=40, examples=["2026-01"])]
    fields: Annotated[dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")], Answer], Field(max_length=400)]
    """What was filled in, by field name; the consents of section M and the signature of section N are ticks."""
    struck_sections: Annotated[list[Annotated[str, Field(pattern=r"^[A-Z]$")]], Field(max_length=26)] = []
    """Letters of sections that do not apply, as a stroke through them on paper."""
    attachments: Annotated[
        dict[Annotated[str, Field(max_length=120)], Annotated[str, Field(pattern=r"^[a-z_]{1,60}$")]],
        Field(max_length=200),
    ] = {}
    """What each file is, by its name: an attachment code of the form. It counts where the sheet itself is unclear."""
    sender: EmailStr | None = None
    """The address of the portal's account, where one is to be told."""
    reference: Annotated[str, Field(max_length=120)] = ""
    """The portal's own number of the request."""

    @field_validator("struck_sections")
    @classmethod
    def _each_once(cls, told: list[str]) -> list[str]:
        return sorted(set(told))

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Read the typed part. Raises ``NotOnline``."""
        try:
            return cls.model_validate_json(raw)
        except ValidationError as error:
            raise NotOnline(f"no online submission: {error.error_count()} faults") from None

    def canonical(self) -> bytes:
        """Write it as JSON, always in the same way."""
        told = self.model_dump(mode="json", exclude_defaults=True)
        return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def archive_name(form: OnlineForm) -> str:
    """Name the archive for people."""
    return f"online-{form.form.lower()}.zip"


def packed(form: OnlineForm, files: Mapping[str, bytes]) -> bytes:
    """Pack a submission into its archive: stored, without times, the files in their order."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in ((TYPED, form.canonical()), *files.items()):
            member = zipfile.ZipInfo(name, _EPOCH)
            member.create_system, member.external_attr = 3, _READ_ONLY_FILE
            archive.writestr(member, content)
    return out.getvalue()


def file_names(names: Sequence[str]) -> tuple[str, ...]:
    """Clean the names of the files. Raises ``ValueError`` for two of one name, or one that is ours."""
    cleaned = tuple(clean_name(name, f"allegato-{at}") for at, name in enumerate(names, 1))
    if len({*cleaned, TYPED}) <= len(cleaned):
        raise ValueError(f"every file needs a name of its own, and none may be called {TYPED}")
    return cleaned
