"""What a decision changed, from what to what: kept with the decision, and written into the audit trail."""

from datetime import datetime
from typing import Any, cast

from sqlmodel import Session

from cases.audit import audit
from cases.contract import FieldOut, field_out
from cases.correction import Correction, Target
from cases.correction_case import OpenCase
from cases.plain import plain_json
from parsers.reading import Value


def told_of_part(at: OpenCase, said: Correction) -> dict[str, Any]:
    """Say what stands in the part that a decision is about, for the record of what was changed from what to what."""
    if said.target is not Target.FIELD:
        held_now = at.now.of(said.target, said.name)
        return {"act": held_now.act.value, "text": held_now.text} if held_now else {}
    value: Value | None = at.found.values.get(said.name)
    if value is None:
        return {}
    return cast("dict[str, Any]", plain_json(_brief(field_out(value))))


def note_in_trail(
    session: Session, case: OpenCase, said: Correction, now: datetime, was: object, became: object, done: str = ""
) -> None:
    """Write a decision into the audit trail: what was changed, from what to what, and why."""
    about = {"part": said.target.value, "name": said.name}
    after = {**about, "act": said.act.value, "to": became, **({"reason": said.reason} if said.reason else {})}
    audit(session, said.actor, done or "corrected", case.case.number, now, {**about, "from": was}, after)


def _brief(told: FieldOut) -> dict[str, Any]:
    return told.model_dump(mode="json", include={"value", "raw", "state", "source", "confidence", "proposals"})
