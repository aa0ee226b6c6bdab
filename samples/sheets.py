"""Put a draft on paper: the form, the delega and every attachment as PDFs, in the order in which people send them."""

from dataclasses import dataclass
from io import BytesIO
from random import Random

import pikepdf

from samples.acroform import STYLES, fill_acroform
from samples.draft import Draft
from samples.handwritten import Habit, hand_fill
from samples.papers import NAMES, draw_paper
from samples.strangers import draw_stranger
from samples.typed import Hand, flatten, print_form
from templates.form import Form


@dataclass(frozen=True, slots=True)
class Paperwork:
    """The shipped forms by code, of which the newest edition is filled."""

    forms: dict[str, Form]

    def form_of(self, draft: Draft) -> Form:
        """Find the form of the draft's procedure."""
        return self.forms[draft.case.procedure]

    def typed(self, draft: Draft, hand: Hand, rng: Random) -> list[tuple[str, bytes]]:
        """Print everything flat: (file name, PDF)."""
        main = self._main_typed(draft, hand, rng)
        return [main, *self._delega(draft, rng, hand), *_papers(draft)]

    def handwritten(self, draft: Draft, habit: Habit, rng: Random) -> list[tuple[str, bytes]]:
        """Fill the form and the delega by hand; the papers are what they are."""
        filled = [(self.form_of(draft), draft.stated, draft.raw | draft.wording)]
        if draft.delegation is not None:
            filled.append((self.forms["DELEGA"], draft.delegation, {}))
        sheets = [(f"{form.code.lower()}.pdf", hand_fill(form, v, habit, rng, raw=raw)) for form, v, raw in filled]
        return [*sheets, *_papers(draft)]

    def fillable(self, draft: Draft, rng: Random, style: str = "") -> list[tuple[str, bytes]]:
        """Fill the form on a computer; the papers are PDFs.

        Raises ``ValueError`` for what a fillable PDF cannot be: a page alone, two radio buttons at once.
        """
        form = self.form_of(draft)
        if draft.stranger or draft.lost or draft.ticks:
            raise ValueError("only a whole form with single choices can be filled on a computer")
        style = style or rng.choice(STYLES)
        main = form.blank if draft.blank else _filled(form, draft, rng, style)
        return [(f"modulo_{form.code.lower()}.pdf", main), *self._delega(draft, rng, Hand()), *_papers(draft)]

    def _main_typed(self, draft: Draft, hand: Hand, rng: Random) -> tuple[str, bytes]:
        if draft.stranger:
            return "richiesta.pdf", draw_stranger(draft.stranger, draft.case)
        form = self.form_of(draft)
        name = f"modulo_{form.code.lower()}.pdf"
        if draft.blank:
            return name, flatten(form.blank)
        values = draft.stated
        return name, _keep(print_form(form, values, hand, rng, raw=draft.raw | draft.wording), draft.lost)

    def _delega(self, draft: Draft, rng: Random, hand: Hand) -> list[tuple[str, bytes]]:
        if draft.delegation is None:
            return []
        return [("delega.pdf", print_form(self.forms["DELEGA"], draft.delegation, hand, rng))]


def _filled(form: Form, draft: Draft, rng: Random, style: str) -> bytes:
    return fill_acroform(form, draft.stated, rng, style=style, raw=draft.raw | draft.wording)


def _papers(draft: Draft) -> list[tuple[str, bytes]]:
    codes = [c for c in draft.papers if c != "delegation_signed"]
    return [(NAMES[c], draw_paper(c, draft.case, **draft.papers[c])) for c in codes]


def _keep(pdf: bytes, lost: tuple[int, ...]) -> bytes:
    if not lost:
        return pdf
    with pikepdf.open(BytesIO(pdf)) as document:
        for number in sorted(lost, reverse=True):
            del document.pages[number - 1]
        out = BytesIO()
        document.save(out, deterministic_id=True)
        return out.getvalue()
