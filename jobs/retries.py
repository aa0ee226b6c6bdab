"""What happens after an error: the one table of exception and attempts."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from sqlalchemy.exc import InterfaceError, OperationalError

from cases.register import DayClosed
from intake.originals import Damaged
from intake.scanner import NotScanned, ScannerDown
from intake.sealed import KeyMissing
from letters.door import NotTaken


class Next(StrEnum):
    """What to do next."""

    AGAIN = "again"
    CLERK = "clerk"
    GIVE_UP = "give_up"
    """The job ends as failed; the sweeper looks after its receipt, if there is one."""


@dataclass(frozen=True, slots=True)
class Rule:
    """For these errors: so many times again, then the other."""

    errors: tuple[type[Exception], ...]
    times: int
    then: Next
    sentence: str = ""
    """What a clerk reads, in Italian."""


FOR_EVER: Final = 10**9
_BY_HAND: Final = "Aprire l'originale e inserire i dati a mano."
RULES: Final = (
    Rule((OperationalError, InterfaceError, ConnectorException), 8, Next.GIVE_UP),
    Rule((NotTaken,), 30, Next.CLERK, "La lettera non è partita: guardare perché, e mandarla per un'altra via."),
    Rule((KeyError,), 0, Next.GIVE_UP),
    Rule((KeyMissing,), 8, Next.GIVE_UP),
    Rule((DayClosed,), FOR_EVER, Next.GIVE_UP),
    Rule((ScannerDown,), FOR_EVER, Next.GIVE_UP),
    Rule(
        (NotScanned,),
        2,
        Next.CLERK,
        "Il controllo antivirus non è riuscito: non aprire i file e avvisare l'amministratore.",
    ),
    Rule((Damaged,), 2, Next.CLERK, "L'originale manca o è danneggiato: recuperarlo dalla copia di sicurezza."),
    Rule((OSError,), 4, Next.CLERK, f"Il sistema non ha potuto leggere l'originale. {_BY_HAND}"),
    Rule((MemoryError,), 1, Next.CLERK, f"La lettura ha superato la memoria. {_BY_HAND}"),
    Rule((Exception,), 1, Next.CLERK, f"La lettura automatica è fallita. {_BY_HAND}"),
)
"""The first rule that fits decides."""

LONGEST_S: Final = 300.0
"""No wait before a retry is longer."""

TOO_MANY: Final = f"La lettura automatica si è interrotta più volte. {_BY_HAND}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do after an error, and what a clerk is told if one gets it."""

    next: Next
    sentence: str


def decide(error: Exception, attempts: int) -> Verdict:
    """Decide what happens after ``error`` when ``attempts`` earlier ones failed."""
    rule = next(r for r in RULES if isinstance(error, r.errors))
    return Verdict(Next.AGAIN if attempts < rule.times else rule.then, rule.sentence)


def wait_s(first_s: float, attempts: int) -> float:
    """Say how many seconds to wait after an error when ``attempts`` earlier ones failed: twice as long each time."""
    return min(first_s * 2.0 ** min(attempts, 20), LONGEST_S)


class Again(Exception):
    """Try this job again later."""

    def __init__(self, after_s: float) -> None:
        super().__init__(f"again in {after_s:.1f} s")
        self.after_s = after_s


class WhenAsked(BaseRetryStrategy):
    """Retry what raised ``Again``, and nothing else."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002  given
        """Tell the queue when to try again, if at all."""
        if not isinstance(exception, Again):
            return None
        return RetryDecision(retry_in={"seconds": round(exception.after_s)})
