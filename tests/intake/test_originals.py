import errno
import os
import resource
import stat
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.originals import Damaged, Originals
from intake.source import StoreDown

RAW = b"From: a@example.com\r\n\r\nciao\r\n"
DIGEST = sha256(RAW).hexdigest()


@pytest.fixture
def originals(tmp_path: Path) -> Originals:
    return Originals(tmp_path / "originals")


def stored(originals: Originals, digest: str = DIGEST) -> Path:
    return originals.root / digest[:2] / digest


def test_bytes_are_kept_under_their_digest_for_the_owner_to_read(originals: Originals) -> None:
    assert originals.keep(RAW) == DIGEST
    assert originals.read(DIGEST) == RAW
    assert originals.has(DIGEST)
    assert stat.S_IMODE(stored(originals).stat().st_mode) == 0o400
    assert stat.S_IMODE(originals.root.stat().st_mode) == 0o700
    assert stat.S_IMODE(stored(originals).parent.stat().st_mode) == 0o700


def test_keeping_again_changes_nothing(originals: Originals) -> None:
    originals.keep(RAW)
    before = stored(originals).stat()
    assert originals.keep(RAW) == DIGEST
    after = stored(originals).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert list(originals.digests()) == [DIGEST]


def test_a_changed_original_is_seen_and_never_overwritten(originals: Originals) -> None:
    originals.keep(RAW)
    stored(originals).chmod(0o600)
    stored(originals).write_bytes(b"tampered")
    with pytest.raises(Damaged, match="restore it from the backup"):
        originals.read(DIGEST)
    with pytest.raises(Damaged):
        originals.keep(RAW)
    assert stored(originals).read_bytes() == b"tampered"
    other = originals.keep(b"other")
    assert originals.verify_all() == (DIGEST,)
    assert originals.read(other) == b"other"


def test_a_missing_original_is_damage_and_a_name_is_no_path(originals: Originals) -> None:
    with pytest.raises(Damaged, match="missing"):
        originals.read(DIGEST)
    with pytest.raises(ValueError, match="64 lower case hex digits"):
        originals.read("../../../etc/passwd")


@settings(max_examples=10)
@given(st.binary(max_size=300))
def test_any_bytes_come_back(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    originals = Originals(tmp_path_factory.getbasetemp() / "any")
    assert originals.read(originals.keep(raw)) == raw


def test_the_order_of_durable_steps(originals: Originals, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, rename, write = os.fsync, Path.rename, os.write

    def traced_fsync(descriptor: int) -> None:
        target = Path(f"/proc/self/fd/{descriptor}").readlink()
        steps.append(f"fsync {'file' if target.is_file() else target.name}")
        fsync(descriptor)

    def traced_rename(path: Path, target: Path) -> Path:
        steps.append("rename")
        return rename(path, target)

    def traced_write(descriptor: int, data: bytes) -> int:
        steps.append("write")
        return write(descriptor, data)

    monkeypatch.setattr(os, "fsync", traced_fsync)
    monkeypatch.setattr(Path, "rename", traced_rename)
    monkeypatch.setattr(os, "write", traced_write)
    originals.keep(RAW)
    folders = [f"fsync {DIGEST[:2]}", "fsync originals", f"fsync {originals.root.parent.name}"]
    assert steps == ["write", "fsync file", "rename", *folders]
    steps.clear()
    originals.keep(RAW)
    assert steps == folders


def test_short_writes_are_finished(originals: Originals, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data[:3])))
    assert originals.read(originals.keep(RAW)) == RAW


@pytest.mark.parametrize("step", ["write", "fsync", "open"])
def test_an_error_of_the_disk_leaves_nothing_visible(
    originals: Originals, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    originals.keep(b"first")

    def fail(*_args: object, **_options: object) -> int:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, step, fail)
        with pytest.raises(StoreDown, match="Input/output error"):
            originals.keep(RAW)
    assert not originals.has(DIGEST)
    assert [path.name for path in originals.root.glob("*/*")] == list(originals.digests())
    assert originals.keep(RAW) == DIGEST


def test_without_a_file_left_to_open_nothing_is_kept_and_nothing_lost(originals: Originals) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    originals.keep(b"first")
    held: list[int] = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        with pytest.raises(OSError, match="Too many open files"):
            held.extend(iter(lambda: os.open(os.devnull, os.O_RDONLY), -1))
        with pytest.raises(StoreDown, match="Too many open files"):
            originals.keep(RAW)
    finally:
        for descriptor in held:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert not originals.has(DIGEST)
    assert originals.keep(RAW) == DIGEST


def test_a_reserve_of_the_disk_is_left_free(tmp_path: Path) -> None:
    with pytest.raises(StoreDown, match="would be left free"):
        Originals(tmp_path / "originals", spare=1 << 60).keep(RAW)


_FILL = """
import sys
from pathlib import Path
from intake.originals import Originals
from intake.source import StoreDown
originals = Originals(Path(sys.argv[1]) / "originals")
kept = []
try:
    for number in range(100):
        kept.append(originals.keep(bytes([number]) * 60_000 * (number + 1)))
except StoreDown as error:
    assert "Free or repair the disk" in str(error)
else:
    raise SystemExit("the disk never filled up")
assert sorted(kept) == list(originals.digests()), "a partial file is visible"
assert not list(originals.root.glob("*/.*")), "a partial file was left"
assert not originals.verify_all()
print(len(kept))
"""
_LIMIT = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"


def _run(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_a_full_disk_stops_and_leaves_no_partial_file(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    mount = f"mount -t tmpfs -o size=1m tmpfs {tmp_path}/disk"
    if _run("unshare", "-m", "sh", "-c", mount).returncode == 0:
        fill = f'{mount} && exec "$0" -c "$1" {tmp_path}/disk'
        done = _run("unshare", "-m", "sh", "-c", fill, sys.executable, _FILL)
    else:
        # Where nothing may be mounted, a limit on the size of files makes the writes fail in the middle.
        done = _run(sys.executable, "-c", _LIMIT + _FILL, str(tmp_path / "disk"))
    assert done.returncode == 0, done.stderr
    assert 1 <= int(done.stdout) < 10


def test_a_write_that_fails_in_the_middle_leaves_no_partial_file(tmp_path: Path) -> None:
    done = _run(sys.executable, "-c", _LIMIT + _FILL, str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 1
