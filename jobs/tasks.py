"""The tasks of the queue. They are thin: what they do lies in steps and pickup."""

from procrastinate import JobContext

from intake.instants import instant
from jobs.again import read_again
from jobs.app import LETTERS, RECEIPTS, app, wired
from jobs.defer import AGAIN, PICKUP, PROCESS, SEND
from jobs.letters import send_letter
from jobs.pickup import pick_up
from jobs.retries import WhenAsked
from jobs.steps import carry


@app.task(name=PROCESS, queue=RECEIPTS, pass_context=True, retry=WhenAsked())
def process_receipt(context: JobContext, receipt_id: int) -> str:
    """Carry one receipt to its cases."""
    instant("job begun")
    said = carry(wired(), receipt_id, context.job.attempts)
    instant("job done")
    return said


@app.task(name=AGAIN, queue=RECEIPTS, pass_context=True, retry=WhenAsked())
def read_case_again(context: JobContext, case_id: int) -> str:
    """Read a case again, after a person said where its sheets belong."""
    return read_again(wired(), case_id, context.job.attempts)


@app.task(name=SEND, queue=LETTERS, pass_context=True, retry=WhenAsked())
def send(context: JobContext, letter_id: int) -> str:
    """Send one letter."""
    return send_letter(wired(), letter_id, context.job.attempts)


@app.task(name=PICKUP)
def pickup(source: str, slot: int) -> str:
    """Take in what waits in a source. It has no retry: the next slot of the clock is its retry."""
    report = pick_up(wired(), source)
    return f"slot {slot}: " + ("another round is under way" if report is None else f"{len(report.taken)} taken")
