"""What each letter must say and must not say: domain 9, line by line, over every scenario of the samples."""

import re
from dataclasses import replace
from datetime import date, datetime

import pytest

from cases.case import FIRST, CaseState
from cases.contract import submission_payload
from cases.submission import Submission
from checks.calendar import NUMBER
from checks.validation import Finding, Outcome, Severity
from intake.receipt import Channel
from letters.letter import LetterCode, due
from letters.markup import as_mail, blocks
from letters.matter import Matter
from letters.privacy import is_telling, mask_codes, whole_codes
from letters.reasons import REASONS, WRONG_FORMS
from letters.recipient import NoWay, Recipient, Role, Way, recipient
from letters.words import Words, asked, subject_line, write
from parsers.reading import Reading
from samples.scenarios import SCENARIOS
from templates.load import load_forms
from tests.letters.cases_of import draft_of, submission_of
from tests.letters.conftest import HOUSE

EVERY = [(name, of.procedures[at % len(of.procedures)]) for at, (name, of) in enumerate(SCENARIOS.items())]
"""Each scenario once, the procedures taking turns."""
PRIVATE = (
    "holder_tax_code", "delegate_tax_code", "supply_pod", "supply_pdr", "holder_mobile", "holder_phone", "vat_number",
    "description", "delegate_surname",
)  # fmt: skip
TO = Recipient(Role.HOLDER, Way.PRINT, "Maria Prova", lines=("Via di Prova 1", "00100 Roma RM"))
FAX = Recipient(Role.HOLDER, Way.FAX, "Maria Prova", "+390655555555")


def matter_of(submission: Submission, channel: Channel = Channel.POST, sender: str = "", **changes: object) -> Matter:
    checked = submission.validation
    matter = Matter(
        number="2026/0000123",
        protocol="2026/0000123",
        state=FIRST.get(checked.outcome, CaseState.WAITING_CLERK),
        outcome=checked.outcome,
        reasons=checked.reasons,
        channel=channel,
        received_at=datetime.fromisoformat("2026-11-20T09:30:00+00:00"),
        sender=sender,
        payload=submission_payload(submission),
        hold_until=checked.hold_until,
    )
    return replace(matter, **changes)  # type: ignore[arg-type]


def matter(scenario: str, procedure: str = "CMOR", **changes: object) -> Matter:
    return matter_of(submission_of(draft_of(scenario, procedure)), **changes)  # type: ignore[arg-type]


def letter(code: LetterCode, about: Matter, to: Recipient = TO) -> Words:
    form = load_forms().get(about.payload["form"], "2026-01") if about.payload["form"] else None
    return write(code, about, to, HOUSE, form)


def paper_missing(code: str, message: str) -> dict[str, str]:
    rule = "attachment_missing"
    return {"rule": rule, "section": "L", "field": code, "severity": "missing", "message": message}


@pytest.mark.parametrize(("scenario", "procedure"), EVERY)
@pytest.mark.parametrize("to", [TO, FAX], ids=["post", "fax"])
def test_no_letter_says_what_none_may_say(scenario: str, procedure: str, to: Recipient) -> None:
    draft = draft_of(scenario, procedure)
    about = matter_of(submission_of(draft))
    private = {str(draft.stated[name]) for name in PRIVATE if len(str(draft.stated.get(name) or "")) > 5}
    for code in LetterCode:
        told = letter(code, replace(about, hold_until=date(2026, 12, 1)), to)
        text = f"{told.title}\n{told.subject}\n{told.text}"
        assert not whole_codes(text), code
        assert not is_telling(text), (code, [line for line in text.splitlines() if is_telling(line)])
        assert not [value for value in private if value in text], code
        assert not re.search(r"confidenza|probabil|affidabil|0[.,]\d\d\b", text), code
        assert not re.search(r"accolt|ammess[ao]\b|respint|rigettat|sospett|truff", text, re.IGNORECASE), code
        assert not re.search(r"entro (?:il|\d)|scadenza|termine per|giorni di tempo", text, re.IGNORECASE), code
        assert "http" not in text, code


