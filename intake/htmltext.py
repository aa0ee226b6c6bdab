"""The words of an HTML body, for search and for a clerk; nothing in it is fetched, run or shown as HTML."""

from html.parser import HTMLParser

_LONGEST = 1_000_000
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "h4", "blockquote", "hr"})
_HIDDEN = frozenset({"script", "style", "head", "title", "template"})


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        # Some writers open <head> and never close it: a body shows whatever stood before it.
        self._hidden = 0 if tag == "body" else self._hidden + (tag in _HIDDEN)
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in _HIDDEN))
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def html_words(html: str) -> str:
    """Give the visible text of HTML, one block a line; of broken HTML what could be read."""
    words = _Words()
    try:
        words.feed(html[:_LONGEST])
        words.close()
    except (AssertionError, ValueError):
        words.pieces.append("\n")
    lines = (" ".join(line.split()) for line in "".join(words.pieces).splitlines())
    return "\n".join(line for line in lines if line)
