"""BrokenForm: a form definition that cannot be used, with the place and the remedy."""

from pathlib import Path


class BrokenForm(Exception):
    """A definition is wrong. ``place`` names the section or field, ``remedy`` says what to change in ``file``."""

    def __init__(self, file: Path | str, place: str, problem: str, remedy: str) -> None:
        where = f"{file}: {place}" if place else str(file)
        super().__init__(f"{where}: {problem}. {remedy}")
        self.file = Path(file)
        self.place = place
        self.problem = problem
        self.remedy = remedy
