"""An online submission is looked at as any other: the same parsers, the same checks, the same case."""

import json
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageSequence

from cases.contract import submission_out
from checks.validation import Outcome
from intake.online import OnlineForm, packed
from intake.receipt import Channel
from jobs.look import look_here
from jobs.post import Post
from parsers.extract import extract
from parsers.online import misfits, typed_inks
from parsers.reading import State
from templates.form import Form
from templates.load import load_forms

POST = Path(__file__).parents[2] / "samples/post"
CMOR = load_forms().get("CMOR", "2026-01")
TODAY = date(2026, 11, 24)


def online(form: Form, answers: dict[str, Any], struck: tuple[str, ...] = ()) -> OnlineForm:
    return OnlineForm(form=form.code, edition=form.edition, fields=answers, struck_sections=list(struck))


def looked(told: OnlineForm, files: dict[str, bytes], received: datetime) -> Any:  # noqa: ANN401
    post = Post("online.zip", packed(told, files), Channel.ONLINE, received, received.date())
    return look_here(post)


def test_what_is_typed_goes_through_the_parsers_of_the_sheets() -> None:
    answers: dict[str, Any] = {
        "holder_surname": " de rossi ",
        "holder_birth_date": "3 apr. 1980",
        "holder_tax_code": "rssmra80a01h501x",
        "customer_type": "domestic",
        "procedure": ["CMOR"],
        "privacy_acknowledged": True,
        "cmor_amount": "1234.50",
        "supplier_previous": "",
    }
    told = online(CMOR, answers, struck=("C",))
    assert list(misfits(told, CMOR)) == []
    values = extract(CMOR, typed_inks(told, CMOR), TODAY)
    assert values["holder_birth_date"].value == "1980-04-03"
    assert values["holder_tax_code"].state is State.INVALID
    assert (values["customer_type"].value, values["procedure"].value) == ("domestic", ("CMOR",))
    assert (values["privacy_acknowledged"].value, values["cmor_amount"].value) == (True, "1234.50")
    assert values["supplier_previous"].state is State.EMPTY
    assert {values[f.name].state for f in CMOR.fields.values() if f.section == "C"} == {State.NOT_APPLICABLE}


def truth(sample: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((POST / f"{sample}.truth.json").read_text("utf-8"))
    return told


def answers_of(form: Form, fields: dict[str, Any]) -> dict[str, Any]:
    """Give the answers that somebody types who sends the same form online."""
    return {name: told["value"] for name, told in fields.items() if told["state"] == "filled" and name in form.fields}


def sheets_after(raw: bytes, first: int) -> dict[str, bytes]:
    """Give each sheet of a fax after the form's own as a file."""
    found = {}
    for number, sheet in enumerate(ImageSequence.Iterator(Image.open(BytesIO(raw))), 1):
        if number > first:
            out = BytesIO()
            sheet.save(out, "TIFF", compression="group4", dpi=sheet.info["dpi"])
            found[f"allegato-{number}.tif"] = out.getvalue()
    return found


def comparable(submission: Any) -> dict[str, Any]:  # noqa: ANN401
    """Give a submission as published, without the evidence: where and how surely each thing was seen."""
    out = submission_out(submission).model_dump(mode="json")
    return {
        "request": {k: out[k] for k in ("form", "edition", "outcome", "reasons", "hold_until", "missing_pages")},
        "fields": {name: (told["value"], told["state"]) for name, told in out["fields"].items()},
        "papers": sorted((paper["code"], paper["detail"]) for paper in out["papers"]),
        "findings": sorted((f["rule"], f["section"], f["field"], f["severity"], f["message"]) for f in out["findings"]),
    }


@pytest.mark.slow
@pytest.mark.parametrize("sample", ["fax/29-cmor-complete.tif", "fax/30-bonus-complete.tif"])
def test_the_same_form_online_and_by_fax_is_the_same_case_but_for_channel_evidence_and_times(sample: str) -> None:
    raw, told = (POST / sample).read_bytes(), truth(sample)
    received = datetime.fromisoformat(told["received_at"])
    by_fax = look_here(Post("fax.tif", raw, Channel.FAX, received, received.date()))
    (fax,) = by_fax.submissions
    form = load_forms().get(fax.reading.form, fax.reading.edition)
    papers = sheets_after(raw, form.page_count)
    (typed,) = looked(online(form, answers_of(form, told["submissions"][0]["fields"])), papers, received).submissions
    assert fax.validation.outcome is Outcome.READY
    assert comparable(typed) == comparable(fax)


@pytest.mark.slow
def test_online_a_professional_and_a_non_domestic_customer_are_admissible() -> None:
    told = truth("fax/34-cmor-complete-delegate.tif")
    answers = answers_of(CMOR, told["submissions"][0]["fields"])
    answers |= {"delegate_surname": "Studio legale Prova", "delegate_not_professional": False}
    (submission,) = looked(online(CMOR, answers), {}, datetime(2026, 11, 24, 9, tzinfo=UTC)).submissions
    rules = {(finding.rule, finding.field) for finding in submission.validation.findings}
    assert not {rule for rule, _ in rules} & {"professional_delegate_signal", "professional_delegate"}
    assert ("field_missing", "delegate_not_professional") not in rules
    answers |= {"customer_type": "non_domestic", "business_name": "Prova S.r.l.", "vat_number": "00743110157"}
    (submission,) = looked(online(CMOR, answers), {}, datetime(2026, 11, 24, 9, tzinfo=UTC)).submissions
    assert submission.validation.outcome is not Outcome.NOT_ADMISSIBLE
