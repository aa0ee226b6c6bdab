"""Condition: the small language in which a form says when a field, a paper or a group of fields is required.

    always | never | supply_service in (electricity, both) | not (procedure = BONUS) and delegate_acts

A name alone is true when that field is filled (a tick: when it is on); ``=`` compares a value, ``in`` several,
``has`` asks for one of the boxes of a ticks field. ``not`` binds before ``and``, ``and`` before ``or``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

Content = str | bool | tuple[str, ...] | None
"""A value as ``parsers.reading.Content`` has it; templates stand below parsers and cannot import it."""

DELEGATE_ACTS = "delegate_acts"
"""The one derived name: some ``delegate_...`` field is filled, or ``delegation_attached`` is ticked."""

_KEYWORDS = frozenset({"and", "or", "not", "has", "in", "always", "never"})
_TOKEN = re.compile(r"[A-Za-z0-9_-]+|[=(),]")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_MAX_DEPTH = 16


class BadCondition(ValueError):
    """A condition that cannot be read: ``position`` is the offset of the first wrong character."""

    def __init__(self, text: str, position: int, problem: str, remedy: str) -> None:
        super().__init__(f"condition {text!r}: {problem} at character {position + 1}: {remedy}")
        self.position = position
        self.remedy = remedy


class _Term(Protocol):
    """A part of a condition."""

    @property
    def names(self) -> frozenset[str]: ...

    def holds(self, lookup: Mapping[str, Content]) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Constant:
    """``always`` or ``never``."""

    value: bool

    @property
    def names(self) -> frozenset[str]:
        return frozenset()

    def holds(self, lookup: Mapping[str, Content]) -> bool:  # noqa: ARG002  # one verb for every term
        return self.value

    def __str__(self) -> str:
        return "always" if self.value else "never"


@dataclass(frozen=True, slots=True)
class _Test:
    """A name alone (``verb`` is empty), or a name compared with values by ``=``, ``has`` or ``in``."""

    name: str
    verb: str = ""
    values: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        return frozenset({self.name})

    def holds(self, lookup: Mapping[str, Content]) -> bool:
        content = _content(self.name, lookup)
        if not self.verb:
            return is_filled(content)
        if self.verb == "has":
            return isinstance(content, tuple) and self.values[0] in content
        return isinstance(content, str) and content in self.values

    def __str__(self) -> str:
        if self.verb == "in":
            return f"{self.name} in ({', '.join(self.values)})"
        return " ".join((self.name, self.verb, *self.values)) if self.verb else self.name


@dataclass(frozen=True, slots=True)
class _Not:
    """The contrary of a term."""

    term: _Term

    @property
    def names(self) -> frozenset[str]:
        return self.term.names

    def holds(self, lookup: Mapping[str, Content]) -> bool:
        return not self.term.holds(lookup)

    def __str__(self) -> str:
        return f"not ({self.term})" if isinstance(self.term, _Joined) else f"not {self.term}"


@dataclass(frozen=True, slots=True)
class _Joined:
    """Two or more terms joined by one word, ``and`` or ``or``."""

    word: str
    terms: tuple[_Term, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset().union(*(term.names for term in self.terms))

    def holds(self, lookup: Mapping[str, Content]) -> bool:
        verdicts = (term.holds(lookup) for term in self.terms)
        return all(verdicts) if self.word == "and" else any(verdicts)

    def __str__(self) -> str:
        return f" {self.word} ".join(
            f"({t})" if self.word == "and" and isinstance(t, _Joined) else str(t) for t in self.terms
        )


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was understood; its text, in one normal spelling, is ``str(condition)``."""

    term: _Term

    @property
    def names(self) -> frozenset[str]:
        """Every field name, and derived name, that the condition asks about."""
        return self.term.names

    def holds(self, lookup: Mapping[str, Content]) -> bool:
        """Tell whether it is true for these values; a name that is not there counts as empty."""
        return self.term.holds(lookup)

    def __str__(self) -> str:
        return str(self.term)


