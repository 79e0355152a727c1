"""What a finder of one kind says, and the room around it that decides doubtful cases."""

from __future__ import annotations

import re
from typing import NamedTuple

LETTER = r"A-Za-z0-9\u00c0-\u02af\u0370-\u1fff\u2c00-\u2fef\u3040-\ud7ff\uf900-\ufdcf"
"""For use inside a set: letters and digits, without ``_`` and without the punctuation of any script."""
MARKS = r"\u0300-\u036f"
"""For use inside a set: accents that stand behind their letters, as some systems write ``ö``; never the beginning of a word."""

_WORD = re.compile(r"[^\W\d_](?:[^\W_]|['\u2019.-](?=[^\W_])){0,40}|[\u00a7\u2116\u00b0#]+")

_LETTERS = re.compile(r"[^\W\d_]+|👻")
_SENTENCE_END = re.compile(r"[.;!?|](?=\s)")


class Hit(NamedTuple):
    """An identifier in a text: code points ``start`` to ``end``, its normal spelling, the service where one is told."""

    start: int
    end: int
    normal: str
    service: str | None = None


def vocabulary(text: str) -> frozenset[str]:
    """The words of a text, letters only, in lower case: what is not among them need not be looked for."""
    return frozenset(_LETTERS.findall(lowered(text)))


def lowered(text: str) -> str:
    """A text in lower case, as long as before: the capital dotted I of Turkish is the one letter that would become two."""
    return text.replace("\u0130", "i").lower()


def words_before(text: str, at: int, *, reach: int = 40, sentence: bool = False) -> list[str]:
    """The words on the same line (or in the same sentence) before a place, nearest first, in lower case."""
    line = text[max(0, at - reach) : at].rpartition("\n")[2]
    if sentence:
        line = _SENTENCE_END.split(line)[-1]
    return [word.lower() for word in reversed(_WORD.findall(line))]


def words_behind(text: str, at: int, *, reach: int = 24) -> list[str]:
    """The words on the same line behind a place, nearest first, in lower case."""
    return [word.lower() for word in _WORD.findall(text[at : at + reach].partition("\n")[0])]
