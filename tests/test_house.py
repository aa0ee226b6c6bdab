"""The habits of the house, checked."""

import ast
import importlib.metadata
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = (
    "intake",
    "pages",
    "templates",
    "ocr",
    "parsers",
    "checks",
    "cases",
    "letters",
    "jobs",
    "api",
    "backoffice",
    "gateway",
    "samples",
    "bench",
)
MODULES = sorted(p for room in ROOMS for p in (ROOT / room).rglob("*.py"))
# The worker's border to a child, the intake's loop, and the outermost frame of the command line.
BROAD_EXCEPT_ALLOWED = {"jobs/child.py", "intake/receive.py", "gateway/problems.py"}


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_and_functions_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    long = [f"{f.name}: {f.end_lineno - f.lineno + 1} lines" for f in _functions(path) if f.end_lineno - f.lineno >= 40]  # type: ignore[operator]
    assert not long


def test_no_installed_distribution_claims_a_name_of_ours() -> None:
    owners = importlib.metadata.packages_distributions()
    assert not {room: owners[room] for room in ROOMS if room in owners}


def test_broad_except_stands_only_where_it_must() -> None:
    found = {str(p.relative_to(ROOT)) for p in MODULES if "noqa: BLE001" in p.read_text(encoding="utf-8")}
    assert found <= BROAD_EXCEPT_ALLOWED


def test_no_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "helpers", "common", "core", "misc", "base"}
    assert not [p for p in MODULES if p.stem in drawers]


def test_lock_has_hashes_and_no_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "--hash=sha256:" in lock
    assert "://" not in lock


def test_nothing_of_this_machine_is_tracked() -> None:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    files = listing.stdout.split("\n")
    text = [ROOT / f for f in files if f.endswith((".py", ".md", ".toml", ".json", ".lock", ".eml")) or "/" not in f]
    words = ("/wo" + "rk/", "py" + "pi.org", "npm" + "js.org")
    found = [
        (str(p), w) for p in text if p.is_file() for w in words if w in p.read_text(encoding="utf-8", errors="ignore")
    ]
    assert not found
