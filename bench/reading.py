"""Our side of the comparison, one process for a file: ``python -m bench.reading PDF JSON``."""

import json
import sys
from pathlib import Path

from intake.receipt import Document
from ocr.read import standard_reader
from pages.open import open_pages
from parsers.sound import is_sound
from templates.form import Match
from templates.identify import Identifier
from templates.load import load_forms


def read_file(source: Path) -> list[dict[str, str]]:
    """Open, lay and read every page of a file with our whole reading: zone -> text, page by page."""
    identifier, reader = Identifier(load_forms()), standard_reader(check=is_sound)
    texts: list[dict[str, str]] = []
    for page in open_pages(Document(source.name, "application/pdf", source.read_bytes())):
        match = identifier.lay(page)
        texts.append({ink.zone: ink.text for ink in reader.read(page, match)} if isinstance(match, Match) else {})
    return texts


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(read_file(Path(sys.argv[1]))), encoding="utf-8")
