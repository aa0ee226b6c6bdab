"""Wait: the 40 days after the complaint, counted on Rome's calendar: the first day is out, the last one in."""

from datetime import date, timedelta

from checks.calendar import public_holidays
from checks.context import CheckSettings
from checks.request import Request

ANSWER_COPY = "complaint_answer_copy"
_DAY = timedelta(days=1)
_SUNDAY = 6


def hold_until(request: Request) -> date | None:
    """Give the day from which the request may go on, None when it came late enough or needs no wait.

    A request that came too early but is looked at when the days are over is not held: see ``premature``.
    """
    opens = opening(request)
    return opens if opens and opens > request.context.processed_on else None


def premature(request: Request) -> bool:
    """Tell whether a request came before its time, and that time has come meanwhile."""
    opens = opening(request)
    return opens is not None and opens <= request.context.processed_on


def opening(request: Request) -> date | None:
    """Give the day on which a request that came too early opens, None when it did not come too early."""
    start = wait_start(request)
    if start is None or start > request.received_on or answered_early(request):
        return None
    opens = opening_day(start, request.context.settings)
    return opens if request.received_on < opens else None


def wait_start(request: Request) -> date | None:
    """Give the day from which the days count, None where it is not known or there is no wait."""
    received = request.context.settings.wait_start == "received"
    return request.day("complaint_received_date" if received else "complaint_sent_date") if request.waits else None


def opening_day(start: date, settings: CheckSettings) -> date:
    """Give the first day on which a request may come for a complaint of ``start``."""
    last = start + timedelta(days=settings.wait_days)
    while settings.wait_rollover and not is_working(last):
        last += _DAY
    return last + _DAY if settings.wait_mode == "strict" else last


def is_working(day: date) -> bool:
    """Tell whether a day is neither a Sunday nor a public holiday; a Saturday is a working day of terms."""
    return day.weekday() != _SUNDAY and day not in public_holidays(day.year)


def answered_early(request: Request) -> bool:
    """Tell whether an answer, with its copy, opens the request at once."""
    answer = request.day("complaint_answer_date")
    sent = request.day("complaint_sent_date")
    return (
        request.context.settings.wait_early_answer
        and ANSWER_COPY in request.papers
        and answer is not None
        and (sent is None or sent <= answer)
        and answer <= request.received_on
    )
