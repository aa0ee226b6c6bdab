"""The moves of writing so that a power cut loses nothing: all bytes to the disk, then the folder that names them."""

import os
from pathlib import Path


def write_all(descriptor: int, raw: bytes) -> None:
    """Write every byte, however few the system takes at a time."""
    rest = memoryview(raw)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def write_file(path: Path, raw: bytes, mode: int, how: int) -> None:
    """Write a file to the disk; ``how`` is ``os.O_EXCL`` for a new one, ``os.O_TRUNC`` over another. Follows no link.

    Raises ``OSError``. The name is durable after ``sync_folder`` only.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | how | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        write_all(descriptor, raw)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
