"""The Italian legal forms of companies, whose small l engines read as capital I, 1 or a stroke."""

import re

SHARES = re.compile(r"(?<![A-Za-z])([Ss]\.\s?[Pp]\.\s?)[ÀÁÂÄ](?=\.?(?![A-Za-z0-9]))")
FORM = re.compile(r"(?<![A-Za-z])[Ss]\.?\s?r\.?\s?[lI1|!Ì]\.?(?:\s?([sS])\.?)?(?![A-Za-z0-9])")


def spelled(text: str) -> str:
    """Write S.r.l. and S.r.l.s. with an l, S.p.A. without an accent: no other reading of these words exists.

    >>> spelled("Lampadina Fantasia S.r.I."), spelled("Prova S.r.1.s."), spelled("PROVA SRL")
    ('Lampadina Fantasia S.r.l.', 'Prova S.r.l.s.', 'PROVA SRL')
    >>> spelled("Corrente di Prova S.p.À."), spelled("Energia S.r.Ì."), spelled("Università S.p.A.")
    ('Corrente di Prova S.p.A.', 'Energia S.r.l.', 'Università S.p.A.')
    """
    plain = SHARES.sub(r"\1A", text)
    return FORM.sub(lambda found: re.sub(r"[I1|!Ì]", "l", found[0]), plain)
