"""What stands around a service and before a possible name: how much of it speaks of a name there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from grace.identifiers.in_text.hits import lowered, words_before
from grace.identifiers.in_text.words import Service, words

_STRONG = frozenset(
    {
        *":=>-\uff1a\u2013\u2014\u2015\u00bb\u203a\u25b6\u25b8\u25ba\u2794\u2798\u279c\u279e\u27a1\u27a4\u2b95",
        *map(chr, range(0x2190, 0x2200)),
        *map(chr, range(0x27F0, 0x2800)),
    }
)
"""Signs that lead from a service to a name; others, as ``|`` and bullets, part one thing from the next."""
_SHORT, _SHORTEST = 2, 4
_KEY = re.compile(r"([\"'])[\w.-]{1,24}\1\s?:")
_NAMES, _NAMING, _IS = (words("names", table) for table in ("names", "naming", "is"))
_MINE = words("names", "mine", "calls")
_DEALS, _FROM, _SELLERS, _THINGS, _KNOWN = (words("names", table) for table in ("deals", "from", "sellers", "things", "known"))
_GROUPS, _CHANNELS = words("names", "groups"), words("names", "channels")
_WITH_CHANNELS = frozenset({"telegram", "discord", "whatsapp", "slack", "viber"})
_AS, _UNDER, _ON, _SAID, _CALLS, _PLACES = (words("names", table) for table in ("as", "under", "on", "said", "calls", "places"))


@dataclass
class Lead:
    """What stands around a service and before a possible name.

    ``kin``: the letters of names that are found already; ``is_told``: "is" or "name" stands between; ``is_said``: "is" or "called" does; ``is_beside``: the
    last word between leads to a name; ``sign``: such as ":"; ``steps``: words that lead to one; ``strays``: words that
    lead nowhere; ``is_called_as``: "find me as"
    or "under the name" stands between; ``is_under``: a word that only names follow does; ``is_loose``: such a one stands where nobody had spoken of a contact; ``is_past_sign``: words
    stand between the sign and the name; ``last``: the last word; ``is_from``: it, or one for a seller behind it, says with whom
    somebody deals, as in "bought on eBay *from*".
    """

    service: Service
    text: str
    start: int
    end: int = 0
    is_in_list: bool = False
    is_compound: bool = False
    is_inflected: bool = False
    kin: frozenset[str] = frozenset()
    is_told: bool = False
    is_said: bool = False
    is_beside: bool = True
    sign: str = ""
    steps: int = 0
    strays: int = 0
    mine_between: bool = False
    named_between: bool = False
    called_between: bool = False
    is_called_as: bool = False
    is_under: bool = False
    placed_between: bool = False
    is_loose: bool = False
    is_past_sign: bool = False
    last: str = ""
    group_between: bool = False
    is_from: bool = False

    @cached_property
    def before(self) -> list[str]:
        """The words of the sentence before the service, nearest first; those before a key of JSON belong to other keys."""
        return [] if _KEY.match(self.text, max(0, self.start - 1)) else words_before(self.text, self.start, reach=56, sentence=True)

    @cached_property
    def is_where(self) -> bool:
        """Whether "on" stands before the service or in its ending, as in "he said on Telegram: …"."""
        return _ON.any(self.before[:1]) or (self.is_inflected and self.is_saying)

    @cached_property
    def is_saying(self) -> bool:
        """Whether a verb of speech stands before the service: what follows is what was said there."""
        return _SAID.any(self.before[:4])

    @cached_property
    def is_deal(self) -> bool:
        """Whether a verb of dealing with somebody stands before the service: "*bought* a lamp on eBay from"."""
        return _DEALS.any(self.before)

    @property
    def is_of_thing(self) -> bool:
        """Whether a thing on the service is spoken of that has a title: "our *playlist* on Spotify: "."""
        return _THINGS.any(self.before[:3]) or _THINGS.any([self.last])

    @property
    def is_of_group(self) -> bool:
        """Whether a group or a server of the service is spoken of, or a channel that no person is: its title names nobody."""
        around = [*self.before[:3], self.last]
        word = lowered(self.text[self.start : self.end])
        is_joined = _GROUPS.any([word[at:] for at in range(_SHORTEST, len(word) - _SHORTEST)])  # "Discordservern"
        return self.group_between or is_joined or _GROUPS.any(around) or (_CHANNELS.any(around) and self.service.name in _WITH_CHANNELS)

    @property
    def is_short(self) -> bool:
        """Whether two letters name the service: they may stand for anything else too."""
        return self.end - self.start <= _SHORT

    @property
    def is_mine(self) -> bool:
        """Whether somebody speaks of a contact; what somebody said there is none."""
        if self.is_in_list or self.mine_between:
            return True
        return not self.is_saying and _MINE.any(self.before[:6])

    @property
    def is_theirs(self) -> bool:
        """Whether a contact is spoken of, whatever else is said: "he sent it from *his* Snapchat, …"."""
        return self.is_mine or _MINE.any(self.before[:6])

    @property
    def is_placed(self) -> bool:
        """Whether a place of the service is spoken of: "my Twitch channel: "."""
        return self.placed_between or _PLACES.any(self.before[:3])

    @property
    def is_named(self) -> bool:
        """Whether somebody speaks of a name."""
        return self.is_compound or self.named_between or _NAMES.any(self.before[:3]) or _NAMING.any(self.before[:2])

    @property
    def is_led(self) -> bool:
        """Whether a contact or a name is spoken of."""
        return self.is_mine or self.is_named

    @property
    def is_announced(self) -> bool:
        """Whether a sign leads to a name; behind "he said on Telegram: " follows what was said, bullets and emoji part more than they join."""
        return not _STRONG.isdisjoint(self.sign) and (self.is_led or not self.is_where)

    @property
    def is_called_for(self) -> bool:
        """Whether somebody asks for a contact there, as in "add me on Kik: "."""
        return self.is_announced and (self.called_between or _CALLS.any(self.before[:6]))

    @property
    def is_strong(self) -> bool:
        """Whether a text without a mark may be a name here: ``my snap is …``, ``kik - …``, ``Insta name: …``."""
        if self.is_announced:
            return not self.service.plain or self.is_led
        return self.is_compound or (self.steps > 0 and self.is_led)

    @property
    def is_introduced(self) -> bool:
        """Whether the last word before is one that a name follows: "as", "called", "name", "find"."""
        return (self.last in _CALLS and not self.sign) or self.last in _AS or self.last in _NAMING or self.last in _NAMES

    def step(self, word: str, *, leads: bool) -> None:
        """Past a word that leads on, or a stray one."""
        self.is_past_sign = bool(self.sign)
        self.is_loose = self.is_loose or not (leads or self.is_led)
        is_name, is_naming = word in _NAMES, word in _NAMING
        self.is_from = word in _FROM or (word in _SELLERS and (self.is_from or not self.last))
        self.is_beside = leads or word in _MINE
        self.steps += leads
        self.strays += not leads
        is_known = word in _AS and _KNOWN.any(self.before)
        is_as = is_known or (word in _AS and (self.called_between or _CALLS.any(self.before)))
        self.is_under = self.is_under or word in _UNDER or is_naming or is_known
        self.is_called_as = self.is_called_as or is_as or (is_name and self.last in _AS)
        self.is_said = self.is_said or is_naming or word in _IS or self.is_called_as
        self.is_told = self.is_told or self.is_said or is_name
        self.named_between = self.named_between or is_name or is_naming
        self.last = word
        self.called_between = self.called_between or word in _CALLS
        self.group_between = self.group_between or word in _GROUPS
        self.placed_between = self.placed_between or word in _PLACES
        self.mine_between = self.mine_between or word in _MINE or word in _AS
