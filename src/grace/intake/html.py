"""HTML to lines of text, by the standard library: blocks and rows become lines, cells are parted by tabs, links keep where they lead."""

from __future__ import annotations

import re
from html.parser import HTMLParser

MOST = 1 << 20
"""Characters of a body that are read as HTML; a longer one is read as it is written."""
_BLOCKS = frozenset(
    {
        *("address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form", "header", "hr"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul"),
    }
)
_SILENT = frozenset({"script", "style"})
_SPACE = re.compile(r"[ \t\r\n\f\v\u00a0]+")


def text_of(html: str) -> str:
    """The text, one line a block."""
    if len(html) > MOST:
        return html
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return html if reader.is_silenced else reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[list[str]] = [[]]
        self._silent: list[str] = []
        self._links: list[str] = []

    @property
    def is_silenced(self) -> bool:
        """Whether a script or style that never ends swallowed the rest."""
        return bool(self._silent)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag in _BLOCKS:
            self._lines.append([])
        elif tag in {"td", "th"} and self._lines[-1]:
            self._lines[-1].append("\t")
        elif tag == "a":
            self._links.append(next((value or "" for name, value in attrs if name == "href"), ""))

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()
        elif tag in _BLOCKS:
            self._lines.append([])
        elif tag == "a" and self._links:
            target = self._links.pop().strip()
            if target and target.removeprefix("mailto:") not in "".join(self._lines[-1][-3:]):
                self._lines[-1].append(f" <{target}>")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._lines[-1].append(_SPACE.sub(" ", data))

    def text(self) -> str:
        """What was read, without blank lines."""
        lines = ("\t".join(cell.strip() for cell in "".join(line).split("\t")).strip() for line in self._lines)
        return "\n".join(line for line in lines if line)
