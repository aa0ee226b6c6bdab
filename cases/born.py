"""What comes of a look: the cases to be born, and the refusals to be recorded. Never nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from cases.case import FIRST, CaseState
from cases.contract import submission_payload
from cases.plain import plain, plain_json
from cases.submission import Looked, Submission
from checks.validation import Finding, Outcome, Severity, Validation
from intake.receipt import MailKind
from parsers.reading import Reading

_REPEATED: Final = Finding(
    rule="repeated_bytes",
    section="",
    field="",
    severity=Severity.NOTE,
    message="Lo stesso file è già arrivato: controllare se è un doppione prima di lavorare la pratica.",
)
_NOTHING_SEEN: Final = "Non è stata trovata nessuna richiesta: aprire l'originale e decidere."
_KIND_MESSAGES: Final[Mapping[MailKind, str]] = {
    MailKind.REQUEST: "Non è una richiesta al servizio SMART Help.",
    MailKind.RECEIPT: "È una ricevuta di posta: non apre una pratica.",
    MailKind.BOUNCE: "È un avviso di mancata consegna: controllare l'indirizzo del destinatario.",
    MailKind.AUTO_REPLY: "È una risposta automatica: non apre una pratica.",
    MailKind.LIST: "È un messaggio di lista o pubblicità: non apre una pratica.",
    MailKind.CALENDAR: "È un invito a un appuntamento: non apre una pratica.",
    MailKind.SPAM: "È segnato come posta indesiderata e non contiene documenti: non apre una pratica.",
}


@dataclass(frozen=True, slots=True)
class Born:
    """A case about to be born, all but its number."""

    state: CaseState
    outcome: Outcome
    reasons: tuple[str, ...]
    form: str
    edition: str
    hold_until: date | None
    sender: str
    payload: Mapping[str, object]


def births(looked: Looked, *, repeated: bool) -> tuple[Born, ...]:
    """Give the cases of a look. ``repeated`` says that the same bytes came before under another origin."""
    wanted = _submissions(looked)
    return tuple(_born(s, looked, repeated=repeated) for s in wanted if s.validation.outcome in FIRST)


def refusals(looked: Looked, *, with_cases: bool) -> list[dict[str, Any]]:
    """Give the rows of what became no case: parts that could not be used, and the whole if no case was born."""
    parts: list[dict[str, Any]] = [
        {"name": plain(r.name), "reason": plain(r.reason), "message": plain(r.message), "whole": False}
        for r in looked.refused
    ]
    if with_cases:
        return parts
    reason = looked.kind.value if looked.kind is not MailKind.REQUEST else Outcome.NOT_A_REQUEST.value
    message = _KIND_MESSAGES[looked.kind]
    return [*parts, {"name": plain(looked.subject), "reason": reason, "message": message, "whole": True}]


def _submissions(looked: Looked) -> Sequence[Submission]:
    """Give what was found; for a look that failed, or a request in which nothing was found, one for a clerk."""
    if looked.failure:
        return (_for_clerk("look_failed", looked.failure),)
    if not looked.submissions and looked.kind is MailKind.REQUEST:
        return (_for_clerk("nothing_found", _NOTHING_SEEN),)
    return looked.submissions


def _for_clerk(rule: str, message: str) -> Submission:
    finding = Finding(rule, "", "", Severity.DOUBTFUL, message)
    return Submission(
        reading=Reading(form="", edition="", values={}, doubts=(message,)),
        validation=Validation(Outcome.MANUAL_REVIEW, (rule,), (finding,), {}),
    )


def _born(submission: Submission, looked: Looked, *, repeated: bool) -> Born:
    checked = submission.validation
    payload = cast("dict[str, object]", plain_json(submission_payload(submission)))
    noted = [*(_kept(sentence) for sentence in looked.notes), *([_REPEATED] if repeated else [])]
    payload["findings"] = [*cast("list[object]", payload["findings"]), *map(_note, noted)]
    return Born(
        state=FIRST[checked.outcome],
        outcome=checked.outcome,
        reasons=tuple(plain(r) for r in checked.reasons),
        form=plain(submission.reading.form),
        edition=plain(submission.reading.edition),
        hold_until=checked.hold_until,
        sender=plain(looked.sender),
        payload=payload,
    )


def _kept(sentence: str) -> Finding:
    return Finding(rule="evidence", section="", field="", severity=Severity.NOTE, message=plain(sentence))


def _note(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "section": finding.section,
        "field": finding.field,
        "severity": finding.severity.value,
        "message": finding.message,
    }
