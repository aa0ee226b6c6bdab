"""A child with limits: whatever the work does in it, the caller lives and gets an answer or a reason."""

import os
import textwrap
import time
from pathlib import Path

import pytest

from jobs.child import ChildFailed, Limits, run_in_child

WORK = """
import os, signal, time

def shout(question): return question.upper()
def sleep(question): time.sleep(60); return b""
def spin(question):
    while True: pass
def grab(question):
    held = bytearray(4_000_000_000)
    return bytes(held[:1])
def die(question): os.kill(os.getpid(), signal.SIGSEGV)
def vanish(question): os._exit(0)
def flood(question): return b"x" * 3_000_000
def fail(question): raise ValueError("of the work itself")
def folder(question):
    open("scratch", "wb").write(question)
    return os.getcwd().encode()
def fill_disk(question):
    with open("big", "wb") as file: file.write(b"x" * 3_000_000)
    return b"written"
def pid(question): return str(os.getpid()).encode()
"""


@pytest.fixture(autouse=True)
def _work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "child_work.py").write_text(textwrap.dedent(WORK), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)


def test_answers() -> None:
    assert run_in_child("child_work:shout", b"ciao", Limits()) == b"CIAO"


def test_large_question_and_answer_pass() -> None:
    assert run_in_child("jobs.child:echo", b"x" * 20_000_000, Limits()) == b"x" * 20_000_000


@pytest.mark.parametrize(
    ("work", "limits", "reason"),
    [
        ("sleep", Limits(wall_s=0.5), "time"),
        ("spin", Limits(cpu_s=1), "crash"),
        ("grab", Limits(memory_mb=1500), "memory"),
        ("die", Limits(), "crash"),
        ("vanish", Limits(), "crash"),
        ("flood", Limits(answer_mb=1), "size"),
        ("fail", Limits(), "crash"),
        ("fill_disk", Limits(file_mb=1), "crash"),
    ],
)
def test_failure_has_a_reason_and_a_sentence(work: str, limits: Limits, reason: str) -> None:
    with pytest.raises(ChildFailed) as caught:
        run_in_child(f"child_work:{work}", b"", limits)
    assert caught.value.reason == reason
    assert "inserire i dati a mano" in str(caught.value)


def test_scratch_folder_is_its_own_and_is_gone_after() -> None:
    folder = Path(run_in_child("child_work:folder", b"x", Limits()).decode())
    assert folder != Path.cwd()
    assert not folder.exists()


def test_no_child_stays_behind() -> None:
    pid = int(run_in_child("child_work:pid", b"", Limits()))
    deadline = time.monotonic() + 10
    while os.path.exists(f"/proc/{pid}") and time.monotonic() < deadline:  # noqa: PTH110 - a process, not a file
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()


def test_each_question_has_a_child_of_its_own() -> None:
    assert run_in_child("child_work:pid", b"", Limits()) != run_in_child("child_work:pid", b"", Limits())


def test_error_names_the_place_but_no_value() -> None:
    with pytest.raises(ChildFailed) as caught:
        run_in_child("child_work:fail", b"", Limits())
    assert caught.value.detail.startswith("ValueError at child_work.py:")
    assert "of the work itself" not in caught.value.detail


def test_child_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ChildFailed):
        run_in_child("child_work:fail", b"", Limits())
    assert capfd.readouterr() == ("", "")
