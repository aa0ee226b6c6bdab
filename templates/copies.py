"""The copies of one form page among the sheets of a delivery: who faxes twice sends the same page twice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from templates.likeness import Compared, Likeness, Sheet

Compare = Callable[[Sheet, Sheet], Compared]


@dataclass(frozen=True, slots=True)
class Double:
    """A sheet that came again. ``differing`` names the fields in which it is not the same as the sheet kept."""

    sheet: Sheet
    kept: Sheet
    differing: tuple[str, ...] = ()


@dataclass(slots=True)
class Copy:
    """One page as somebody filled it, with every sheet that shows it; ``place`` is where its first sheet came."""

    place: int
    sheets: list[Sheet]
    differing: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def best(self) -> Sheet:
        """Give the sheet that lies best on its form; of equals the finest, then the first that came."""
        return max(self.sheets, key=clearness)

    def doubles(self) -> list[Double]:
        """Give the other sheets, each with what differs on it."""
        kept = self.best
        told = dict(zip(map(id, self.sheets), self.differing, strict=True))
        return [Double(sheet, kept, told[id(sheet)] or told[id(kept)]) for sheet in self.sheets if sheet is not kept]

    def take(self, other: "Copy", differing: tuple[str, ...]) -> None:
        """Count another copy's sheets as sheets of this one."""
        self.sheets += other.sheets
        self.differing += [*(known or differing for known in other.differing)]
        self.place = min(self.place, other.place)


def clearness(sheet: Sheet) -> tuple[float, float]:
    """Rank a sheet by how well it lies on its form, then by its resolution."""
    page, match = sheet
    return round(match.quality, 1), min(page.dpi_x, page.dpi_y)


def copies(sheets: Sequence[tuple[int, Sheet]], compare: Compare) -> list[Copy]:
    """Gather the sheets of one form page (each with its place) into copies, the bare ones last.

    A bare sheet, on which too little is written to tell whose it is, is a copy of its own here.
    """
    found: list[Copy] = []
    for place, sheet in sheets:
        verdicts = [(copy, compare(copy.best, sheet)) for copy in found]
        same = next((v for v in verdicts if v[1].likeness is Likeness.SAME), None) or next(
            (v for v in verdicts if v[1].likeness is Likeness.ALTERED), None
        )
        if same is None:
            found.append(Copy(place, [sheet], [()]))
        else:
            same[0].take(Copy(place, [sheet], [()]), same[1].differing)
    return found


def fold(copies_: list[Copy], most: int, compare: Compare) -> list[Copy]:
    """Keep at most ``most`` copies: what is more is no submission of its own but a page to be looked at.

    A bare sheet folds without a question; another's writing, without the sheets that would go with it, is one.
    """
    kept, more = copies_[:most], copies_[most:]
    for copy in more:
        home = kept[0]
        compared = compare(home.best, copy.best)
        bare = compared.likeness is Likeness.BARE and not compared.differing
        home.take(copy, () if bare else compared.differing or ("",))
    return kept
