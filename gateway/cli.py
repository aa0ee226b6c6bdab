"""The command line: one command a verb, plain messages, documented exit codes."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel

from cases import contract
from gateway import show, trying
from gateway.exits import Exit
from gateway.forms_cli import forms_app
from gateway.problems import ending
from gateway.queue_cli import add_to
from gateway.settings import FILE_NAME, Settings, load_settings
from gateway.template_toml import SETTINGS_TOML

app = typer.Typer(
    name="gateway",
    help="Takes SMART Help forms in by e-mail, fax and post, reads and checks them, and queues them as cases.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(forms_app, name="forms")
add_to(app)

Home = Annotated[
    Path | None, typer.Option("--home", help="Data folder. Default: GATEWAY_HOME, else gateway-data here.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the published JSON instead of text.")]


def main() -> None:
    """Run the command line and end with a documented exit code."""
    # Engines must not each start a thread pool beside the worker processes.
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    with ending():
        app()


@app.command(name="try")
def try_(
    files: Annotated[list[Path], typer.Argument(help="PDF, TIFF, JPEG, PNG or .eml files.")],
    as_json: AsJson = False,
    each: Annotated[bool, typer.Option("--each", help="Each file is a delivery of its own.")] = False,
    home: Home = None,
) -> None:
    """Read files without storing anything, and show what was read and what the checks say.

    Files given together are one delivery, like the attachments of one message; a mail is always one of its own.
    """
    settings = load_settings(home)
    opened, unopened = _open_all(files)
    made = trying.posts(opened, trying.now_utc(), each=each)
    with show.progress(len(made), quiet=as_json) as step:
        tried = [step(trying.try_post(post, settings.checks, settings.limits)) for post in made]
    if as_json:
        print(trying.as_contract(tried).model_dump_json(indent=2))
        show.complain(unopened)
    else:
        show.tried(tried, unopened)
    if unopened or any(trying.unreadable(t) for t in tried):
        raise typer.Exit(Exit.UNREADABLE)


def _open_all(files: list[Path]) -> tuple[list[tuple[str, bytes]], list[str]]:
    opened, unopened = [], []
    for path in files:
        try:
            opened.append((path.name, trying.read_file(path)))
        except trying.Unopened as error:
            unopened.append(str(error))
    return opened, unopened


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
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
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


def settings_of(home: Path | None) -> Settings:
    """Load the settings for a command."""
    return load_settings(home)


if __name__ == "__main__":
    sys.exit("Start with: python -m gateway")
