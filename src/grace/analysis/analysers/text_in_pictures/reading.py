"""What Tesseract writes, read as a stranger's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from grace.sdk.text import storable

MOST_WORDS = 20_000
_MOST_WORD = 200
_COLUMNS, _WORD = 12, "5"
_BREATHINGS = {0x313: None, 0x314: None, 0x345: None, 0x300: "\u0301", 0x342: "\u0301"}
"""Marks that Greek wrote until 1982: the model sees them in specks."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, how sure the model is of it (0 to 1), and its box on the page: left, top, right, bottom."""

    text: str
    sureness: float
    left: int
    top: int
    right: int
    bottom: int

    @property
    def high(self) -> int:
        """From top to bottom."""
        return self.bottom - self.top

    def covers(self, other: Word) -> bool:
        """Whether most of the other, from left to right, lies in this one."""
        return 2 * (min(self.right, other.right) - max(self.left, other.left)) > other.right - other.left


def words_of(written: bytes) -> list[Word]:
    """The words of a table that Tesseract wrote, in its order. Raises ``ValueError`` for what is not its form."""
    words = []
    for row in written.decode("utf-8", "replace").splitlines()[1 : MOST_WORDS + 1]:
        cells = row.split("\t")
        if len(cells) != _COLUMNS:
            raise ValueError("twelve columns")
        if cells[0] == _WORD and cells[11].strip():
            left, top, width, height = (int(cell) for cell in cells[6:10])
            sureness = min(max(float(cells[10]) / 100, 0.0), 1.0)
            words.append(Word(_spelt(cells[11].strip()), sureness, left, top, left + width, top + height))
    return words


def _spelt(text: str) -> str:
    """As people write: no ligatures, the letter mu for the sign of a millionth, modern Greek, and nothing that no screen shows."""
    plain = unicodedata.normalize("NFKC", text)
    if any("GREEK" in unicodedata.name(letter, "") for letter in plain):
        plain = unicodedata.normalize("NFC", unicodedata.normalize("NFD", plain).translate(_BREATHINGS))
    return storable("".join(letter for letter in plain if letter.isprintable()))[:_MOST_WORD]


def sureness(words: Sequence[Word]) -> float:
    """Of a line: the mean of its words', each by its length; 0 of none."""
    letters = sum(len(word.text) for word in words)
    return sum(word.sureness * len(word.text) for word in words) / letters if letters else 0.0


def with_names(line: Sequence[Word], latin: Sequence[Word]) -> list[Word]:
    """A line of other letters, with the words that are Latin: addresses, and what the line's own model cannot read at all.

    Nothing else: letters of these scripts look alike, and in a short word each model is sure of its own.
    """
    return [_surer(word, [each for each in latin if word.covers(each) and each.covers(word)]) for word in line]


_ADDRESS = re.compile(r"\w@\w|\w[./_]\w|://|\d\w*[a-z]|^@\w")
_SURE, _UNSURE, _LONG = 0.85, 0.5, 4


def _surer(word: Word, others: Sequence[Word]) -> Word:
    best = max(others, key=lambda each: each.sureness, default=word)
    is_address = _ADDRESS.search(best.text) and best.sureness > word.sureness
    is_foreign = best.sureness >= _SURE and word.sureness < _UNSURE and len(best.text) >= _LONG
    return best if is_address or is_foreign else word