def is_filled(content: Content) -> bool:
    """Tell whether a content is something: not None, not an empty text, not an unticked box."""
    return content not in (None, False, "", ())


def parse_condition(text: str) -> Condition:
    """Read a condition; raise ``BadCondition`` with the position and the remedy."""
    if (word := text.strip()) in ("always", "never"):
        return Condition(_Constant(word == "always"))
    return Condition(_Parser(text).whole())


def _content(name: str, lookup: Mapping[str, Content]) -> Content:
    if name != DELEGATE_ACTS or name in lookup:
        return lookup.get(name)
    return any(is_filled(lookup[key]) for key in lookup if key.startswith("delegate_") or key == "delegation_attached")


class _Parser:
    """Walks the tokens of one condition from left to right, one function for each rule of the grammar."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._split())
        self._at = 0
        self._depth = 0

    def _split(self) -> "list[tuple[str, int]]":
        tokens, end = [], 0
        for match in _TOKEN.finditer(self._text):
            self._only_blanks(end, match.start())
            tokens.append((match.group(), match.start()))
            end = match.end()
        self._only_blanks(end, len(self._text))
        return tokens

    def _only_blanks(self, start: int, end: int) -> None:
        gap = self._text[start:end]
        if odd := gap.lstrip():
            position = start + len(gap) - len(odd)
            raise BadCondition(
                self._text, position, f"{odd[0]!r} has no meaning here", "use names, values, =, ( ) and commas only"
            )

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _fail(self, expected: str) -> BadCondition:
        position = self._tokens[self._at][1] if self._at < len(self._tokens) else len(self._text)
        found = repr(self._peek()) if self._peek() else "the end"
        return BadCondition(self._text, position, f"found {found}", f"write {expected}")

    def _take(self, word: str) -> bool:
        if self._peek() != word:
            return False
        self._at += 1
        return True

    def _need(self, word: str) -> None:
        if not self._take(word):
            raise self._fail(repr(word))

    def whole(self) -> _Term:
        term = self._or()
        if self._peek():
            raise self._fail("'and' or 'or' before it, or take it away")
        return term

    def _or(self) -> _Term:
        return self._join("or", self._and)

    def _and(self) -> _Term:
        return self._join("and", self._not)

    def _join(self, word: str, part: Callable[[], _Term]) -> _Term:
        terms = [part()]
        while self._take(word):
            terms.append(part())
        flat: list[_Term] = []
        for term in terms:
            flat.extend(term.terms if isinstance(term, _Joined) and term.word == word else (term,))
        return _Joined(word, tuple(flat)) if len(flat) > 1 else flat[0]

    def _not(self) -> _Term:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise self._fail(f"a flatter condition: no more than {_MAX_DEPTH} levels")
        term = self._bare()
        self._depth -= 1
        return term

    def _bare(self) -> _Term:
        if self._take("not"):
            return _Not(self._not())
        if self._take("("):
            term = self._or()
            self._need(")")
            return term
        return self._test()

    def _test(self) -> _Test:
        name = self._word("a field name in small letters, digits and _", _NAME)
        if self._take("in"):
            return _Test(name, "in", self._values())
        for verb in ("=", "has"):
            if self._take(verb):
                return _Test(name, verb, (self._word("a value", _TOKEN),))
        return _Test(name)

    def _values(self) -> tuple[str, ...]:
        self._need("(")
        values = [self._word("a value", _TOKEN)]
        while self._take(","):
            values.append(self._word("a value", _TOKEN))
        self._need(")")
        return tuple(values)

    def _word(self, expected: str, pattern: re.Pattern[str]) -> str:
        word = self._peek()
        if not word or word in _KEYWORDS or word in "=(),":
            raise self._fail(expected)
        if not pattern.fullmatch(word):
            raise self._fail(expected)
        self._at += 1
        return word
