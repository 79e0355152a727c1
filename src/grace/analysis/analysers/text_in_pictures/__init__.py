"""Text in pictures: where lines of it may be is looked for here; what they say Tesseract reads, where it is installed.

Each line is cut out and laid on a page, black on white and of one size, so that a bubble of a chat, a dark screen and a sheet of
paper are read alike. The model of Latin letters reads first; what it is not sure of is shown to those of Greek and Cyrillic, and the
surest stands. What none is sure of is not told: every reader sees letters in grass and gravel.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from grace.analysis.analysers.identifiers import ANALYSER as IDENTIFIERS
from grace.analysis.analysers.language import ANALYSER as LANGUAGE
from grace.analysis.analysers.pixels import luma, pixels_of
from grace.analysis.analysers.text_in_pictures import lines
from grace.analysis.analysers.text_in_pictures.page import Page, Place, lay
from grace.analysis.analysers.text_in_pictures.reading import Word, sureness, with_names, words_of
from grace.sdk.analysis import MOST_SEEN, MOST_VALUE, AnalyserInfo, Ask, Cost, Finding, Seen, Subject, Takes, Text
from grace.sdk.signals import Basis

FIRST, FURTHER = "Latin", ("Greek", "Cyrillic")
SURE = 0.88
"""Where most lines are read so surely by the first model, these are shown to no other."""
_USUAL = 0.12
"""By so much another script than the picture's usual one must be surer: letters of the three look alike."""
ON_THE_WHOLE, ENOUGH_LETTERS, ENOUGH_IN_A_LINE = 0.55, 20, 6
"""Where the letters of a picture, so many at least and so many a line, are on the whole read so surely, it is of text, and lines are believed sooner.

What is read in photos without text is on the whole less than 0.4, and two or three letters a line.
"""
_LEAST_LETTERS = {True: 4, False: 6}
_LEAST = {(True, True): 0.45, (True, False): 0.6, (False, True): 0.75, (False, False): 0.93}
"""How sure a line must be, by whether the picture is of text and whether the line has that many letters and figures."""
_NO_HIGHER = 1.15
_MOST_SAID = 300
_SIDE = 4096
Reading = tuple[Place, str, list[Word]]
"""A place of the page, the script of the model that reads it best, and its words."""


class TextInPictures:
    """The analyser."""

    info = AnalyserInfo(
        name="text_in_pictures",
        version="2",
        cost=Cost.DEAR,
        licence="Apache-2.0; asks Tesseract (Apache-2.0), a program of its own",
        takes=Takes.PICTURE,
        gives={
            "writing": "a line of text as it was read, with how sure the reader is; the fact *script* names its letters",
            **LANGUAGE.info.gives,
            **IDENTIFIERS.info.gives,
        },
        most_side=_SIDE,
        programs=("tesseract",),
    )

    def warm_up(self) -> None:
        """Load what tells languages and finds identifiers: once, for these analysers too."""
        LANGUAGE.warm_up()
        IDENTIFIERS.warm_up()

    def examine(self, subject: Subject, ask: Ask) -> Seen:
        """Which identifiers were read, what the text is written in, and its lines. All of it is an estimate."""
        grey = np.round(luma(pixels_of(subject))).astype(np.uint8)
        found = lines.find(grey)
        if not found:
            return ()
        page = lay(grey, found)
        height, width = grey.shape
        read = _in_small_letters(list(_read(page, ask)))
        every = [word for _, _, words in read for word in words]
        of_text = _letters(every) >= max(ENOUGH_LETTERS, ENOUGH_IN_A_LINE * len(read)) and sureness(every) >= ON_THE_WHOLE
        told = [
            (line, script, words, _where(place, words, width, height))
            for place, script, words in read
            if (line := _line(words, of_text=of_text))
        ]
        return tuple(_findings(told))[:MOST_SEEN]


