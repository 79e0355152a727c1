"""HTML to lines of text: blocks and rows become lines, cells are parted by tabs, links keep where they lead.

A scanner of our own that looks at each character a bounded number of times: the standard library's parser needs a minute
for 64 KiB of ``<a``. Where markup never ends, the rest is shown as it is written, so that nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

_BLOCKS = frozenset(
    {
        *("address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form", "header", "hr"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul"),
    }
)
_SILENT = frozenset({"script", "style"})
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_LONGEST_TAG = 4096
_LEVELS = 100
"""Links inside links that are followed."""


def text_of(html: str) -> str:
    """The text, one line a block, without blank lines."""
    lines: list[list[str]] = [[]]
    links: list[str] = []
    for tag, closes, said in _pieces(html):
        if tag in _BLOCKS:
            lines.append([])
        elif tag in {"td", "th"} and not closes and lines[-1]:
            lines[-1].append("\t")
        elif tag == "a" and not closes:
            links = [*links[-_LEVELS:], _target(said)]
        elif tag == "a" and links:
            target = links.pop()
            if target and target.removeprefix("mailto:") not in "".join(lines[-1][-3:]):
                lines[-1].append(f" <{target}>")
        elif not tag:
            lines[-1].append(_SPACE.sub(" ", unescape(said)))
    joined = ("\t".join(cell.strip() for cell in "".join(line).split("\t")).strip() for line in lines)
    return "\n".join(line for line in joined if line)


def _target(tag: str) -> str:
    found = _HREF.search(tag[:_LONGEST_TAG])
    return unescape(found[1] or found[2] or found[3] or "").strip() if found else ""


def _pieces(html: str) -> Iterator[tuple[str, bool, str]]:
    """Name of a tag (empty for text), whether it closes, and the tag or the text itself."""
    place = 0
    while (start := html.find("<", place)) >= 0:
        if start > place:
            yield "", False, html[place:start]
        if html.startswith("<!--", start):
            end = html.find("-->", start + 4) + 2
        elif html.startswith(("<!", "<?"), start) or _TAG.match(html, start):
            end = html.find(">", start)
        else:
            yield "", False, "<"
            place = start + 1
            continue
        if end <= start:  # it never ends
            yield "", False, html[start:]
            return
        found = _TAG.match(html, start)
        if found:
            name = found[2].lower()
            yield name, bool(found[1]), html[start : end + 1]
            if name in _SILENT and not found[1]:
                close = re.compile(f"</{name}", re.IGNORECASE).search(html, end)
                if close is None:
                    yield "", False, html[start:]
                    return
                end = close.start() - 1
        place = end + 1
    yield "", False, html[place:]
