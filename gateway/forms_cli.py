"""``gateway forms``: what forms are known, how they look, whether their definitions are sound."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from gateway import show
from gateway.exits import Exit
from gateway.options import AsJson
from templates.form import Form
from templates.load import Library, load_forms
from templates.publish import form_as_json, publish_blank

app = typer.Typer(name="forms", help="Form definitions: list, show, check, and the blank PDFs.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(help="BONUS, RIPRISTINO, CMOR, DOPPIA, INDENNIZZO or DELEGA.")]
Edition = Annotated[str | None, typer.Option("--edition", help="Default: the newest.")]
Root = Annotated[Path | None, typer.Option("--forms", help="Folder of form definitions. Default: the shipped ones.")]


@app.command(name="list")
def list_(as_json: AsJson = False, root: Root = None) -> None:
    """List every form and edition."""
    forms = load_forms(root).forms
    if as_json:
        print(json.dumps([_summary(f) for f in forms], indent=2, ensure_ascii=False))
    else:
        show.forms(forms)


@app.command(name="show")
def show_(code: Code, edition: Edition = None, as_json: AsJson = False, root: Root = None) -> None:
    """Show a form: every field with its section, kind, page, place in mm, character boxes and when it is required."""
    form = _find(load_forms(root), code, edition)
    if as_json:
        print(json.dumps(form_as_json(form), indent=2, ensure_ascii=False))
    else:
        show.form(form)


@app.command()
def check(root: Root = None) -> None:
    """Check every definition; a broken one is named with file, field and remedy."""
    forms = load_forms(root).forms
    print(f"{len(forms)} forms are sound: {', '.join(f.key for f in forms)}")


@app.command()
def blank(
    code: Code,
    output: Annotated[Path, typer.Option("-o", "--output", help="Where to write the PDF.")],
    edition: Edition = None,
    root: Root = None,
) -> None:
    """Write the blank, fillable PDF of a form."""
    form = _find(load_forms(root), code, edition)
    output.write_bytes(form.blank)
    print(f"Wrote {output}: {form.title}, edition {form.edition}, {form.page_count} pages.")


@app.command()
def draw(
    folders: Annotated[list[Path], typer.Argument(help="Folders of form definitions, such as forms/cmor/2026-01.")],
) -> None:
    """Draw the blank PDF of a definition anew, beside it."""
    for folder in folders:
        print(f"Wrote {publish_blank(folder)}")


@app.command(name="draft")
def draft_(
    blank: Annotated[Path, typer.Argument(help="The blank PDF of a form, as its owner publishes it, or scanned.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder FORM/EDITION. Default: forms/<name>/<month>.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a definition that is there.")] = False,
) -> None:
    """Propose a definition for a blank that somebody else drew: zones, labels and kinds, for a person to edit."""
    # The engines that read scanned blanks are loaded for this command only.
    from gateway import drafting  # noqa: PLC0415

    raw = _opened(blank)
    folder, code, edition = drafting.target(output, blank, date.today())  # noqa: DTZ011 - the day on this desk
    if (folder / "form.toml").exists() and not force:
        show.complain([f"{folder / 'form.toml'} is there already. Choose another folder with -o, or say --force."])
        raise typer.Exit(Exit.USAGE)
    asked = drafting.Asked(blank.name, code, edition, f"{date.today():%Y-%m-%d}")  # noqa: DTZ011 - as above
    made = drafting.draft_guarded(raw, asked)
    for file in drafting.write(made, raw, folder):
        print(f"Wrote {file}")
    print(f"{made.fields} fields proposed, {made.unnamed} of them without a label.")
    show.complain([f"Look: {remark}." for remark in made.remarks])
    print(f"Next: look at proof-1.png, edit form.toml, then: gateway forms check --forms {folder.parent.parent}")


def _opened(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        show.complain([f"{file} cannot be read ({error.strerror}). Check its name and its rights."])
        raise typer.Exit(Exit.UNREADABLE) from error


def _find(library: Library, code: str, edition: str | None) -> Form:
    found = [f for f in library.forms if f.code == code.upper() and edition in (None, f.edition)]
    if not found:
        known = ", ".join(f.key for f in library.forms)
        show.complain([f"There is no form {code.upper()}{'/' + edition if edition else ''}. Known: {known}."])
        raise typer.Exit(Exit.NOT_FOUND)
    return max(found, key=lambda f: f.valid_from)


def _summary(form: Form) -> dict[str, object]:
    return {
        "form": form.code,
        "edition": form.edition,
        "title": form.title,
        "valid_from": form.valid_from.isoformat(),
        "valid_to": form.valid_to.isoformat() if form.valid_to else None,
        "pages": form.page_count,
        "synthetic": form.synthetic,
    }