@pytest.mark.parametrize(("scenario", "procedure"), EVERY)
def test_a_fax_holds_no_personal_detail(scenario: str, procedure: str) -> None:
    draft = draft_of(scenario, procedure)
    about = matter_of(submission_of(draft))
    values = {str(v) for n, v in draft.stated.items() if n.startswith(("holder_", "supply_")) and isinstance(v, str)}
    values = {v for v in values if len(v) > 4 and v != "electricity"}
    for code in LetterCode:
        text = letter(code, replace(about, hold_until=date(2026, 12, 1)), FAX).text
        assert "Gentile Cliente," in text
        assert not [v for v in values if v.lower() in text.lower()], code


@pytest.mark.parametrize(("scenario", "procedure"), EVERY)
def test_everything_that_is_missing_is_asked_for_at_once_in_the_words_of_the_form(
    scenario: str, procedure: str
) -> None:
    submission = submission_of(draft_of(scenario, procedure))
    if submission.validation.outcome is not Outcome.INCOMPLETE:
        return
    about = matter_of(submission)
    told = letter(LetterCode.INTEGRATION, about)
    form = load_forms().get(procedure, "2026-01")
    wanted = asked(about, form, Way.PRINT)
    gaps = [f for f in submission.validation.findings if f.severity is Severity.MISSING]
    assert {f.field for f in gaps} <= {item.field for item in wanted}
    for item in wanted:
        assert item.text in told.text
        field = form.fields.get(item.field)
        if field and not is_telling(field.label) and not field.label.startswith("Barrare"):
            assert field.label in item.text or item.rule.startswith("group_")
        if item.section:
            title = next(s.title for s in form.sections if s.letter == item.section)
            assert f"### Sezione {item.section} – {title}" in told.text


def test_an_acknowledgement_says_what_it_must() -> None:
    text = letter(LetterCode.ACK, matter("complete", channel=Channel.FAX)).text
    for words in ("via fax", "20/11/2026", "Numero di protocollo: 2026/0000123", "Numero di pratica: 2026/0000123",
                  "Corrispettivo CMOR", NUMBER, "dal lunedì al venerdì dalle 8 alle 18", "29 giugno"):  # fmt: skip
        assert words in text
    assert "Sezione" not in text


def test_an_integration_says_how_to_send_and_to_quote_the_number() -> None:
    text = letter(LetterCode.INTEGRATION, matter("no-signature")).text
    quoted = "Scriva sempre il numero di pratica 2026/0000123"
    for words in ("Come mandarlo", HOUSE.email, HOUSE.fax, HOUSE.post, quoted, "Sezione N", "Firma: manca"):
        assert words in text


def test_papers_that_are_here_or_that_the_form_does_not_name_are_not_asked_for() -> None:
    about = matter("no-id-copy")
    # the first is here already, the second is no paper of the form
    more = [paper_missing(code, f"X: {code}") for code in ("complaint_copy", "tax_return")]
    findings = [*about.payload["findings"], *more]
    again = replace(about, payload={**about.payload, "findings": findings})
    wanted = asked(again, load_forms().get("CMOR", "2026-01"), Way.PRINT)
    assert [item.field for item in wanted] == ["id_copy_holder"]


def test_what_a_clerk_has_yet_to_look_at_is_never_asked_for() -> None:
    about = matter("no-signature")
    doubts = [
        {**f, "severity": severity} for f in about.payload["findings"] for severity in ("doubtful", "invalid", "note")
    ]
    again = replace(about, payload={**about.payload, "findings": doubts})
    assert asked(again, load_forms().get("CMOR", "2026-01"), Way.PRINT) == ()


def test_health_and_income_papers_have_neutral_names() -> None:
    about = matter("no-id-copy", "BONUS")
    labels = {
        "isee_attestation": "Attestazione ISEE, per disagio economico",
        "asl_certificate": "Certificazione ASL, per disagio fisico",
    }
    findings = [paper_missing(c, f"Sezione L – {label}: manca. Inviarne una copia.") for c, label in labels.items()]
    for name, value in (("papers", []), ("findings", findings)):
        about = replace(about, payload={**about.payload, name: value})
    told = letter(LetterCode.INTEGRATION, about)
    assert "Documento richiesto per il tipo di bonus indicato nella sezione I: manca." in told.text
    assert not is_telling(told.text)


