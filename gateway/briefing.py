"""What the children that read must know of the settings, and what they must not see."""

import os
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from gateway.settings import Settings
from jobs.child import hide
from templates.load import FORMS, load_forms


def brief_children(settings: Settings) -> None:
    """Tell all children to come which forms are known, and hide the data folder and every file of secrets from them.

    A broken definition stops the start here (``BrokenForm``): a child could tell nobody of it.
    """
    if settings.forms_folder is not None:
        os.environ[FORMS] = str(settings.forms_folder)
    needed = (settings.forms_folder, settings.trusted_folder)
    hide(sorted(map(str, confidential(settings))), but=[str(path) for path in needed if path])
    load_forms()


def confidential(settings: Settings) -> set[Path]:
    """List what no reader needs: the data folder, the originals, and each file that a setting ending in _file names."""
    return {settings.home, settings.originals_folder, *_files(settings)}


def _files(part: BaseModel) -> Iterator[Path]:
    for name, value in part:
        inner = value if isinstance(value, tuple) else (value,)
        yield from (file for each in inner if isinstance(each, BaseModel) for file in _files(each))
        if name.endswith("_file") and isinstance(value, Path):
            yield value.absolute()
