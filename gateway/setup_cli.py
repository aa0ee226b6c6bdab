"""``gateway init`` and ``gateway schema``."""

import json
from typing import Annotated

import typer
from pydantic import BaseModel

from cases import contract
from gateway import show
from gateway.exits import Exit
from gateway.options import Home
from gateway.settings import FILE_NAME, load_settings
from gateway.template_toml import SETTINGS_TOML

app = typer.Typer()


@app.command()
def init(
    home: Home = None,
    only_show: Annotated[bool, typer.Option("--show", help="Print the file instead of writing it.")] = False,
) -> None:
    """Write a commented gateway.toml into the data folder."""
    if only_show:
        print(SETTINGS_TOML)
        return
    folder = load_settings(home).home
    path = folder / FILE_NAME
    if path.exists():
        show.complain([f"{path} exists already and is left as it is. 'gateway init --show' prints a fresh example."])
        raise typer.Exit(Exit.SETTINGS)
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    path.write_text(SETTINGS_TOML, encoding="utf-8")
    print(f"Wrote {path}. Edit it, then start with: gateway run --home {folder}")


@app.command()
def schema(which: Annotated[str, typer.Argument(help="submission or case")] = "case") -> None:
    """Print the published JSON Schema."""
    models: dict[str, type[BaseModel]] = {"submission": contract.TryOut, "case": contract.CaseOut}
    if which not in models:
        show.complain([f"There is no schema {which!r}. Ask for: {', '.join(models)}."])
        raise typer.Exit(Exit.NOT_FOUND)
    print(json.dumps(models[which].model_json_schema(), indent=2, ensure_ascii=False))
