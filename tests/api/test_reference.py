"""The reference of the API as a page: every operation and shape is on it, every link leads somewhere."""

import html
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.app import routed
from api.reference import as_page
from gateway.cli import command_line
from gateway.exits import Exit

TOLD = routed().openapi()
PAGE = as_page(TOLD)


def test_every_operation_parameter_and_answer_is_on_the_page() -> None:
    operations = [(path, method, one) for path, ways in TOLD["paths"].items() for method, one in ways.items()]
    assert len(operations) >= 15
    for path, method, one in operations:
        section = PAGE.partition(f'<h3 id="{one["operationId"]}">')[2].partition("</section>")[0]
        assert f"{method.upper()}</span> <code>{html.escape(path)}</code>" in section
        assert not [p["name"] for p in one.get("parameters", ()) if f"<code>{p['name']}</code>" not in section]
        assert not [status for status in one["responses"] if f"<td>{status}</td>" not in section]


def test_every_shape_is_there_and_every_link_leads_somewhere() -> None:
    anchors = re.findall(r'id="([^"]+)"', PAGE)
    assert len(anchors) == len(set(anchors))
    assert {f"schema-{name}" for name in TOLD["components"]["schemas"]} <= set(anchors)
    assert not set(re.findall(r'href="#([^"]+)"', PAGE)) - set(anchors)


def test_the_page_needs_nothing_from_outside() -> None:
    assert not re.findall(r"(?:src|href)=\"(?!#)|url\(|@import|<script", PAGE)


def test_what_a_description_says_is_no_markup() -> None:
    told = json.loads(json.dumps(TOLD))
    told["info"]["title"] = "<b>x"
    told["components"]["schemas"] = {"<i>": {"type": "object", "properties": {"<u>": {"enum": ["<s>"]}}}}
    page = as_page(told)
    assert "<b>" not in page
    assert not re.search(r"<[ius]>", page)


@pytest.mark.parametrize("name", ["api.html", "api.json"])
def test_the_command_writes_it_without_any_database(tmp_path: Path, name: str) -> None:
    done = CliRunner().invoke(command_line(["api"]), ["api", "docs", str(tmp_path / name)])
    assert done.exit_code == Exit.OK, done.output
    written = (tmp_path / name).read_text(encoding="utf-8")
    assert written == PAGE if name == "api.html" else json.loads(written) == json.loads(json.dumps(TOLD))


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(command_line(["api"]), ["api", "docs", str(tmp_path / "api.pdf")])
    assert done.exit_code == Exit.USAGE
    assert not (tmp_path / "api.pdf").exists()
