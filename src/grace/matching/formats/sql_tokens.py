"""SQL text cut into tokens: read, never run. Bounded: a token without end is refused, and no statement is ever held whole."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid
from grace.matching.formats.json_stream import Bytes

MOST_TOKEN = 1 << 16
_CHUNK = 1 << 16


class Sort(StrEnum):
    """What a token is."""

    WORD = "word"
    TEXT = "text"
    NUMBER = "number"
    BLOB = "blob"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Token:
    """One token; ``said`` is without quotes, a word that stood without quotes is in capitals."""

    sort: Sort
    said: str


_TOKEN = re.compile(
    r"""(?P<blank>\s+|--[^\n]*(?:\n|\Z)|/\*(?:[^*]|\*(?!/))*\*/)
    |(?P<blob>[xX]'[0-9A-Fa-f]*')
    |(?P<text>'(?:[^']|'')*')
    |(?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])
    |(?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<word>[^\W\d]\w*)
    |(?P<sign>\|\||<>|<=|>=|==|!=|[(),;=.<>*+\-/%|?:@$])""",
    re.VERBOSE,
)
_SORTS = {"blob": Sort.BLOB, "text": Sort.TEXT, "quoted": Sort.WORD, "number": Sort.NUMBER, "word": Sort.WORD, "sign": Sort.SIGN}


def tokens(stream: Bytes) -> Iterator[Token]:
    """Every token but blanks and comments. Raises :class:`Invalid` for what is no SQL, or not UTF-8."""
    text = _Text(stream)
    while (found := text.take()) is not None:
        sort, raw = found
        if sort != "blank":
            yield Token(_SORTS[sort], _said(sort, raw))


class _Text:
    """A window on the text, filled as it is read."""

    def __init__(self, stream: Bytes) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._left, self._at, self._is_whole = "", 0, False

    def take(self) -> tuple[str, str] | None:
        """The next token with its sort; None at the end."""
        while True:
            found = _TOKEN.match(self._left, self._at)
            # a token that ends where the window does may go on behind it
            if found and (found.end() < len(self._left) or self._is_whole):
                self._at = found.end()
                return str(found.lastgroup), found[0]
            if self._is_whole:
                if self._at == len(self._left):
                    return None
                raise Invalid(_("This is not SQL, or it breaks off inside a text."), remedy=_("Nothing was loaded."))
            if len(self._left) - self._at > MOST_TOKEN:
                raise Invalid(_("A text in the SQL is longer than %(most)d characters.") % {"most": MOST_TOKEN})
            self._fill()

    def _fill(self) -> None:
        raw = self._stream.read(_CHUNK)
        try:
            more = self._decoder.decode(raw, final=not raw)
        except UnicodeDecodeError as fault:
            raise Invalid(_("The SQL is not UTF-8.")) from fault
        self._left, self._at = self._left[self._at :] + more, 0
        self._is_whole = not raw


def _said(sort: str, raw: str) -> str:
    match sort:
        case "text":
            return raw[1:-1].replace("''", "'")
        case "blob":
            return raw[2:-1]
        case "quoted":
            mark = raw[-1]
            return raw[1:-1].replace(mark * 2, mark) if mark != "]" else raw[1:-1]
        case "word":
            return raw.upper()
    return raw
