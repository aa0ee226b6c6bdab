"""``gateway try``: read files and show what was read; nothing is stored."""

from pathlib import Path
from typing import Annotated

import typer

from gateway import show, trying
from gateway.briefing import brief_children
from gateway.exits import Exit
from gateway.options import AsJson, Home
from gateway.settings import load_settings

app = typer.Typer()


@app.command(name="try")
def try_(
    files: Annotated[list[Path], typer.Argument(help="PDF, TIFF, JPEG, PNG or .eml files.")],
    as_json: AsJson = False,
    each: Annotated[bool, typer.Option("--each", help="Each file is a delivery of its own.")] = False,
    brief: Annotated[bool, typer.Option("--brief", help="Only the outcome, the attachments and the findings.")] = False,
    home: Home = None,
) -> None:
    """Read files without storing anything, and show what was read and what the checks say.

    Files given together are one delivery, like the attachments of one message; a mail is always one of its own.
    """
    settings = load_settings(home)
    brief_children(settings)
    trusted, budget = str(settings.trusted_folder or ""), settings.reading.error_budget
    opened, unopened = _open_all(files)
    made = trying.posts(opened, trying.now_utc(), each=each)
    with show.progress(len(made), quiet=as_json) as step:
        tried = [step(trying.try_post(post, settings.checks, settings.limits, trusted, budget)) for post in made]
    if as_json:
        print(trying.as_contract(tried).model_dump_json(indent=2))
        show.complain(unopened)
    else:
        show.tried(tried, unopened, brief=brief)
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