def _read(page: Page, ask: Ask) -> Iterator[Reading]:
    """The surest reading of each place, with the script of the model that it is of."""
    first = _by_place(words_of(ask("tesseract", FIRST, page.written())), page.places)
    sure = {place for place, words in zip(page.places, first, strict=True) if sureness(words) >= SURE}
    readings = {FIRST: first}
    if len(sure) < len(page.places):
        mostly = 2 * len(sure) > len(page.places)
        rest = page.written(without=sure if mostly else ())
        readings |= {script: _by_place(words_of(ask("tesseract", script, rest)), page.places) for script in FURTHER}
    usual = max(readings, key=lambda script: sum(sureness(words) * _letters(words) for words in readings[script]))
    for number, place in enumerate(page.places):
        here = {script: rows[number] for script, rows in readings.items()}
        script = max(here, key=lambda each: sureness(here[each]) + (_USUAL if each == usual else 0))
        yield place, script, here[script] if script == FIRST else with_names(here[script], here[FIRST])


def _in_small_letters(read: list[Reading]) -> list[Reading]:
    """Words of capitals that stand no higher than the small letters around are small: Greek and Cyrillic write many alike."""
    usual = [
        place.line.height
        for place, _, words in read
        if sum(letter.islower() for word in words for letter in word.text) * 2 > _letters(words)
    ]
    if not usual:
        return read
    most = _NO_HIGHER * float(np.median(usual))
    return [
        (place, script, words if script == FIRST else [_small(word) if word.high / place.scale <= most else word for word in words])
        for place, script, words in read
    ]


def _small(word: Word) -> Word:
    return replace(word, text=word.text.lower()) if word.text.isupper() and len(word.text) > 1 else word


def _letters(words: Sequence[Word]) -> int:
    return sum(len(word.text) for word in words)


def _by_place(words: Sequence[Word], places: Sequence[Place]) -> list[list[Word]]:
    """The words of each place from left to right: a word belongs where its middle lies."""
    rows: list[list[Word]] = [[] for _ in places]
    for word in words:
        middle = (word.top + word.bottom) // 2
        for row, place in zip(rows, places, strict=True):
            if place.top - 8 <= middle < place.bottom + 8:
                row.append(word)
                break
    return [sorted(row, key=lambda word: word.left) for row in rows]


def _line(words: Sequence[Word], *, of_text: bool) -> str:
    """The text of a line that can be relied on; empty where it cannot."""
    text = " ".join(word.text for word in words)
    letters = sum(map(str.isalnum, text))
    return text[:MOST_VALUE] if letters and sureness(words) >= _LEAST[of_text, letters >= _LEAST_LETTERS[of_text]] else ""


def _where(place: Place, words: Sequence[Word], width: int, height: int) -> str:
    boxes = [place.box(word.left, word.top, word.right, word.bottom) for word in words]
    left, top = min(box[0] for box in boxes) / width, min(box[1] for box in boxes) / height
    right, bottom = max(box[2] for box in boxes) / width, max(box[3] for box in boxes) / height
    left, top, right, bottom = (min(max(share, 0.0), 1.0) for share in (left, top, right, bottom))
    return f"box:{left:.4f},{top:.4f},{right - left:.4f},{bottom - top:.4f}"


def _findings(told: Sequence[tuple[str, str, list[Word], str]]) -> Iterator[Finding]:
    said = told[:_MOST_SAID]
    whole = "\n".join(text for text, _, _, _ in said)
    if whole:
        yield from _identifiers(whole, said)
        yield from (replace(found, basis=Basis.MODEL) for found in LANGUAGE.examine(Text("", whole)) if isinstance(found, Finding))
    for text, script, words, where in said:
        yield Finding("writing", text, Basis.MODEL, where, round(sureness(words), 3), {"script": script})


def _identifiers(whole: str, said: Sequence[tuple[str, str, list[Word], str]]) -> Iterator[Finding]:
    """What identifies somebody in the lines, with the box and the sureness of the line in which it begins."""
    begins = np.cumsum([0, *(len(text) + 1 for text, _, _, _ in said)])
    for found in IDENTIFIERS.examine(Text("", whole)):
        if isinstance(found, Finding):
            start = int(found.where.removeprefix("text:").partition(",")[0])
            _, _, words, where = said[int(np.searchsorted(begins, start, "right")) - 1]
            yield replace(found, basis=Basis.MODEL, where=where, confidence=round(sureness(words), 3))


ANALYSER = TextInPictures()
