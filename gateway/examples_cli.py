"""``gateway examples``: corrections as labelled pictures, for training."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from backoffice.paper import PaperCache
from cases.correction_examples import Example, examples
from cases.correction_store import Corrections
from gateway import show
from gateway.exits import Exit
from gateway.options import Home
from gateway.settings import Settings, load_settings
from gateway.wiring import opened
from jobs.app import Wiring
from jobs.drawing import drawer
from templates.load import load_forms

app = typer.Typer(name="examples", help="Corrections as labelled examples: picture, what was read, what is right.")
LABELS = "examples.jsonl"


@app.callback()
def _group() -> None:
    """Keep ``export`` a word of its own."""


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder; what it holds afterwards is personal data.")],
    home: Home = None,
    since: Annotated[datetime | None, typer.Option(help="Only what was corrected since this day.")] = None,
) -> None:
    """Write a picture of each corrected field, and its label in examples.jsonl. Fields of erased cases are left out."""
    if folder.exists() and any(folder.iterdir()):
        show.complain(
            [f"{folder} is not empty: name a new folder, so that no older example is taken for one of these."]
        )
        raise typer.Exit(Exit.SETTINGS)
    settings = load_settings(home)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with opened(settings) as wiring:
        count = write(wiring, settings, folder, since.replace(tzinfo=UTC) if since else None)
    print(f"{count} examples in {folder.name}: personal data, to be erased when the training is done.")


def write(wiring: Wiring, settings: Settings, folder: Path, since: datetime | None = None) -> int:
    """Write the examples into a folder; give how many had a picture."""
    with wiring.database.transaction() as session:
        found = list(examples(session, since))
    corrections = Corrections(wiring.database, load_forms(), settings.checks)
    paper = PaperCache(drawer(settings.limits), wiring.originals)
    count = 0
    with (folder / LABELS).open("w", encoding="utf-8") as labels:
        for example in found:
            case = corrections.open(example.number, wiring.now())
            clips = (sheet.clips.get(example.field, b"") for sheet in paper.paper(case).sheets)
            clip = next((clip for clip in clips if clip), b"")
            form = case.now.form
            if not clip or form is None or example.field not in form.fields:
                continue
            count += 1
            (folder / f"{count:06d}.jpg").write_bytes(clip)
            kind = form.fields[example.field].kind.value
            labels.write(json.dumps(_label(count, example, form.key, kind, case.case.channel.value)) + "\n")
    return count


def _label(count: int, example: Example, form: str, kind: str, channel: str) -> dict[str, object]:
    return {
        "image": f"{count:06d}.jpg",
        "form": form,
        "field": example.field,
        "kind": kind,
        "channel": channel,
        "read": example.read,
        "source": example.source,
        "right": example.right,
    }
