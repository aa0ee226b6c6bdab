"""Make a data folder for the embedded server, and refuse one that is not fit for it."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from gateway.account import Account, own_folder
from gateway.leash import leashed
from gateway.pgbin import NoPostgres, major_of

_INITDB = (
    "-U",
    "postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
)


def prepare(data_dir: Path, bin_folder: Path, account: Account) -> int:
    """Make the cluster unless it is there; give its major version. The caller holds the owner's lock."""
    for left in data_dir.parent.glob(f".{data_dir.name}.initdb-*"):
        shutil.rmtree(left, ignore_errors=True)  # an initdb that was killed; what cannot go now goes at the next start
    version = data_dir / "PG_VERSION"
    if not version.exists():
        _make(data_dir, bin_folder, account)
    major, ours = int(version.read_text(encoding="ascii")), major_of(bin_folder)
    if major != ours:
        raise NoPostgres(
            f"The data in {data_dir} are of PostgreSQL {major}, the programs in {bin_folder} of version {ours}. "
            f"Set GATEWAY_PG_BIN to version {major}, or dump with pg_dump {major} and restore."
        )
    return major


def _make(data_dir: Path, bin_folder: Path, account: Account) -> None:
    """Run initdb in a sibling and rename it: a kill must not leave half a cluster under the real name."""
    if data_dir.exists() and any(data_dir.iterdir()):
        raise NoPostgres(f"The folder {data_dir} is not empty and holds no PostgreSQL data: choose another.")
    half = data_dir.with_name(f".{data_dir.name}.initdb-{os.getpid()}")
    own_folder(half, account)
    command = leashed([str(bin_folder / "initdb"), *_INITDB, "-D", str(half)], signal.SIGKILL, *account.leash)
    environment = {"PATH": str(bin_folder), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", env=environment, check=False)  # noqa: S603  our own
    if done.returncode != 0:
        shutil.rmtree(half, ignore_errors=True)
        raise NoPostgres(f"PostgreSQL could not make its data in {data_dir}: {(done.stderr or done.stdout).strip()}")
    half.rename(data_dir)
    folder = os.open(data_dir.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
