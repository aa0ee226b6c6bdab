"""The numbers of the dashboard, each a table: what came, what went through by itself, what waits, what was corrected.

Counted by the database over the cases registered in a period; numbers only, of no person.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import TextClause, text
from sqlmodel import Session

from backoffice.words import CHANNELS, FORMS, STATES, ago

Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Tabulated:
    """A table: what its columns are called, and its rows."""

    slug: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, the last of them today's in Rome."""

    days: int
    now: datetime

    @property
    def since(self) -> datetime:
        """The beginning."""
        return self.now - timedelta(days=self.days)


_ARRIVALS: Final = text(
    """
    SELECT d.day::date, c.channel, count(c.*)
      FROM generate_series((:since AT TIME ZONE 'Europe/Rome')::date + 1, (:now AT TIME ZONE 'Europe/Rome')::date,
                           interval '1 day') AS d (day)
      LEFT JOIN case_ c ON c.registered_at >= :since AND (c.received_at AT TIME ZONE 'Europe/Rome')::date = d.day::date
     GROUP BY 1, 2 ORDER BY 1, 2
    """
)
_FORMS: Final = text("SELECT form, count(*) FROM case_ WHERE registered_at >= :since GROUP BY 1 ORDER BY 2 DESC, 1")
# By itself: born in a state in which nobody has to act, and never touched by a clerk since.
_THROUGH: Final = text(
    """
    SELECT c.form, count(*), count(*) FILTER (
               WHERE b.state NOT IN ('waiting_clerk', 'refusal_proposed')
                 AND NOT EXISTS (SELECT 1 FROM case_step s WHERE s.case_id = c.id AND s.actor LIKE 'clerk:%'))
      FROM case_ c JOIN LATERAL (
               SELECT state FROM case_step s WHERE s.case_id = c.id ORDER BY s.id LIMIT 1) AS b ON true
     WHERE c.registered_at >= :since GROUP BY 1 ORDER BY 2 DESC, 1
    """
)
_WAITING: Final = text(
    """
    SELECT * FROM (
        SELECT DISTINCT ON (state) state, count(*) OVER (PARTITION BY state), ripe_at, year, number FROM case_
         WHERE state IN ('waiting_clerk', 'refusal_proposed', 'waiting_customer', 'held', 'queued')
         ORDER BY state, ripe_at, id) AS oldest
     ORDER BY ripe_at
    """
)
_CORRECTIONS: Final = text(
    """
    SELECT c.form, r.name, count(DISTINCT r.case_id), (SELECT count(*) FROM case_ a
             WHERE a.form = c.form AND a.registered_at >= :since)
      FROM correction r JOIN case_ c ON c.id = r.case_id
     WHERE r.at >= :since AND r.target = 'field' AND r.undone_at IS NULL
       AND r.was -> 'value' IS DISTINCT FROM r.now -> 'value'
     GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 50
    """
)
# How long a clerk had it in hand: from when they last took it to what they decided.
_TIMES: Final = text(
    """
    SELECT form, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY spent),
           percentile_cont(0.9) WITHIN GROUP (ORDER BY spent), percentile_cont(0.5) WITHIN GROUP (ORDER BY lead)
      FROM (SELECT c.form, extract(epoch FROM s.at - c.registered_at) AS lead, (
                   SELECT extract(epoch FROM s.at - max(a.at)) FROM audit_line a
                    WHERE a.subject = c.year || '/' || lpad(c.number::text, 7, '0') AND a.actor = s.actor
                      AND a.action IN ('claimed', 'taken_over') AND a.at <= s.at) AS spent
              FROM case_step s JOIN case_ c ON c.id = s.case_id
             WHERE s.at >= :since AND s.actor LIKE 'clerk:%' AND s.event <> 'corrected') AS decided
     GROUP BY 1 ORDER BY 2 DESC, 1
    """
)


def figures(session: Session, period: Period) -> tuple[Tabulated, ...]:
    """Count everything for a period."""
    return tuple(make(session, period) for make in MAKERS.values())


def arrivals(session: Session, period: Period) -> Tabulated:
    """Count what arrived, a row for each day, a column for each channel."""
    days: dict[str, dict[str, int]] = {}
    for day, channel, count in _asked(session, _ARRIVALS, period):
        row = days.setdefault(day.isoformat(), {})
        if channel:
            row[channel] = count
    rows: tuple[tuple[Cell, ...], ...] = tuple((d, *(row.get(c, 0) for c in CHANNELS)) for d, row in days.items())
    return Tabulated("arrivi", "Arrivi per giorno e canale", ("Giorno", *CHANNELS.values()), rows)


def by_form(session: Session, period: Period) -> Tabulated:
    """Count what arrived, by form."""
    rows = tuple((FORMS.get(form, form), count) for form, count in _asked(session, _FORMS, period))
    return Tabulated("moduli", "Arrivi per modulo", ("Modulo", "Pratiche"), rows)


def through(session: Session, period: Period) -> Tabulated:
    """Count what nobody had to touch."""
    rows = tuple((FORMS.get(f, f), n, own, _share(own, n)) for f, n, own in _asked(session, _THROUGH, period))
    columns = ("Modulo", "Pratiche", "Senza operatore", "Quota %")
    return Tabulated("dirette", "Passate senza operatore", columns, rows)


def waits(session: Session, period: Period) -> Tabulated:
    """Count what is open, with the oldest of each state."""
    rows = tuple(
        (STATES[state], count, f"{year}/{number:07d}", ago(period.now - ripe) if ripe < period.now else "non ancora")
        for state, count, ripe, year, number in _asked(session, _WAITING, period)
    )
    return Tabulated("attese", "Aperte adesso", ("Stato", "Pratiche", "La più vecchia", "Aspetta da"), rows)


def corrections(session: Session, period: Period) -> Tabulated:
    """Count the cases in which a field was put right."""
    rows = tuple(
        (FORMS.get(form, form), name, cases, _share(cases, every))
        for form, name, cases, every in _asked(session, _CORRECTIONS, period)
    )
    columns = ("Modulo", "Campo", "Pratiche corrette", "Quota %")
    return Tabulated("correzioni", "Campi corretti", columns, rows)


def times(session: Session, period: Period) -> Tabulated:
    """Measure how long a case was in a clerk's hands, and how long it took from its registration."""
    rows = tuple(
        (FORMS.get(form, form), count, _minutes(median), _minutes(ninth), _hours(lead))
        for form, count, median, ninth, lead in _asked(session, _TIMES, period)
    )
    columns = (
        "Modulo",
        "Decisioni",
        "Minuti in mano (mediana)",
        "Minuti in mano (9 su 10)",
        "Ore dall'arrivo (mediana)",
    )
    return Tabulated("tempi", "Tempo per pratica", columns, rows)


MAKERS: Final[Mapping[str, Callable[[Session, Period], Tabulated]]] = {
    "arrivi": arrivals,
    "moduli": by_form,
    "dirette": through,
    "attese": waits,
    "correzioni": corrections,
    "tempi": times,
}


def _asked(session: Session, query: TextClause, period: Period) -> Sequence[Any]:
    wanted = {"since": period.since, "now": period.now}
    return session.execute(query, {k: v for k, v in wanted.items() if k in query.compile().params}).all()


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _minutes(seconds: float | None) -> Cell:
    return "" if seconds is None else round(float(seconds) / 60, 1)


def _hours(seconds: float | None) -> Cell:
    return "" if seconds is None else round(float(seconds) / 3600, 1)
