"""The dashboard: how the work goes, as pictures and as tables, and as CSV to take along."""

from collections import Counter
from dataclasses import replace
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from backoffice.chart import Chart, bars, strips
from backoffice.desk import Desk, TheDesk
from backoffice.figures import MAKERS, Cell, Period, Tabulated, figures
from backoffice.screen import show
from backoffice.security import Watcher
from backoffice.words import STATES, instant
from cases.audit import audit
from cases.csv_safe import csv_text

router = APIRouter(prefix="/andamento")
DAYS: Final = {7: "7 giorni", 30: "30 giorni", 90: "3 mesi", 365: "un anno"}


@router.get("")
def dashboard(request: Request, desk: TheDesk, person: Watcher, giorni: int = 30) -> HTMLResponse:
    """Show all figures of a period."""
    period = Period(giorni if giorni in DAYS else 30, desk.now())
    with desk.database.transaction() as session:
        tables = {table.slug: _labelled(desk, table) for table in figures(session, period)}
    return show(
        request,
        "dashboard.html",
        person,
        period=period,
        days=DAYS,
        tables=tables,
        charts={slug: chart for slug, table in tables.items() if (chart := _chart(table))},
        heads=_heads(tables),
    )


@router.get("/{slug}.csv")
def as_csv(desk: TheDesk, person: Watcher, slug: str, giorni: int = 30) -> Response:
    """Give one table as CSV."""
    if slug not in MAKERS:
        raise HTTPException(404)
    period = Period(giorni if giorni in DAYS else 30, desk.now())
    with desk.database.transaction() as session:
        table = _labelled(desk, MAKERS[slug](session, period))
        audit(session, person.actor, "exported", slug, desk.now(), after={"days": period.days})
    name = f"{slug}-{instant(period.now)[:10].replace('/', '-')}.csv"
    # The mark at the beginning lets spreadsheets see that it is UTF-8.
    return Response(
        "\ufeff" + csv_text(table.columns, table.rows),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _labelled(desk: Desk, table: Tabulated) -> Tabulated:
    """Call the fields by what stands on the forms."""
    if table.slug != "correzioni":
        return table
    labels = {field.name: field.label for form in desk.forms for field in form.fields.values()}
    return replace(table, rows=tuple((row[0], labels.get(str(row[1]), row[1]), *row[2:]) for row in table.rows))


def _chart(table: Tabulated) -> Chart | None:
    if not table.rows:
        return None
    if table.slug == "arrivi":
        series = [(name, [_int(row[n + 1]) for row in table.rows]) for n, name in enumerate(table.columns[1:])]
        return strips(table.title, [(name, values) for name, values in series if any(values)])
    if table.slug == "dirette":
        return bars(table.title, [(str(row[0]), float(row[3])) for row in table.rows], " %", 100)
    if table.slug == "correzioni":
        fields: Counter[str] = Counter()
        for row in table.rows:
            fields[str(row[1])] += _int(row[2])
        return bars(table.title, [(name, float(count)) for name, count in fields.most_common(12)])
    if table.slug == "tempi":
        return bars(table.title, [(str(row[0]), float(row[2] or 0)) for row in table.rows], " min")
    return bars(table.title, [(str(row[0]), float(row[1])) for row in table.rows])


def _heads(tables: dict[str, Tabulated]) -> list[tuple[str, str, str]]:
    """Give the figures that a supervisor looks at first: name, number, what it means."""
    arrived = sum(_int(row[1]) for row in tables["moduli"].rows)
    every = sum(_int(row[1]) for row in tables["dirette"].rows)
    own = sum(_int(row[2]) for row in tables["dirette"].rows)
    for_clerk = [
        row for row in tables["attese"].rows if row[0] in {STATES["waiting_clerk"], STATES["refusal_proposed"]}
    ]
    oldest = next((str(row[3]) for row in for_clerk), "niente")
    return [
        ("Arrivate", str(arrived), "pratiche nel periodo"),
        ("Senza operatore", f"{100 * own / every:.0f} %" if every else "—", f"{own} su {every}"),
        ("Da lavorare", str(sum(_int(row[1]) for row in for_clerk)), "aspettano una persona"),
        ("La prima della lista", oldest, "di attesa"),
    ]


def _int(cell: Cell) -> int:
    return int(cell)
