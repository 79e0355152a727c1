"""Titles that are written as names are: of a group, a server, a list or a filter at a service, not of a person there."""

from __future__ import annotations

import re

from grace.identifiers.in_text.hits import lowered, words_before
from grace.identifiers.in_text.words import service_of, words

_TITLED, _LEADS = words("nobody", "titled"), words("names", "naming", "on", "of", "articles", "is", "links", "also")
_OF_SOMEBODY, _MINE, _I_AM = words("names", "names", "persons", "owners", "with", "i_am"), words("names", "mine"), words("names", "i_am")
_SHORTEST, _REACH, _MOST = 4, 96, 3
_WORD = re.compile(r"[^\W\d_]+")


def is_title(text: str, start: int) -> bool:
    """Whether a service's group or list leads to what stands at a place: ``group on Facebook "Swap_in_Leith"``, ``Instagramfilter "x_2"``."""
    if text[start] == "@":
        return False
    before = words_before(text, start, reach=_REACH, sentence=True)
    at = next((place for place, word in enumerate(before) if _is_service(word)), None)
    if at is None or _I_AM.any(before[:at]) or not all(word in _LEADS or word in _TITLED for word in before[:at]):
        return False
    if _is_joined(before[at]) or _TITLED.any(before[:at][-1:]):
        return not _OF_SOMEBODY.any(before)
    near = before[at + 1 : at + 1 + _MOST]
    place = next((place for place, word in enumerate(near) if word in _TITLED), None)
    is_of = place is not None and all(word in _LEADS for word in near[:place])
    return is_of and not any(word in _OF_SOMEBODY or word in _MINE for word in before[at + 2 + len(near[:place]) :])


def _is_service(word: str) -> bool:
    return any(service_of(part) is not None for part in _WORD.findall(lowered(word)))


def _is_joined(word: str) -> bool:
    """Whether a service's word is joined to one for what has a title: ``Discordservern``, ``Facebook-ryhmä``."""
    return any(word[at:] in _TITLED for at in range(_SHORTEST, len(word) - 2))
