"""A name behind its service, word by word: ``my snap *is* …``, ``add me on Discord, *I'm* …``.

Words that lead are data (``words.toml``). A few others may stand between ("looked for you on kik *yesterday*, are you …"), but
then only what looks like a name by itself is one.
"""

from __future__ import annotations

import re

from grace.identifiers.in_text.judges import is_name, leading_word
from grace.identifiers.in_text.leads import Lead
from grace.identifiers.in_text.names import NAME_HERE
from grace.identifiers.in_text.words import service_of, words

_GAP = re.compile(
    r"[ \t\u00a0]*(?:[)\]]?(?P<sign>[:=\u2192\u2794\u279c\u27a1\u21d2\u25b6\u2022\u00b7\ufe0f>|~\u2013\u2014/-]{1,3}|,|;|\?|\())?[ \t\u00a0]*(?P<line>\r?\n[ \t]*)?"
    r"(?P<open>[\"'`*\u201c\u201d\u201e\u00ab\u00bb\u201a\u2018\u2019(\[<_]{0,3}?)\s?(?=[\w@])"
)
_PAUSES = frozenset({",", ";", "?"})
_MOST_STEPS = 10
_MOST_STRAYS = 4


def name_behind(text: str, at: int, lead: Lead) -> re.Match[str] | None:
    """The name that a service at ``at`` is followed by, past what leads to it; None where something else is said."""
    is_pause = False
    for _ in range(_MOST_STEPS):
        gap = _GAP.match(text, at)
        if gap is None or not gap[0] or (gap["line"] and gap["sign"] != ":") or gap["sign"] == "/":
            return None
        is_pause = is_pause or gap["sign"] in _PAUSES
        if gap["sign"] and gap["sign"] not in _PAUSES and not (gap["sign"] == "-" and gap[0] == "-"):
            if lead.strays and gap["sign"] != "(":
                return None
            lead.sign = lead.sign if gap["sign"] == "(" else gap["sign"]
        at = gap.end()
        found = NAME_HERE.match(text, at)
        word = leading_word(text, at)
        leads = word is not None and _leads(word[0])
        if found and not leads and is_name(text, found, lead, is_pause=is_pause, is_open=bool(gap["open"]) or gap["sign"] == "("):
            return found
        if word and word[0] in words("handles", "places") and text[word[1] : word[1] + 2] == " @":
            leads = True
        if word is None or text[at] == "@" or not _may_pass(word[0], lead, leads=leads, is_pause=is_pause):
            return None
        is_pause = is_pause and not leads
        lead.step(word[0], leads=leads)
        at = word[1]
    return None


def _leads(word: str) -> bool:
    return any(word in words("handles", table) for table in ("links", "names", "naming", "on"))


def _may_pass(word: str, lead: Lead, *, leads: bool, is_pause: bool) -> bool:
    """Whether the way to a name goes on behind this word."""
    if service_of(word):
        return False
    if leads:
        return True
    return not is_pause and not lead.sign and lead.strays < _MOST_STRAYS and word not in words("handles", "stops") and lead.is_led
