"""Ask a child process for a file of a delivery, or a picture of one of its sheets. Light to import."""

from pydantic import TypeAdapter

from cases.shown import NotSeen, Show, Sight
from jobs.child import ChildFailed, Limits, run_in_child

SIGHT = TypeAdapter(Sight)
SEEN = b"S"


def shower(limits: Limits) -> Show:
    """Give the showing that the API uses, in a child of its own."""

    def show(sight: Sight, raw: bytes) -> bytes:
        question = SIGHT.dump_json(sight) + b"\n" + raw
        try:
            answer = run_in_child("jobs.show:answer", question, limits)
        except ChildFailed as failure:
            raise NotSeen(f"it could not be opened within its limits ({failure.reason})") from None
        if answer[:1] != SEEN:
            raise NotSeen("the delivery has no such file or sheet, or it cannot be opened")
        return answer[1:]

    return show
