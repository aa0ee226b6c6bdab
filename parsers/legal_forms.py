"""The Italian legal forms of companies, whose small l engines read as capital I, 1 or a stroke."""

import re

FORM = re.compile(r"(?<![A-Za-z])[Ss]\.?\s?r\.?\s?[lI1|!]\.?(?:\s?([sS])\.?)?(?![A-Za-z0-9])")


def spelled(text: str) -> str:
    """Write S.r.l. and S.r.l.s. with an l: no other reading of these words exists.

    >>> spelled("Lampadina Fantasia S.r.I."), spelled("Prova S.r.1.s."), spelled("PROVA SRL")
    ('Lampadina Fantasia S.r.l.', 'Prova S.r.l.s.', 'PROVA SRL')
    """
    return FORM.sub(lambda found: re.sub(r"[I1|!]", "l", found[0]), text)
