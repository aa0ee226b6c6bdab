"""What more a paper shows: which side of a card it is, and which service a bill is for."""

import re
from collections.abc import Mapping

from parsers.fields.folding import fold

_BACK = re.compile(
    r"[a-z0-9]<{2,}|c<ita|\bretro\b|\bcodice fiscale\b|\bindirizzo di residenza\b|\bestremi atto di nascita\b"
)
_FRONT = re.compile(r"\brepubblica italiana\b|\bnat[oa] il\b|\bluogo e data di nascita\b|\bcomune di\b|\bscadenza\b")
_LIGHT = re.compile(r"\benergia elettrica\b|\bkwh\b|\bpod\b|\bit[0-9]{3}e[0-9a-z]{8}|\bluce\b|\bmateria energia\b")
_GAS = re.compile(r"\bsmc\b|\bpdr\b|\bgas naturale\b|\bmateria gas\b|\bstandard metri cubi\b|\bfornitura (?:di )?gas\b")
_KINDS: Mapping[str, tuple[tuple[str, re.Pattern[str]], tuple[str, re.Pattern[str]]]] = {
    "id_": (("front", _FRONT), ("back", _BACK)),
    "bill": (("electricity", _LIGHT), ("gas", _GAS)),
}


def paper_detail(code: str, text: str) -> str:
    """Tell a card's side or a bill's service; "" for other papers, and where it does not show.

    >>> paper_detail("bill_latest", "Spesa per la materia gas, 41 Smc"), paper_detail("id_copy_holder", "C<ITA")
    ('gas', 'back')
    """
    pair = next((pair for start, pair in _KINDS.items() if code.startswith(start)), ())
    folded = fold(text)
    found = [name for name, pattern in pair if pattern.search(folded)]
    return "both" if len(found) > 1 else next(iter(found), "")
