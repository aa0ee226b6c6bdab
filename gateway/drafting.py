"""Draft a form's definition from its blank PDF, in a child with limits: the PDF comes from anywhere."""

import json
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from re import fullmatch, sub

from jobs.child import ChildFailed, Limits, run_in_child, warm_with
from ocr.tesseract import Tesseract, TesseractMissing
from templates.draft.drafting import Drafted, Undraftable, draft

LIMITS = Limits(wall_s=180.0, cpu_s=170, memory_mb=3000, answer_mb=80)
FAILURES = {
    "time": f"took longer than {LIMITS.wall_s:.0f} seconds. Give fewer pages, or print it to PDF anew.",
    "memory": f"needs more than {LIMITS.memory_mb} MB. Give fewer pages, or print it to PDF anew.",
    "size": "gives too large an answer. Give fewer pages.",
    "crash": "cannot be read: it broke the program that opened it. Print it to PDF anew, or scan it.",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is drafted: the file's name, and the form's code and edition."""

    source: str
    code: str
    edition: str
    today: str


def target(folder: Path | None, blank: Path, today: date) -> tuple[Path, str, str]:
    """Choose folder, code and edition. Raises ``Undraftable`` for a folder whose name is no edition."""
    bare = sub(r"[^A-Z0-9]", "", blank.stem.upper()).lstrip("0123456789") or "MODULO"
    chosen = folder or Path("forms") / bare.lower() / f"{today:%Y-%m}"
    edition = chosen.resolve().name
    if not fullmatch(r"[A-Za-z0-9.-]+", edition):
        raise Undraftable(f"{chosen}: its name is the edition, in letters, digits, '.' and '-'. Choose another.")
    above = sub(r"[^A-Z0-9]", "", chosen.resolve().parent.name.upper())
    return chosen, above if fullmatch(r"[A-Z][A-Z0-9]*", above) else bare, edition


def draft_guarded(raw: bytes, asked: Asked) -> Drafted:
    """Draft in a child with limits. Raises ``Undraftable`` with reason and remedy."""
    warm_with("gateway.drafting")
    question = json.dumps(asdict(asked)).encode() + b"\n" + raw
    try:
        answered = json.loads(run_in_child("gateway.drafting:answer", question, LIMITS))
    except ChildFailed as error:
        raise Undraftable(f"{asked.source} {FAILURES[error.reason]}") from error
    if refused := answered.get("refused"):
        raise Undraftable(refused)
    proofs = tuple(b64decode(proof) for proof in answered["proofs"])
    return Drafted(answered["toml"], proofs, answered["fields"], answered["unnamed"], tuple(answered["remarks"]))


def answer(question: bytes) -> bytes:
    """Draft in the child: JSON with the draft, or with the reason why there is none."""
    head, _, raw = question.partition(b"\n")
    asked = Asked(**json.loads(head))
    try:
        read = Tesseract().words_on
    except TesseractMissing:
        read = None
    try:
        made = draft(raw, asked.source, asked.code, asked.edition, date.fromisoformat(asked.today), read)
    except Undraftable as error:
        return json.dumps({"refused": str(error)}).encode()
    proofs = [b64encode(proof).decode() for proof in made.proofs]
    return json.dumps(asdict(made) | {"proofs": proofs}).encode()


def write(made: Drafted, raw: bytes, folder: Path) -> list[Path]:
    """Write definition, blank and proof pictures into a folder; answers the files."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {f"proof-{number}.png": proof for number, proof in enumerate(made.proofs, 1)}
    files = {"form.toml": made.toml.encode(), "blank.pdf": raw} | pictures
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]
