"""The clerk of a torture: says where sheets belong and has their cases read again, while everything is killed."""

import random
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from typing import Final

from sqlalchemy import exists, select
from sqlmodel import col

from cases.case import CaseState
from cases.correction import Act, Correction, Target
from cases.correction_store import Corrections
from cases.correction_tables import CorrectionRow
from cases.database import Database
from cases.recorded import unpressed
from cases.register import RegisterNumber
from cases.tables import CaseRow, ReadingRow
from checks.context import CheckSettings
from jobs.defer import ask_again
from templates.load import Library, load_forms

FILE: Final = "asked.tif"
_WHAT: Final = "form:CMOR:1"


@cache
def _forms() -> Library:
    return load_forms()


def ask(url: str, most: int, chance: random.Random | None = None) -> int:
    """Say of one sheet of some cases that wait for a clerk what it is; give of how many."""
    with closing(Database(url)) as database:
        with database.transaction() as session:
            spoken = exists().where(col(CorrectionRow.case_id) == col(CaseRow.id))
            waiting = select(CaseRow).where(col(CaseRow.state) == CaseState.WAITING_CLERK, ~spoken)
            rows = session.scalars(waiting.order_by(col(CaseRow.id))).all()
            numbers = [RegisterNumber(row.year, row.number) for row in rows]
        taken = (chance or random.Random(1)).sample(numbers, min(most, len(numbers)))
        corrections = Corrections(database, _forms(), CheckSettings())
        for number in taken:
            said = Correction(Target.SHEET, f"{FILE}#1", Act.SET, _WHAT, actor="clerk:anna")
            corrections.correct_all(number, [(said, 0)], datetime.now(UTC), ask_again)
        return len(taken)


def unanswered(database: Database) -> list[str]:
    """List the cases that were asked about and do not stand on what was then read."""
    with database.transaction() as session:
        asked = select(CaseRow, ReadingRow).join(CorrectionRow, col(CorrectionRow.case_id) == col(CaseRow.id))
        rows = session.execute(asked.outerjoin(ReadingRow, col(ReadingRow.receipt_id) == col(CaseRow.receipt_id))).all()
        return [
            f"case {case.year}/{case.number} was not read again as asked"
            for case, kept in rows
            if kept is None or not _stands_on_it(kept)
        ]


def _stands_on_it(kept: ReadingRow) -> bool:
    told = unpressed(kept.body, kept.record_version).submissions
    return any((page.file, page.form_page) == (FILE, 1) for one in told for page in one.reading.pages)
