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
from templates.proving import over_print, prove
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
    """Check every definition; a broken one is named with file, field and remedy.

    Blanks that somebody else drew are also tried: turned, scaled and faxed, each must be known again among all forms.
    """
    forms = load_forms(root).forms
    print(f"{len(forms)} form{'s are' if len(forms) > 1 else ' is'} sound: {', '.join(f.key for f in forms)}")
    own = {form.key for form in forms}
    known = [*forms, *(form for form in load_forms().forms if form.key not in own)]
    foreign = [form for form in forms if not form.printed]
    with show.progress(len(foreign), "Trying") as step:
        remarks = [remark for form in foreign for remark in step([*over_print(form), *prove(form, known)])]
    for remark in remarks:
        print(f"{'FAILS' if remark.grave else 'Look'}: {remark.form} page {remark.page}: {remark.sentence}.")
    if foreign and not remarks:
        print(f"{len(foreign)} foreign blanks tried: each is known again and told from all others.")
    if any(remark.grave for remark in remarks):
        raise typer.Exit(Exit.SETTINGS)


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


@app.command(name="simulate")
def simulate_(
    code: Code,
    copies: Annotated[int, typer.Option("--copies", min=1, max=1000, help="Invented copies on each way.")] = 3,
    channel: Annotated[
        list[str] | None, typer.Option("--channel", help="A way of the post; may be given several times. Default: all.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Another number gives other people and other noise.")] = 1,
    edition: Edition = None,
    as_json: AsJson = False,
    root: Root = None,
) -> None:
    """Fill a form virtually, send it on every way, read it, and say how much will be read right; with advice."""
    # The engines and the invented post are loaded for this command only.
    from gateway import show_simulation, simulate  # noqa: PLC0415
    from samples.sent import WAYS  # noqa: PLC0415
    from templates.advice import advise  # noqa: PLC0415

    form, forms = _among_all(code, edition, root)
    ways = _ways(channel, list(WAYS))
    desk = simulate.Desk.of(simulate.Forms(forms))
    with show.progress(copies * len(ways), "Sending and reading", quiet=as_json) as step:
        tallies = simulate.simulate(form, desk, ways, copies, seed, step)
    advice = advise(form)
    if as_json:
        print(json.dumps(show_simulation.as_json(form, tallies, advice, copies), indent=2, ensure_ascii=False))
    else:
        show_simulation.simulation(form, tallies, advice, copies)


def _among_all(code: str, edition: str | None, root: Path | None) -> tuple[Form, tuple[Form, ...]]:
    """Find a form, and all among which its sheets must be told: those of its folder and the shipped ones."""
    library = load_forms(root)
    own = {form.key for form in library.forms}
    return _find(library, code, edition), (*library.forms, *(f for f in load_forms().forms if f.key not in own))


def _ways(asked: list[str] | None, known: list[str]) -> list[str]:
    unknown = [way for way in asked or () if way not in known]
    if unknown:
        show.complain([f"There is no way {', '.join(unknown)}. Known: {', '.join(known)}."])
        raise typer.Exit(Exit.USAGE)
    return asked or known


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