def test_a_hold_says_from_when_and_what_to_send() -> None:
    about = matter("day-39")
    text = letter(LetterCode.HOLD, about).text
    assert about.hold_until
    assert f"da questo giorno: {about.hold_until:%d/%m/%Y}" in text
    assert "Non serve mandarla di nuovo" in text
    assert "ce ne mandi una copia" in text


@pytest.mark.parametrize("reason", list(REASONS))
def test_a_refusal_says_why_and_where_to_go(reason: str) -> None:
    text = letter(LetterCode.NOT_ADMISSIBLE, matter("non-domestic", reasons=(reason,))).text
    assert REASONS[reason].why in text
    assert REASONS[reason].path in text
    assert "Portale" in text or "reclamo" in text
    assert "professionista" not in text


@pytest.mark.parametrize("kind", list(WRONG_FORMS))
def test_a_wrong_form_says_which_came_and_which_is_right(kind: str) -> None:
    text = letter(LetterCode.WRONG_FORM, matter("non-domestic", reasons=(kind,))).text
    assert WRONG_FORMS[kind].came in text
    assert WRONG_FORMS[kind].right in text


def test_what_joined_has_its_own_number_and_says_what_is_still_missing() -> None:
    text = letter(LetterCode.JOINED, matter("no-signature", protocol="2026/0000456")).text
    assert "Numero di protocollo di questo invio: 2026/0000456" in text
    assert "Numero di pratica: 2026/0000123" in text
    assert "Che cosa manca ancora" in text
    assert "Che cosa manca" not in letter(LetterCode.JOINED, matter("complete")).text


@pytest.mark.parametrize("code", list(LetterCode))
@pytest.mark.parametrize("procedure", ["BONUS", "CMOR", "DOPPIA", "INDENNIZZO", "RIPRISTINO", ""])
def test_a_subject_line_has_procedure_and_reference_only(code: LetterCode, procedure: str) -> None:
    about = matter("complete")
    line = subject_line(code, replace(about, payload={**about.payload, "form": procedure}))
    assert line.startswith("SMART Help – ")
    assert line.endswith("pratica 2026/0000123")
    assert not is_telling(line)
    assert about.person("holder") not in line


def test_the_case_of_a_letter_without_a_form_asks_for_the_modulo() -> None:
    finding = Finding("form_missing", "", "", Severity.MISSING, "Manca il Modulo. Va compilato in tutte le sue parti.")
    bare = submission_of(draft_of("complete"))
    validation = replace(bare.validation, outcome=Outcome.INCOMPLETE, findings=(finding,), values={}, reasons=())
    text = letter(LetterCode.INTEGRATION, matter_of(Submission(Reading("", "", {}), validation))).text
    assert "Manca il Modulo." in text
    assert "Compili il Modulo in tutte le sue parti e lo firmi." in text


def gulpease(text: str) -> float:
    """Compute 89 + (300 sentences - 10 letters) / words, for Italian (Lucisano and Piemontese 1988)."""
    words = re.findall(r"[A-Za-zÀ-ÿ0-9]+(?:['’/.][A-Za-zÀ-ÿ0-9]+)*", text)
    sentences = len(re.findall(r"[.!?:;](?:\s|$)|\n", text.strip())) or 1
    letters = sum(len(re.sub(r"[^A-Za-zÀ-ÿ0-9]", "", word)) for word in words)
    return 89 + (300 * sentences - 10 * letters) / len(words)


def running_text(text: str) -> str:
    """Keep the paragraphs, each sentence as one: headings and lists would make any text look easy."""
    said = [block.lines[0] for block in blocks(text) if block.sign.value == "words"]
    return "\n".join(line for line in said if not line.startswith("Gentile "))


