"""A text as a reader of HTML, of JSON or of wide letters sees it, every character at its place: marks become blanks, cells and lines are parted."""

from __future__ import annotations

import re
from html import unescape

_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]{0,10})(?:\s[^<>]{0,200})?/?>")
_BRACKETED = re.compile(r"\[/?(?:b|i|u|s|url|quote|email|color|size|code|img|spoiler)(?:=[^\]\n]{0,120})?\]", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{2,5}|#[xX][0-9a-fA-F]{2,4}|[A-Za-z]{2,6});")
_ESCAPE = re.compile(r"\\[nrt\"/]")
_LONGEST_VALUE = 64
_CELLS = frozenset({"td", "th", "dd", "dt"})
_LINES = frozenset({"br", "p", "div", "li", "tr", "ul", "ol", "dl", "table", "h1", "h2", "h3", "h4", "h5", "h6"})
_WITHIN = frozenset(
    {"b", "i", "u", "em", "strong", "span", "a", "font", "small", "code", "label", "tt", "s", "mark", "q", "cite", "pre", "html", "body"}
)
_WIDE: dict[int, int | str] = {
    **{0xFF01 + at: 0x21 + at for at in range(94)},
    **dict.fromkeys((0x200B, 0x2060, 0xFEFF, 0x200E, 0x200F, 0x00AD), " "),
}
"""Wide forms of ASCII as themselves, and what nobody sees as a blank."""
_ESCAPED = {"n": "\n ", "r": "\n ", "t": "\t ", '"': ' "', "/": " /"}


def seen(text: str) -> str:
    """The text without what marks it up; as long as before, so that places stay what they are."""
    if not text.isascii():
        text = text.translate(_WIDE)
    if "<" in text and ">" in text:
        text = _TAG.sub(_as_tag, text)
    if "[/" in text:
        text = _BRACKETED.sub(lambda found: " " * len(found[0]), text)
    if "&" in text and ";" in text:
        text = _ENTITY.sub(_as_entity, text)
    return _ESCAPE.sub(_as_escape, text) if "\\" in text else text


def _as_tag(found: re.Match[str]) -> str:
    name = found["name"].lower()
    if name in _CELLS:
        return ("" if found["close"] else "|").ljust(len(found[0]))
    if name in _LINES:
        return (" " if found["close"] and name != "tr" else "\n").ljust(len(found[0]))
    if name not in _WITHIN and len(found[0]) - len(name) <= len("</>"):
        return _as_element(found)
    return " " * len(found[0]) if name in _WITHIN else found[0]


def _as_element(found: re.Match[str]) -> str:
    """An element of XML as a line of a record: ``<username>kite_77</username>`` as ``username: kite_77``."""
    if found["close"]:
        return "\n".ljust(len(found[0]))
    is_closed = found.string.find(f"</{found['name']}>", found.end(), found.end() + _LONGEST_VALUE) > 0
    return f" {found['name']}:" if is_closed else found[0]


def _as_entity(found: re.Match[str]) -> str:
    plain = unescape(found[0])
    if len(plain) != 1:
        return found[0]
    return " " * len(found[0]) if plain == "@" else plain.rjust(len(found[0]))  # a place must not begin within a mark


def _as_escape(found: re.Match[str]) -> str:
    return _ESCAPED[found[0][1]]
