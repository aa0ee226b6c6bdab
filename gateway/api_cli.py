"""``gateway api``: the reference of the API for machines, to be read or to be handed on."""

import json
from pathlib import Path
from typing import Annotated

import typer

from api.app import routed
from api.reference import as_page
from gateway import show
from gateway.exits import Exit

app = typer.Typer(name="api", help="The reference of the API for machines.")


@app.callback()
def _api() -> None:
    """Write the reference of the API for machines."""
    # Without a callback Typer would take a lone command for the whole program.


@app.command()
def docs(file: Annotated[Path, typer.Argument(help="A .html page, or .json for the OpenAPI description.")]) -> None:
    """Write the reference: one page that needs nothing else, or the OpenAPI description."""
    told = routed().openapi()
    suffix = file.suffix.lower()
    if suffix not in {".html", ".json"}:
        show.complain([f"{file.name}: the reference is written as .html or .json."])
        raise typer.Exit(Exit.USAGE)
    written = as_page(told) if suffix == ".html" else json.dumps(told, indent=2, ensure_ascii=False)
    file.write_text(written, encoding="utf-8")
    print(f"{file}: {sum(len(ways) for ways in told['paths'].values())} operations")
