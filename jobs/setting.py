"""Set a day of the register as PDF/A in a child with limits: however long a day is, it holds nothing else up."""

import gc
from typing import Final

from cases.register_day import Day
from jobs.child import ChildFailed, Limits, run_in_child
from letters.daily import as_html, identifier
from letters.typeset import typeset

LIMITS: Final = Limits(wall_s=900.0, cpu_s=900)
_WORK: Final = "jobs.setting:answer"
_WHY: Final = {
    "time": "it took longer than {wall_s:.0f} s",
    "memory": "it needed more than {memory_mb} MB of memory",
    "size": "it became larger than {answer_mb} MB",
    "crash": "its process was stopped or fell",
}


class NotSet(Exception):
    """A day could not be set as PDF; the message says why, in words for an operator."""


def set_day(day: Day, limits: Limits = LIMITS, work: str = _WORK) -> bytes:
    """Give a day as PDF/A-2a, the same bytes as ``letters.daily.as_pdf``. Raises ``NotSet``; nothing is left then."""
    try:
        return run_in_child(work, identifier(day) + b"\n" + as_html(day).encode(), limits)
    except ChildFailed as error:
        why = _WHY[error.reason].format(wall_s=limits.wall_s, memory_mb=limits.memory_mb, answer_mb=limits.answer_mb)
        place = f" ({error.detail})" if error.detail else ""
        raise NotSet(f"The PDF of {day.day} with {len(day.lines)} lines was not set: {why}{place}") from error


def answer(question: bytes) -> bytes:
    """Set a page, in the child, which ends with it: looking for what could be freed takes a third of the time."""
    gc.disable()
    own, _, html = question.partition(b"\n")
    return typeset(html.decode(), own)
