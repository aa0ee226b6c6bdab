"""Draw how the queue grows, as an SVG: one small picture for each operation, all on one scale."""

from collections.abc import Mapping, Sequence
from math import log10
from typing import Final

Row = Mapping[str, object]
_WIDTH: Final = 230
_HEIGHT: Final = 150
_LEFT: Final = 64
_TOP: Final = 34
_ACROSS: Final = 4
_WANTED_MS: Final = 50.0
_LINES: Final = (("p50", "#0055aa", "median"), ("p95", "#c05000", "95th percentile"))


def drawn(rows: Sequence[Row]) -> str:
    """Draw the rows (size, what, p50, p95 in ms)."""
    names = list(dict.fromkeys(str(row["what"]) for row in rows))
    top = max(_WANTED_MS * 1.15, *(_number(row, "p95") for row in rows))
    deep = -(-len(names) // _ACROSS)
    width, height = _ACROSS * (_WIDTH + _LEFT) + 60, deep * (_HEIGHT + 70) + 40
    head = f"The queue as it grows: milliseconds by number of cases (dashed: the wanted {_WANTED_MS:.0f} ms)"
    box = f'viewBox="0 0 {width} {height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="18" font-size="13">{head}</text>',
        *_legend(width),
    ]
    for at, name in enumerate(names):
        x = _LEFT + (at % _ACROSS) * (_WIDTH + _LEFT)
        y = _TOP + 20 + (at // _ACROSS) * (_HEIGHT + 70)
        parts += _panel(name, [row for row in rows if row["what"] == name], x, y, top)
    return "\n".join([*parts, "</svg>", ""])


def _legend(width: int) -> list[str]:
    return [
        f'<text x="{width - 260 + at * 90}" y="18" fill="{colour}">{words}</text>'
        for at, (_, colour, words) in enumerate(_LINES)
    ]


def _panel(name: str, rows: Sequence[Row], x: float, y: float, top: float) -> list[str]:
    sizes = [_number(row, "size") for row in rows]
    low, high = log10(min(sizes)), log10(max(sizes))

    def across(size: float) -> float:
        return x + _WIDTH * ((log10(size) - low) / ((high - low) or 1))

    def down(ms: float) -> float:
        return y + _HEIGHT * (1 - ms / top)

    parts = [
        f'<text x="{x}" y="{y - 8}" font-weight="bold">{name}</text>',
        f'<path d="M{x} {y}V{y + _HEIGHT}H{x + _WIDTH}" fill="none" stroke="#666"/>',
        f'<path d="M{x} {down(_WANTED_MS):.1f}H{x + _WIDTH}" stroke="#888" stroke-dasharray="4 3"/>',
    ]
    parts += [
        f'<text x="{x - 6}" y="{down(ms) + 4:.1f}" text-anchor="end" fill="#444">{ms}</text>' for ms in (0, 25, 50)
    ]
    parts += [
        f'<text x="{across(size):.1f}" y="{y + _HEIGHT + 15}" text-anchor="middle" fill="#444">{_short(size)}</text>'
        for size in sizes
    ]
    for key, colour, _ in _LINES:
        points = " ".join(f"{across(s):.1f},{down(_number(row, key)):.1f}" for s, row in zip(sizes, rows, strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        last = _number(rows[-1], key)
        parts.append(
            f'<text x="{across(sizes[-1]) + 3:.1f}" y="{down(last) + (10 if key == "p50" else -3):.1f}" '
            f'fill="{colour}">{last:.1f}</text>'
        )
    return parts


def _short(size: float) -> str:
    """Write a number of cases shortly.

    >>> _short(10_000), _short(1_000_000)
    ('10k', '1M')
    """
    return f"{size / 1e6:g}M" if size >= 1e6 else f"{size / 1e3:g}k"


def _number(row: Row, key: str) -> float:
    value = row[key]
    if not isinstance(value, int | float):
        raise TypeError(f"{key} is no number: {value!r}")
    return float(value)
