"""``gateway try`` as a person calls it: any file gets a sentence, an outcome and a documented exit code."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import pikepdf
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from cases.contract import TryOut
from gateway.exits import Exit
from templates.load import load_forms

ROOT = Path(__file__).parents[2]


def gateway(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gateway", *map(str, words)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=280)


def _locked_pdf() -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(made, encryption=pikepdf.Encryption(owner="a", user="b"))
    return made.getvalue()


def _picture(kind: str, size: tuple[int, int] = (60, 80), mode: str = "L") -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, "white" if mode != "I;16" else 40000).save(made, kind)
    return made.getvalue()


def _zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("../../evil.txt", "x")
    return made.getvalue()


def _bad_files() -> dict[str, bytes]:
    blank = load_forms().forms[0].blank
    return {
        "empty.pdf": b"",
        "locked.pdf": _locked_pdf(),
        "truncated.pdf": blank[: len(blank) // 2],
        "noise.bin": bytes(range(256)) * 40,
        "words.pdf": b"this is no pdf at all",
        "cut.tif": _picture("TIFF")[:-40],
        "archive.zip": _zip(),
        "program.exe": b"MZ" + b"\0" * 200,
        "mail.eml": b"From: a@example.com\nSubject: =?utf-8?q?caf=E9?=\n\n\xff\xfe",
        "tiny.png": _picture("PNG", (1, 1)),
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(_bad_files()))
def test_bad_file_ends_with_a_sentence_and_an_outcome(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(_bad_files()[name])
    done = gateway("try", "--json", tmp_path / name)
    assert "Traceback" not in done.stderr + done.stdout
    assert done.returncode in (Exit.OK, Exit.UNREADABLE)
    told = json.loads(done.stdout)
    jsonschema.validate(told, TryOut.model_json_schema())
    (submission,) = told["submissions"]
    assert submission["outcome"] in ("MANUAL_REVIEW", "INCOMPLETE", "NOT_A_REQUEST")
    assert submission["findings"]
    assert all(f["message"].strip() for f in submission["findings"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["empty.pdf", "locked.pdf", "program.exe", "cut.tif"])
def test_unreadable_file_has_its_own_exit_code(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(_bad_files()[name])
    assert gateway("try", tmp_path / name).returncode == Exit.UNREADABLE


@pytest.mark.parametrize("make", ["missing", "folder"])
def test_path_that_is_no_file_is_told_plainly(tmp_path: Path, make: str) -> None:
    path = tmp_path / "modulo"
    if make == "folder":
        path.mkdir()
    done = gateway("try", path)
    assert done.returncode == Exit.UNREADABLE
    assert done.stderr.startswith("modulo: ")
    assert "Traceback" not in done.stderr


def test_wrong_call_shows_how_to_call() -> None:
    done = gateway("try")
    assert done.returncode == Exit.USAGE
    assert "--help" in done.stderr
    assert gateway("no-such-command").returncode == Exit.USAGE


@pytest.mark.slow
def test_blank_form_says_one_thing_not_sixty(tmp_path: Path) -> None:
    (tmp_path / "cmor.pdf").write_bytes(next(f for f in load_forms().forms if f.code == "CMOR").blank)
    done = gateway("try", "--json", tmp_path / "cmor.pdf")
    (submission,) = json.loads(done.stdout)["submissions"]
    assert submission["form"] == "CMOR"
    assert submission["outcome"] == "INCOMPLETE"
    assert len(submission["findings"]) <= 3


@pytest.mark.slow
def test_form_in_two_files_is_one_submission_unless_each(tmp_path: Path) -> None:
    blank = next(f for f in load_forms().forms if f.code == "CMOR").blank
    names = [tmp_path / f"p{number}.pdf" for number in (1, 2, 3)]
    for number, name in enumerate(names):
        one = PdfWriter()
        one.append(PdfReader(io.BytesIO(blank)), pages=(number, number + 1))
        one.write(name)
    together = json.loads(gateway("try", "--json", *names).stdout)["submissions"]
    assert [len(s["pages"]) for s in together] == [3]
    assert together[0]["missing_pages"] == []
    apart = json.loads(gateway("try", "--json", "--each", *names).stdout)["submissions"]
    assert [s["missing_pages"] for s in apart] == [[2, 3], [1, 3], [1, 2]]
