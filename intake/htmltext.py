"""The words of an HTML body, for search and for a clerk; nothing in it is fetched, run or shown as HTML."""

import base64
import binascii
import re
from dataclasses import dataclass
from html.parser import HTMLParser

_LONGEST = 1_000_000
_MOST_PICTURES = 20
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "h4", "blockquote", "hr"})
_HIDDEN = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg"})
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "area", "base", "embed", "source", "wbr"})
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:font-size|max-height|opacity)\s*:\s*0(?![.\d]*[1-9])", re.IGNORECASE
)
_DATA = re.compile(r"data:image/[a-z0-9.+-]{1,20};base64,", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Html:
    """What an HTML body shows: its words, where its links lead, and the pictures that stand in it as text."""

    words: str = ""
    links: tuple[str, ...] = ()
    pictures: tuple[bytes, ...] = ()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.links: list[str] = []
        self.pictures: list[bytes] = []
        self._hidden: list[str] = []
        """The tags that are open inside a hidden one, it first."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "body":
            # Some writers open <head> and never close it: a body shows whatever stood before it.
            self._hidden.clear()
        if tag not in _VOID and (self._hidden or tag in _HIDDEN or _hides(said)):
            self._hidden.append(tag)
        if tag in _BLOCKS:
            self.pieces.append("\n")
        if tag == "a" and said.get("href"):
            self.links.append(said["href"] or "")
        if tag == "img" and len(self.pictures) < _MOST_PICTURES:
            self.pictures += _embedded(said.get("src") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            del self._hidden[len(self._hidden) - 1 - self._hidden[::-1].index(tag) :]
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def read_html(html: str) -> Html:
    """Read the visible text of HTML, one block a line, its links and embedded pictures; of broken HTML a part."""
    words = _Words()
    try:
        words.feed(html[:_LONGEST])
        words.close()
    except (AssertionError, ValueError):
        words.pieces.append("\n")
    lines = (" ".join(line.split()) for line in "".join(words.pieces).splitlines())
    return Html("\n".join(line for line in lines if line), tuple(words.links), tuple(words.pictures))


def _hides(said: dict[str, str | None]) -> bool:
    return "hidden" in said or _HIDING.search((said.get("style") or "")[:2000]) is not None


def _embedded(source: str) -> list[bytes]:
    found = _DATA.match(source)
    if found is None:
        return []
    try:
        return [base64.b64decode("".join(source[found.end() :].split()))]
    except (binascii.Error, ValueError):
        return []
