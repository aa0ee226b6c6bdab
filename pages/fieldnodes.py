"""The nodes of a PDF's field tree, for pikepdf: names, inherited entries, text. Loops and foreign objects are borne."""

from collections.abc import Iterable, Iterator

import pikepdf

DEEPEST = 32
"""Field trees are a few levels deep; a longer chain of parents is a loop."""
MOST_NODES = 20_000
"""A form of a hundred pages has some thousand fields; a tree that is larger repeats itself."""
_TRUTHS = {True: "true", False: "false"}


def nodes(owner: object, key: str) -> list[pikepdf.Object]:
    """List the dictionaries of an array, leaving out whatever does not belong there."""
    items = owner.get(key) if isinstance(owner, pikepdf.Dictionary) else None
    return [item for item in items if isinstance(item, pikepdf.Dictionary)] if isinstance(items, pikepdf.Array) else []


def tree(fields: Iterable[pikepdf.Object]) -> dict[tuple[int, int], str]:
    """Name every node below /Fields: a kid may lack the /Parent by which it would find its own name."""
    named: dict[tuple[int, int], str] = {}
    for node, name in walk(fields):
        if node.is_indirect:
            named[node.objgen] = name
    return named


def leaves(fields: Iterable[pikepdf.Object]) -> Iterator[tuple[pikepdf.Object, str]]:
    """Give the nodes that hold a value of their own, with their full names."""
    for node, name in walk(fields):
        if name and "/V" in node and not any("/T" in kid for kid in nodes(node, "/Kids")):
            yield node, name


def walk(fields: Iterable[pikepdf.Object]) -> Iterator[tuple[pikepdf.Object, str]]:
    """Give every node of the tree with its full name, at most ``MOST_NODES``."""
    waiting = [(node, "", 0) for node in fields]
    for _ in range(MOST_NODES):
        if not waiting:
            return
        node, prefix, depth = waiting.pop(0)
        name = _join(prefix, node)
        yield node, name
        if depth < DEEPEST:
            waiting += [(kid, name, depth + 1) for kid in nodes(node, "/Kids")]


def own_name(node: pikepdf.Object) -> str:
    """Spell a node's full name by its parents."""
    parts = [str(link.get("/T", "")) for link in lineage(node)]
    return ".".join(part for part in reversed(parts) if part)


def lineage(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Give a node and its parents."""
    for _ in range(DEEPEST):
        yield node
        parent = node.get("/Parent")
        if not isinstance(parent, pikepdf.Dictionary):
            return
        node = parent


def inherited(node: pikepdf.Object, key: str) -> pikepdf.Object | None:
    """Give an entry of a node, or of the nearest parent that has it."""
    return next((link.get(key) for link in lineage(node) if key in link), None)


def number(value: object, default: int = 0) -> int:
    """Give a flag or length as a number; what is none counts as ``default``."""
    try:
        return int(value)  # type: ignore[call-overload,no-any-return]
    except (TypeError, ValueError, OverflowError):
        return default


def words(value: object) -> str:
    """Give a value as text, whichever object holds it; line ends are line feeds."""
    if value is None or (isinstance(value, pikepdf.Dictionary) and not isinstance(value, pikepdf.Stream)):
        return ""
    if isinstance(value, pikepdf.Stream):
        return _decoded(value.read_bytes())
    if isinstance(value, pikepdf.Name):
        return str(value)[1:]
    if isinstance(value, pikepdf.Array):
        return ", ".join(words(part) for part in value)
    if isinstance(value, bool):
        return _TRUTHS[value]
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def _join(prefix: str, node: pikepdf.Object) -> str:
    part = str(node.get("/T", ""))
    return f"{prefix}.{part}" if prefix and part else prefix or part


def _decoded(raw: bytes) -> str:
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    return raw.decode("pdfdoc", "replace")
