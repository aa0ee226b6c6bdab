"""Ask a child process to draw sheets, or to read a passage. Light to import: the engines live in the child.

What comes back is a head of JSON and the pictures behind it; the desk hands these on unopened.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from cases.paper import Asked, Paper, Passage
from jobs.child import ChildFailed, Limits, run_in_child


@dataclass(frozen=True, slots=True)
class Question:
    """What crosses the process border towards the child, before the raw bytes."""

    asked: Asked
    passage: Passage | None = None


QUESTION = TypeAdapter(Question)
PAPER = TypeAdapter(Paper)
SIZES = TypeAdapter(tuple[tuple[int, ...], ...])


def drawer(limits: Limits) -> Callable[[Asked, bytes], Paper]:
    """Give the drawing that the desk uses, in a child of its own. One that fails gives its sentence as a refusal."""

    def draw(asked: Asked, raw: bytes) -> Paper:
        question = QUESTION.dump_json(Question(asked)) + b"\n" + raw
        try:
            return unpacked(run_in_child("jobs.draw:answer", question, limits))
        except ChildFailed as failure:
            return Paper(refused=((asked.name, str(failure)),))

    return draw


def listener(limits: Limits) -> Callable[[Asked, Passage, bytes], str]:
    """Give the reading of a passage that the desk uses; "" when nothing can be read there."""

    def listen(asked: Asked, passage: Passage, raw: bytes) -> str:
        question = QUESTION.dump_json(Question(asked, passage)) + b"\n" + raw
        try:
            return run_in_child("jobs.draw:answer_passage", question, limits).decode()
        except ChildFailed:
            return ""

    return listen


def packed(paper: Paper) -> bytes:
    """Bring drawn sheets to bytes: a head of JSON, the sizes of the pictures, and the pictures."""
    bare = Paper(
        tuple(replace(s, came=b"", flat=b"", clips=dict.fromkeys(s.clips, b"")) for s in paper.sheets), paper.refused
    )
    parts = [(s.came, s.flat, *s.clips.values()) for s in paper.sheets]
    sizes = tuple(tuple(map(len, part)) for part in parts)
    pictures = b"".join(picture for part in parts for picture in part)
    return PAPER.dump_json(bare) + b"\n" + SIZES.dump_json(sizes) + b"\n" + pictures


def unpacked(answered: bytes) -> Paper:
    """Read what ``packed`` made. Raises ``ValueError`` for anything else."""
    head, sizes, pictures = answered.split(b"\n", 2)
    paper, at, sheets = PAPER.validate_json(head), 0, []
    for sheet, lengths in zip(paper.sheets, SIZES.validate_json(sizes), strict=True):
        parts = []
        for length in lengths:
            parts.append(pictures[at : at + length])
            at += length
        came, flat, *clips = parts
        sheets.append(replace(sheet, came=came, flat=flat, clips=dict(zip(sheet.clips, clips, strict=True))))
    return replace(paper, sheets=tuple(sheets))
