"""What leads from a service to a name behind it, word by word: ``my snap *is* …``, ``add me on Discord, *I'm* …``.

Words that lead are data (``words.toml``). A few others may stand between ("looked for you on kik *yesterday*, are you …"), but
then only what looks like a name by itself is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from grace.identifiers.in_text.hits import LETTER, words_before
from grace.identifiers.in_text.names import (
    CLOSE,
    END,
    NAME_HERE,
    Look,
    is_behind_at,
    is_counted,
    is_host,
    is_letters_then_digits,
    is_plain_name,
    look_of,
)
from grace.identifiers.in_text.words import Service, service_of, words

_GAP = re.compile(
    r"[ \t\u00a0]*(?:[)\]]?(?P<sign>[:=\u2192>|~\u2013\u2014/-]{1,3}|,|;|\?|\())?[ \t\u00a0]*(?P<line>\r?\n[ \t]*)?"
    r"(?P<open>[\"'`*\u201c\u201d\u201e\u00ab\u00bb\u201a\u2018\u2019(\[<_]{0,3}?)\s?(?=[\w@])"
)
_LEADING = re.compile(rf"[{LETTER}'\u2019]+(?![{LETTER}_@.#]|\.[{LETTER}])|[{LETTER}'\u2019]+(?=\.?\s|[:,-])")
_NUMBER = re.compile(r"[0-9][0-9-]{4,12}")
_PAUSES = frozenset({",", ";", "?"})
_WITH_TAGS = frozenset({"discord", "battlenet"})
_MOST_STEPS = 10
_MOST_STRAYS = 4


@dataclass
class Lead:
    """What stands around a service and before a possible name.

    ``is_mine``: somebody speaks of a contact; ``is_named``: of a name; ``is_told``: "is" or "name" stands right before it;
    ``is_where``: "on" stands before the service, as in "he said on Telegram: …"; ``strays``: words that lead nowhere.
    """

    service: Service
    text: str
    start: int
    is_in_list: bool = False
    is_compound: bool = False
    is_told: bool = False
    is_beside: bool = True
    sign: str = ""
    steps: int = 0
    strays: int = 0
    mine_between: bool = False
    named_between: bool = False

    @cached_property
    def before(self) -> list[str]:
        return words_before(self.text, self.start, reach=56, sentence=True)

    @cached_property
    def is_where(self) -> bool:
        return not words("handles", "on").isdisjoint(self.before[:1])

    @property
    def is_mine(self) -> bool:
        return self.is_in_list or self.mine_between or not words("handles", "mine").isdisjoint(self.before[:6])

    @property
    def is_named(self) -> bool:
        return self.is_compound or self.named_between or not words("handles", "names").isdisjoint(self.before[:3])

    @property
    def is_led(self) -> bool:
        return self.is_mine or self.is_named

    @property
    def is_strong(self) -> bool:
        """Whether a text without a mark may be a name here: ``my snap is …``, ``kik - …``, ``Insta name: …``."""
        if self.sign:
            return not self.service.plain or self.is_led
        return self.is_compound or (self.steps > 0 and self.is_led)

    def step(self, word: str) -> None:
        """Past a word that leads on, or a stray one."""
        is_name, is_naming = word in words("handles", "names"), word in words("handles", "naming")
        self.is_beside = is_name or is_naming or word in words("handles", "links") or word in words("handles", "on")
        self.steps += self.is_beside
        self.strays += not self.is_beside
        self.is_told = self.is_told or is_name or is_naming or word in words("handles", "is")
        self.named_between = self.named_between or is_name or is_naming
        self.mine_between = self.mine_between or word in words("handles", "mine")


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
        word = _leading(text, at)
        leads = word is not None and _leads(word[0])
        if found and not leads and _is_name(text, found, lead, is_pause=is_pause, is_open=bool(gap["open"]) or gap["sign"] == "("):
            return found
        if word is None or text[at] == "@" or not _may_pass(word[0], lead, leads=leads, is_pause=is_pause):
            return None
        is_pause = is_pause and not leads
        lead.step(word[0])
        at = word[1]
    return None


def _leading(text: str, at: int) -> tuple[str, int] | None:
    leading = _LEADING.match(text, at)
    return (leading[0].lower().replace("\u2019", "'"), leading.end()) if leading else None


def _leads(word: str) -> bool:
    return any(word in words("handles", table) for table in ("links", "names", "naming", "on"))


def _may_pass(word: str, lead: Lead, *, leads: bool, is_pause: bool) -> bool:
    """Whether the way to a name goes on behind this word."""
    if service_of(word):
        return False
    if leads:
        return True
    return not is_pause and not lead.sign and lead.strays < _MOST_STRAYS and word not in words("handles", "stops") and lead.is_led


def _is_name(text: str, found: re.Match[str], lead: Lead, *, is_pause: bool, is_open: bool) -> bool:
    name, end = found["name"], found.end()
    if not _ends(text, end):
        return False
    if found["at"]:
        return is_behind_at(name) and (lead.is_beside or look_of(name) > Look.WORD)
    if found["tag"]:
        return not is_counted(name) and (lead.service.name in _WITH_TAGS or lead.is_strong)
    if lead.service.numbers and _NUMBER.fullmatch(name):
        return bool(lead.sign or lead.steps or lead.is_mine)
    look = look_of(name)
    if look is Look.NONE:
        return False
    if lead.service.logs and not lead.is_led:
        return False
    if lead.strays or (is_pause and not lead.steps):
        return _is_clear(text, name, end, look, lead)
    is_closed = is_open and bool(CLOSE.match(text, end))
    return _LOOKS[look](text, name, end, lead, is_closed)


def _ends(text: str, end: int) -> bool:
    """Whether a name may end here: a slash leads into a path, or on to the next service or name."""
    if text[end : end + 1] != "/":
        return True
    following = _leading(text, end + 1)
    return text[end + 1 : end + 2] == "@" or (following is not None and service_of(following[0]) is not None)


def _is_clear(text: str, name: str, end: int, look: Look, lead: Lead) -> bool:
    """Behind stray words and pauses a contact must be spoken of, and the name must look like one."""
    if not lead.is_led or lead.service.plain:
        return lead.is_led and look is Look.UNDERSCORED
    is_pointed_at = lead.is_beside and END.match(text, end) is not None
    return look is Look.UNDERSCORED or (is_pointed_at and (look is Look.MIXED or (look is Look.DOTTED and not is_host(name))))


def _underscored(_text: str, name: str, _end: int, lead: Lead, is_closed: bool) -> bool:
    if lead.service.plain and name.isupper():
        return False  # a constant of a program
    return not lead.service.plain or bool(lead.sign) or lead.is_led or is_closed


def _dotted(text: str, name: str, end: int, lead: Lead, is_closed: bool) -> bool:
    if lead.service.plain:
        return lead.is_strong or (bool(lead.sign) and any(map(str.isdigit, name)))
    return bool(lead.sign or lead.is_led or is_closed) or (not is_host(name) and END.match(text, end) is not None)


def _mixed(text: str, name: str, end: int, lead: Lead, is_closed: bool) -> bool:
    if lead.service.plain:
        return lead.is_strong or (":" in lead.sign and is_letters_then_digits(name))
    if lead.is_strong or lead.is_mine or lead.is_told or is_closed:
        return True
    return not lead.steps and not lead.is_where and is_letters_then_digits(name) and END.match(text, end) is not None


def _word(text: str, name: str, end: int, lead: Lead, is_closed: bool) -> bool:
    """A mere word: "my insta is ..." tells far more often how it is than what somebody is called there."""
    if not lead.is_named and (lead.service.plain or not (lead.sign or is_closed)):
        return False
    is_led = lead.is_told or (bool(lead.sign) and not (lead.is_where and not lead.is_led)) or (is_closed and lead.is_named)
    return lead.is_strong and is_led and is_plain_name(text, name, end, is_capital=lead.is_named or is_closed)


_LOOKS = {Look.UNDERSCORED: _underscored, Look.DOTTED: _dotted, Look.MIXED: _mixed, Look.WORD: _word}
