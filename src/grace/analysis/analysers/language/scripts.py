"""The scripts of a text, by the names of its characters in Unicode, and the languages of the Union that are written in each."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

MOST_MARKUP, MOST_TEXT = 64_000, 8_000
"""Characters that are looked through for text, and characters of text that are looked at: more tell no more of a language."""


def codes(written: str) -> frozenset[str]:
    """Codes of languages, written with spaces between them."""
    return frozenset(written.split())


LANGUAGES: Mapping[str, frozenset[str]] = {
    "Latn": codes("cs da de en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv"),
    "Cyrl": frozenset({"bg"}),
    "Grek": frozenset({"el"}),
}
OTHER_SCRIPT = "Zzzz"
MOST_SCRIPTS = 8
_CODES = {
    "ARABIC": "Arab", "ARMENIAN": "Armn", "BENGALI": "Beng", "CJK": "Hani", "CYRILLIC": "Cyrl", "DEVANAGARI": "Deva", "ETHIOPIC": "Ethi",
    "GEORGIAN": "Geor", "GREEK": "Grek", "GUJARATI": "Gujr", "GURMUKHI": "Guru", "HANGUL": "Hang", "HEBREW": "Hebr", "HIRAGANA": "Hira",
    "KANNADA": "Knda", "KATAKANA": "Kana", "KHMER": "Khmr", "LAO": "Laoo", "LATIN": "Latn", "MALAYALAM": "Mlym", "MONGOLIAN": "Mong",
    "MYANMAR": "Mymr", "ORIYA": "Orya", "SINHALA": "Sinh", "TAMIL": "Taml", "TELUGU": "Telu", "THAANA": "Thaa", "THAI": "Thai",
    "TIBETAN": "Tibt",
}  # fmt: skip
_MARKUP = re.compile(
    r"<(script|style)\b[^<>]{0,1000}>.*?(?:</\1>|\Z)|<!--.*?(?:-->|\Z)|<[/!?a-z][^<>]{0,1000}>|&[a-z]{1,10};", re.IGNORECASE | re.DOTALL
)
"""As a browser reads it, what is not closed goes on to the end: so that the time taken grows with the length alone."""
_NO_WORD = re.compile(r"://|[@#\d_]|^www\.", re.IGNORECASE)


def readable(text: str) -> str:
    """The words of a text: without markup, addresses, names at services and numbers; letters of fancy fonts are the letters they show."""
    plain = unicodedata.normalize("NFKC", _MARKUP.sub(" ", text[:MOST_MARKUP])[:MOST_TEXT])[:MOST_TEXT]
    return " ".join(word for word in plain.split() if not _NO_WORD.search(word))


def scripts(text: str) -> dict[str, float]:
    """The share of each script in the letters of a text, the largest first, by ISO 15924 code; no more than ``MOST_SCRIPTS``."""
    letters = Counter(character for character in text if character.isalpha())
    found: Counter[str] = Counter()
    for character, times in letters.items():
        found[_script(character)] += times
    whole = found.total()
    return {name: times / whole for name, times in sorted(found.items(), key=lambda each: (-each[1], each[0]))[:MOST_SCRIPTS]}


def _script(letter: str) -> str:
    return _CODES.get(unicodedata.name(letter, "").partition(" ")[0], OTHER_SCRIPT)
