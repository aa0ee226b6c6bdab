"""What a reader that a file took over can reach: no network, no other process, no post of others, no secret."""

import os
import textwrap
from pathlib import Path

import pytest

from jobs import child
from jobs.child import Limits, hide, run_in_child
from jobs.confine import missing

WORK = """
import os, signal, socket, subprocess, tempfile

def tried(deed):
    try:
        return repr(deed()).encode()
    except OSError as error:
        return type(error).__name__.encode()

def connect(question): return tried(lambda: socket.create_connection(("127.0.0.1", int(question)), 2))
def local(question): return tried(lambda: socket.socket(socket.AF_UNIX))
def read(question): return tried(lambda: open(question, "rb").read())
def list_(question): return tried(lambda: os.listdir(question))
def write(question): return tried(lambda: open(question, "wb").write(b"x"))
def remove(question): return tried(lambda: os.remove(question))
def kill(question): return tried(lambda: os.kill(os.getppid() if question == b"server" else int(question), 0))
def secrets(question):
    told = open("/proc/self/environ", "rb").read() + repr(dict(os.environ)).encode()
    return b"seen" if question in told else b"not seen"
def others(question): return tried(lambda: open(f"/proc/{question.decode()}/environ", "rb").read())
def scratch(question):
    with tempfile.NamedTemporaryFile() as file: file.write(question); return tempfile.gettempdir().encode()
def program(question): return subprocess.run(["/bin/echo", "ran"], stdout=subprocess.PIPE).stdout
"""

pytestmark = pytest.mark.skipif(
    bool(missing()), reason=f"This kernel cannot confine a child: {'; '.join(missing())}. Run the tests on Linux 5.13."
)


@pytest.fixture(autouse=True)
def _work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "confined_work.py").write_text(textwrap.dedent(WORK), encoding="utf-8")
    monkeypatch.syspath_prepend(folder)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with another person's letter, a key, and a folder of forms that reading needs."""
    folder = tmp_path / "home"
    (folder / "originals").mkdir(parents=True)
    (folder / "moduli").mkdir()
    for name in ("originals/letter", "key", "moduli/form.toml"):
        (folder / name).write_text("contents", encoding="utf-8")
    monkeypatch.setattr(child, "_sight", [child.Sight()])
    hide([str(folder)], but=[str(folder / "moduli")])
    return folder


def asked(work: str, question: object) -> str:
    return run_in_child(f"confined_work:{work}", str(question).encode(), Limits()).decode()


@pytest.mark.parametrize("deed", ["connect", "local"])
def test_there_is_no_network(deed: str) -> None:
    assert asked(deed, 9) == "PermissionError"


@pytest.mark.parametrize("name", ["originals/letter", "key"])
def test_the_post_of_others_and_keys_are_out_of_sight(home: Path, name: str) -> None:
    assert asked("read", home / name) == "PermissionError"
    assert asked("list_", (home / name).parent) == "PermissionError"


def test_a_link_is_no_way_round(home: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(home)
    assert asked("read", tmp_path / "link" / "key") == "PermissionError"


def test_what_reading_needs_stays_in_sight(home: Path) -> None:
    assert asked("read", home / "moduli/form.toml") == "b'contents'"
    assert asked("read", __file__).startswith("b'")


def test_nothing_is_written_or_removed_but_in_the_scratch_folder(home: Path, tmp_path: Path) -> None:
    assert asked("write", tmp_path / "new") == "PermissionError"
    assert asked("remove", home / "moduli/form.toml") == "PermissionError"
    assert (home / "moduli/form.toml").exists()
    assert Path(asked("scratch", "x")).name.startswith("gateway-")
    assert asked("write", "here") == "1"


def test_no_other_process_is_in_reach() -> None:
    assert asked("kill", os.getpid()) == "PermissionError"
    assert asked("others", os.getpid()) == "PermissionError"


def test_no_secret_of_the_environment_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_DB", "postgresql://user:hidden-word@host/db")
    child.forkserver._forkserver._stop()  # type: ignore[attr-defined]
    assert asked("secrets", "hidden-word") == "not seen"
    assert os.environ["GATEWAY_DB"].endswith("/db")


def test_a_program_can_still_be_started() -> None:
    assert asked("program", "") == "ran\n"  # the fallback engine is a program of its own
