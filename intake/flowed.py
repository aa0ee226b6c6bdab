"""Text of RFC 3676: soft line breaks taken back, so that a sentence is one line again."""


def unflow(text: str, *, delete_space: bool) -> str:
    r"""Join the lines of ``format=flowed`` text; ``delete_space`` is its ``delsp=yes``.

    >>> unflow("Buon \ngiorno a \ntutti.\n-- \nRosa", delete_space=False)
    'Buon giorno a tutti.\n-- \nRosa'
    """
    lines: list[str] = []
    soft_depth = -1
    for raw in text.splitlines():
        depth = len(raw) - len(raw.lstrip(">"))
        line = raw[depth:].removeprefix(" ")
        soft = line.endswith(" ") and line != "-- "
        kept = line[:-1] if soft and delete_space else line
        if depth == soft_depth and line != "-- ":
            lines[-1] += kept
        else:
            lines.append(">" * depth + (" " if depth else "") + kept)
        soft_depth = depth if soft else -1
    return "\n".join(lines)