@pytest.mark.parametrize("code", list(LetterCode))
def test_the_fixed_texts_are_easy_to_read(code: LetterCode) -> None:
    scenario = "day-39" if code is LetterCode.HOLD else "no-specifics"
    text = running_text(letter(code, matter(scenario)).text)
    sentences = re.sub(r"\s*\n\s*", " ", text)
    assert gulpease(sentences) >= 50
    longest = max(re.split(r"(?<=[.!?])\s+", sentences), key=lambda s: len(s.split()))
    assert len(longest.split()) <= 45, longest


@pytest.mark.parametrize("code", list(LetterCode))
def test_a_mail_keeps_every_word_within_its_columns(code: LetterCode) -> None:
    told = letter(code, matter("no-specifics", hold_until=date(2026, 12, 1))).text
    mail = as_mail(told)
    assert max(map(len, mail.splitlines())) <= 78
    bare = re.sub(r"^(?:## |### |- )", "", told, flags=re.MULTILINE)
    assert mail.replace("- ", " ").lower().split() == bare.replace("- ", " ").lower().split()


def test_the_delegate_is_written_to_only_when_delega_and_document_are_in_order() -> None:
    good, bad = (
        matter(s, channel=Channel.EMAIL, sender="delegata@example.com") for s in ("complete-delegate", "no-delega")
    )
    found = recipient(good, frozenset(), pec=False)
    assert isinstance(found, Recipient)
    assert (found.role, found.to, found.name) == (Role.DELEGATE, "delegata@example.com", good.person("delegate"))
    other = recipient(bad, frozenset(), pec=False)
    assert isinstance(other, Recipient)
    assert other.role is Role.HOLDER
    assert other.to != "delegata@example.com"
    assert other.name == bad.person("holder")


@pytest.mark.parametrize(
    ("channel", "sender", "way"),
    [
        (Channel.EMAIL, "cliente@example.com", Way.EMAIL),
        (Channel.PEC, "cliente@pec.example.com", Way.EMAIL),
        (Channel.FAX, "06 5555 5555", Way.FAX),
        (Channel.POST, "", Way.PRINT),
    ],
)
def test_the_answer_goes_by_the_way_it_came(channel: Channel, sender: str, way: Way) -> None:
    found = recipient(matter("complete", channel=channel, sender=sender), frozenset(), pec=False)
    assert isinstance(found, Recipient)
    assert found.way is way


@pytest.mark.parametrize(
    "sender",
    [
        "no-reply@example.com",
        "MAILER-DAEMON@example.com",
        "noi@example.org",
        "a@b\r\nBcc: c@example.com",
        "non è un indirizzo",
        "",
    ],
)
def test_what_is_no_safe_address_gets_no_answer_but_by_what_the_form_says(sender: str) -> None:
    about = matter("complete", channel=Channel.EMAIL, sender=sender)
    found = recipient(about, frozenset({"noi@example.org"}), pec=False)
    assert isinstance(found, Recipient)
    assert found.to != sender
    assert found.way is Way.PRINT or found.to == about.text("holder_email")


def test_a_dear_number_is_never_dialled() -> None:
    found = recipient(matter("complete", channel=Channel.FAX, sender="+39 899 123456"), frozenset(), pec=False)
    assert isinstance(found, Recipient)
    assert found.way is not Way.FAX


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"channel": Channel.ONLINE}, "online"),
        ({"safe": "machine"}, "machine"),
        ({"reasons": ("look_failed",)}, "unread"),
    ],
)
def test_some_are_not_written_to_at_all(changes: dict[str, object], reason: str) -> None:
    assert recipient(matter("complete", **changes), frozenset(), pec=False) == NoWay(reason)


def test_a_code_is_shortened_wherever_it_stands() -> None:
    assert mask_codes("RSSMRA80A01H501U e IT001E12345678") == "RSSM…1U e IT00…78"


def test_every_birth_of_a_case_has_a_letter_or_a_reason() -> None:
    for outcome, state in FIRST.items():
        assert due("born", state, outcome) is not None
