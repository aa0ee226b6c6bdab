"""What the documentation shows is true."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cases.contract import CaseOut, TryOut
from gateway.cli import MODULES
from gateway.exits import Exit

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_first_screen_of_the_readme_is_what_the_command_prints() -> None:
    shown = re.search(r"^    \$ gateway (.+)\n((?:    .+\n)+)", README, re.MULTILINE)
    assert shown is not None
    assert README[: shown.end()].count("\n") < 25
    command = [sys.executable, "-m", "gateway", *shown[1].split()]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=250)
    expected = [line[4:].rstrip() for line in shown[2].splitlines()]
    assert [line.rstrip() for line in done.stdout.strip().splitlines()] == expected


@pytest.mark.parametrize(("name", "model"), [("case-1", CaseOut), ("submission-1", TryOut)])
def test_published_schema_is_the_one_of_the_code(name: str, model: type[CaseOut] | type[TryOut]) -> None:
    published = json.loads((ROOT / f"docs/schema/{name}.json").read_text(encoding="utf-8"))
    assert published == model.model_json_schema(), f"write it anew with: gateway schema {name[:-2]}"


def test_every_command_is_in_the_readme() -> None:
    assert not [c for commands in MODULES.values() for c in commands if f"gateway {c}" not in README]


def test_every_exit_code_is_documented() -> None:
    errors = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
    assert not [code for code in Exit if f"| {code.value} |" not in errors]


def test_links_lead_somewhere() -> None:
    broken = [
        f"{page.name}: {target}"
        for page in (ROOT / "README.md", *ROOT.glob("docs/**/*.md"))
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not broken


def test_every_fault_names_tests_that_are_there() -> None:
    faults = (ROOT / "docs/faults.md").read_text(encoding="utf-8")
    rows = [line for line in faults.splitlines() if line.startswith("| ") and not line.startswith("| fault |")]
    named = [re.findall(r"`([a-z_/]+\.py)::(test_\w+)`", row) for row in rows]
    assert len(rows) > 40
    assert [row for row, tests in zip(rows, named, strict=True) if not tests] == []
    files = {file: (ROOT / "tests" / file).read_text(encoding="utf-8") for tests in named for file, _ in tests}
    assert [f"{file}::{name}" for tests in named for file, name in tests if f"def {name}(" not in files[file]] == []
