"""A name behind its service, word by word: ``my snap *is* …``, ``add me on Discord, *I'm* …``.

Words that lead are data (``lexicon/names.toml``). A few others may stand between ("looked for you on kik *yesterday*, are you …"), but
then only what looks like a name by itself is one.
"""

from __future__ import annotations

import re

from grace.identifiers.in_text.judges import is_name, leading_word
from grace.identifiers.in_text.leads import Lead
from grace.identifiers.in_text.names import NAME_HERE, SYMBOLS
from grace.identifiers.in_text.words import service_of, words

_OPEN = r"[\"'`*\u201c\u201d\u201e\u00ab\u00bb\u201a\u2018\u2019\u203a\u2039(\[{<_]{0,3}?"
_BLANKS = r"[ \t\u00a0\u2009\u202f]*"
_CLOSED = rf"(?: ?[\"'`*\u201d\u201c\u00bb\u2019_)\]]{{1,3}}(?=[ \t]*[:=|>,;{SYMBOLS}-]))?"
_SIGN = rf"[:=>|~/\u00bb{SYMBOLS}-]{{1,4}}(?:[ \t]?[{SYMBOLS}|]{{1,2}})?|\.:|!{{1,3}}|#(?=[ ]?[0-9])|@(?=[ ])|[,;?(\t]"
_GAP = re.compile(rf"{_CLOSED}{_BLANKS}(?P<close>[)\]])?(?:(?P<sign>{_SIGN}))?{_BLANKS}(?P<line>\r?\n[ \t]*)?(?P<open>{_OPEN})\s?(?=[\w@])")
_PAUSES = frozenset({",", ";", "?", "!", "!!", "!!!"})
_NAME_OF_PLACE = re.compile(rf"[:\s]{{1,2}}@|\s?:\s|\s(?:\w{{2,6}}\s)?(?:{words('names', 'is').pattern()})\s", re.IGNORECASE)
_MOST_STEPS = 10
_MOST_STRAYS = 4
_MOST_LOOSE = 2
_MOST_OF_A_NAME = 3
_AT_SOON = 48
_LEADS = words("names", "links", "names", "naming", "on", "is", "yes", "sellers")
_CONTRAST, _THERE = words("names", "contrast"), words("names", "there")
_PLACES, _STOPS = words("names", "places"), words("names", "stops")


def name_behind(text: str, at: int, lead: Lead) -> re.Match[str] | None:
    """The name that a service at ``at`` is followed by, past what leads to it; None where something else is said."""
    is_pause = False
    for _ in range(_MOST_STEPS):
        gap = _GAP.match(text, at)
        if (
            gap is None
            or not (gap[0] or text[at - 1] == "\U0001f47b")
            or (gap["line"] and gap["sign"] != ":")
            or gap[0] == "/"
            or (lead.service.plain and (gap["sign"] == "=" or gap[0][:1] == "<"))
        ):
            return None
        is_cell = gap["sign"] in {",", ";"} and " " not in gap[0]  # of a table whose cells commas part
        is_pause = is_pause or (gap["sign"] in _PAUSES and not is_cell)
        if gap["sign"] and (gap["sign"] not in _PAUSES or is_cell) and not (gap["sign"] == "-" and gap[0] == "-"):
            lead.sign = lead.sign if gap["sign"] == "(" else gap["sign"]
        at = gap.end()
        found = NAME_HERE.match(text, at)
        word = leading_word(text, at)
        leads = word is not None and word[0] in _LEADS
        if found and not leads and is_name(text, found, lead, is_pause=is_pause, is_open=bool(gap["open"]) or gap["sign"] == "("):
            return found
        if word and word[0] in _PLACES and _NAME_OF_PLACE.match(text, word[1]):
            leads = True
        leads = leads or (word is not None and _is_but_there(text, word, lead))
        if word is None or text[at] == "@" or not _may_pass(text, at, word[0], lead, leads=leads, is_pause=is_pause):
            return None
        is_pause = is_pause and not leads
        lead.step(word[0], leads=leads)
        at = word[1]
    return None


def _is_but_there(text: str, word: tuple[str, int], lead: Lead) -> bool:
    """Whether a word and the one beside it say "but there", as in "on Snap too, *but there* kite.77"."""
    if word[0] not in _CONTRAST:
        return False
    following = leading_word(text, word[1] + 1)
    is_there = lead.last in _THERE or (following is not None and following[0] in _THERE)
    lead.mine_between = lead.mine_between or is_there
    return is_there


def _may_pass(text: str, at: int, word: str, lead: Lead, *, leads: bool, is_pause: bool) -> bool:
    """Whether the way to a name goes on behind this word."""
    if service_of(word):
        return False
    if leads:
        return True
    if lead.sign and text[at].isupper() and lead.strays < _MOST_OF_A_NAME and "(" in text[at : at + _AT_SOON]:
        return True  # "Facebook: Mara Lind (mara.lind.9)"
    if is_pause or lead.sign or lead.strays >= _MOST_STRAYS or word in _STOPS:
        return False
    return lead.is_led or lead.strays < _MOST_LOOSE or text.find("@", at, at + _AT_SOON) > 0
