"""Whether what stands behind a service is a name there: the less leads to it, the more it must look like one itself."""

from __future__ import annotations

import re
from typing import NamedTuple

from grace.identifiers.in_text.hits import LETTER, lowered
from grace.identifiers.in_text.leads import Lead
from grace.identifiers.in_text.names import (
    CLOSE,
    END,
    Look,
    is_behind_at,
    is_counted,
    is_host,
    is_hyphened,
    is_kin,
    is_letters_then_digits,
    is_letters_then_digits_alone,
    is_plain,
    is_plain_name,
    is_said_with_digits,
    look_of,
)
from grace.identifiers.in_text.words import service_of, words

_LEADING = re.compile(rf"[{LETTER}'\u2019]+(?![{LETTER}_@.#]|\.[{LETTER}])|[{LETTER}'\u2019]+(?=\.?\s|[:,-])")
_CALLED_BEHIND = re.compile(rf"[\"'\u201d\u201c]?\s(?:{words('names', 'called_behind').pattern()})(?!\w)", re.IGNORECASE)
_AFTER = re.compile(rf"[\"'\u201d\u201c]?\s(?:{words('names', 'after').pattern()})(?!\w)", re.IGNORECASE)
_LEAST_DIGITS = 7
_LONG, _NOT_SHORT = 9, 6
_QUOTES = frozenset("\"'\u201d\u201c\u00bb\u00ab`")
_FOUND, _CALLS, _ASKED_FOR, _TO_YOU = (words("names", table) for table in ("found", "calls", "asked_for", "to_you"))
_WITH = words("names", "with")
_ONLY_BEHIND = words("names", "only_behind")
_NAMES, _NAMING = words("names", "names"), words("names", "naming")
_BULLETS = " \t*-|>#\u2022\u00b7"
_REST_OF_LINE = re.compile(r"[\"'`*\u201d)\s]{0,3}(?:\n|$)")
_SENTENCE_END = re.compile(r"[\"'\u201d)]{0,2}[.!]?(?:\s*$|\s*\n|(?<=[.!])\s)")
_NUMBER_BEHIND = re.compile(r" [0-9]{1,4}(?![\w.:/-])")
_DOTTED_WORDS = re.compile(r"[a-z]{3,}(?:[._][a-z0-9]+)*\.[a-z]{3,}[0-9]{0,4}")
_FEW, _LONGEST_FIRST = 3, 16
_TITLE = re.compile(r"\s\w{1,3}\s[A-Z]")
_NUMBER = re.compile(r"[0-9][0-9-]{4,12}")
_CODE = re.compile(r"(?=[A-Z0-9]*[0-9])(?=[A-Z0-9]*[A-Z])[A-Z0-9]{8}")
_FIRST_NAME = re.compile(r"[A-Z\u00c0-\u00de][^\W\d_]+[^\S\n]$")


class _Seen(NamedTuple):
    """A text that may be a name, where it ends, how it looks, and whether brackets or quotes enclose it."""

    text: str
    name: str
    end: int
    look: Look
    is_closed: bool

    @property
    def is_last(self) -> bool:
        """Whether what is said ends here."""
        if END.match(self.text, self.end) or _AFTER.match(self.text, self.end):
            return True
        following = leading_word(self.text, self.end + 1) if self.text[self.end : self.end + 1] == " " else None
        return following is not None and service_of(following[0]) is not None


def leading_word(text: str, at: int) -> tuple[str, int] | None:
    """The word at a place that is no name by its shape, in lower case, and where it ends."""
    leading = _LEADING.match(text, at)
    return (lowered(leading[0]).replace("\u2019", "'"), leading.end()) if leading else None


def is_name(text: str, found: re.Match[str], lead: Lead, *, is_pause: bool, is_open: bool) -> bool:
    """Whether a match of ``NAME_HERE`` is a name; ``is_pause``: behind a comma; ``is_open``: behind a bracket or a quote."""
    name, end = found["name"], found.end()
    if not _may_end(text, end):
        return False
    if found["at"]:
        return is_behind_at(name) and (lead.is_beside or look_of(name) > Look.WORD)
    if found["tag"]:
        return not is_counted(name) and (lead.service.tags or lead.is_strong)
    if lead.service.codes and _CODE.fullmatch(name):
        return True
    if (lead.service.numbers and _is_number(name, lead)) or (lead.kin and is_kin(name, lead.kin)):
        return True
    seen = _Seen(text, name, end, look_of(name), is_open and CLOSE.match(text, end) is not None)
    return _is_one_by_look(seen, lead, is_pause=is_pause)


def _is_number(name: str, lead: Lead) -> bool:
    """A number where names are numbers: told as one, or long."""
    is_told = bool(lead.sign or lead.steps or lead.is_mine)
    return _NUMBER.fullmatch(name) is not None and (is_told or sum(map(str.isdigit, name)) >= _LEAST_DIGITS)


def _is_one_by_look(seen: _Seen, lead: Lead, *, is_pause: bool) -> bool:
    is_cut = lead.service.logs and (is_pause or not lead.is_led)
    if lead.sign and not lead.is_named and (lead.is_of_thing or lead.is_of_group):
        return False  # "our playlist on Spotify: slow_sunday"
    if seen.look is Look.NONE or is_cut or (seen.look is Look.WORD and is_pause and not lead.sign):
        return False
    if lead.is_from and not (is_pause or lead.sign) and _is_dealt_with(seen, lead):
        return True
    is_introduced = seen.look is Look.WORD and lead.is_said and lead.is_introduced  # "on Steam I play as kiteflyer"
    is_far = (lead.strays and not is_introduced) or (is_pause and not lead.steps)
    return _is_clear(seen, lead) if is_far else _LOOKS[seen.look](seen, lead)


def _is_dealt_with(seen: _Seen, lead: Lead) -> bool:
    """Whether somebody dealt with a name at a service: "bought on eBay from kite_77", "contacted via Snapchat by kite_77"."""
    is_there = lead.is_where or lead.is_inflected
    if not (is_there and lead.is_deal if lead.service.plain or lead.is_short else is_there or lead.is_deal):
        return False
    if seen.look is Look.UNDERSCORED:
        return not seen.name.isupper()
    if seen.look is Look.MIXED:
        return is_letters_then_digits_alone(seen.name) or (lead.is_deal and is_letters_then_digits(seen.name))
    return seen.look is Look.DOTTED and lead.is_deal and not is_host(seen.name)


def _may_end(text: str, end: int) -> bool:
    """Whether a name may end here: a slash leads into a path, or on to the next service or name."""
    if text[end : end + 1] != "/":
        return text[end : end + 1] != "("  # a call in a program
    following = leading_word(text, end + 1)
    return text[end + 1 : end + 2] == "@" or (following is not None and service_of(following[0]) is not None)


def _is_clear(seen: _Seen, lead: Lead) -> bool:
    """Behind stray words and pauses a contact must be spoken of, and the name must look like one."""
    is_likely = seen.look is Look.UNDERSCORED or (seen.look is Look.DOTTED and not is_host(seen.name))
    if lead.last in _TO_YOU and lead.is_where and seen.look is Look.UNDERSCORED and seen.is_last and not lead.service.plain:
        return True  # "przez Telegram pisał do mnie kite_77"
    if _is_set_apart(seen, lead, is_likely=is_likely) or _ends_what_is_said(seen, lead):
        return True
    if lead.is_short and not lead.is_named:
        return False  # "my DC adapter: model_x12"
    if lead.is_loose and not lead.is_introduced:
        return is_likely and seen.is_closed and bool(lead.sign)
    if not lead.is_led or lead.service.plain:
        return lead.is_theirs and seen.look is Look.UNDERSCORED
    is_marked = seen.look is Look.MIXED or (seen.look is Look.DOTTED and (lead.is_named or not is_host(seen.name)))
    return seen.look is Look.UNDERSCORED or (lead.is_beside and is_marked and seen.is_last)


def _ends_what_is_said(seen: _Seen, lead: Lead) -> bool:
    """Whether a name right behind a pause ends the sentence: "there is another one on Twitch, kite_77."."""
    is_right_behind = lead.is_where and not (lead.steps or lead.strays or lead.sign or lead.is_saying)
    if not is_right_behind or lead.is_short or lead.service.plain or seen.name.isupper():
        return False
    return seen.look is Look.UNDERSCORED and _SENTENCE_END.match(seen.text, seen.end) is not None


def _is_set_apart(seen: _Seen, lead: Lead, *, is_likely: bool) -> bool:
    """Whether brackets or a colon set a name apart: "Skype still works for me (blue.kite)", "the Steam name of my brother: kite_77"."""
    if is_likely and seen.is_closed and lead.is_mine and not (lead.is_short or lead.service.plain):
        return True
    if lead.last in _WITH and lead.is_led and lead.strays < _FEW and seen.is_last and not lead.service.plain:
        return is_likely or is_letters_then_digits_alone(seen.name)  # "a Snapchat conversation with kite_77"
    if ":" not in lead.sign or lead.is_past_sign or not seen.is_last:
        return False
    if lead.is_named and is_letters_then_digits(seen.name):
        return True
    if is_likely and (lead.is_named or lead.last in _FOUND or (lead.is_inflected and lead.last in _CALLS)):
        return True  # "found her on Insta: kite_77"
    is_bare = seen.look is Look.DOTTED and is_likely and _DOTTED_WORDS.fullmatch(seen.name) is not None
    return (
        is_bare and lead.strays < _FEW and not (lead.is_short or lead.service.plain or lead.is_saying)
    )  # "the Insta of our club: blue.kite"


def _underscored(seen: _Seen, lead: Lead) -> bool:
    if seen.name.isupper() and (lead.service.plain or not (lead.sign or lead.is_led)):
        return False  # a constant of a program
    return not lead.service.plain or bool(lead.sign) or lead.is_led or seen.is_closed


def _dotted(seen: _Seen, lead: Lead) -> bool:
    if lead.service.plain:
        return lead.is_strong or ((bool(lead.sign) or seen.is_closed) and any(map(str.isdigit, seen.name)))
    is_told = lead.last in _ASKED_FOR and not is_host(seen.name)  # "viens sur insta c'est blue.kite"
    is_led = lead.is_led or is_told or seen.is_closed or (bool(lead.sign) and not lead.is_saying)
    return is_led or (not lead.is_where and not is_host(seen.name) and seen.is_last)


def _mixed(seen: _Seen, lead: Lead) -> bool:
    if lead.service.plain:
        return lead.is_strong or (":" in lead.sign and is_letters_then_digits(seen.name))
    if _is_cut(seen, lead):
        return False
    is_called = _CALLED_BEHIND.match(seen.text, seen.end) is not None or (lead.is_named and seen.is_last)
    is_with = lead.last in _WITH and is_letters_then_digits_alone(seen.name) and seen.is_last
    if is_called or is_with or lead.is_strong or lead.is_mine or lead.is_told or seen.is_closed:
        return True
    is_bare = not lead.steps and not lead.is_where and seen.name.islower()
    is_free = is_bare or (bool(lead.sign) and not lead.is_saying)
    return is_free and seen.is_last and is_letters_then_digits(seen.name)


def _is_cut(seen: _Seen, lead: Lead) -> bool:
    """Whether letters and digits say how something is, or go on: "Roblox: OutOfMemory error", "Xbox: BlueKite 77"."""
    if is_said_with_digits(seen.name) or _NUMBER_BEHIND.match(seen.text, seen.end):
        return True
    return not (seen.is_last or lead.is_led or any(map(str.isdigit, seen.name)))


def _word(seen: _Seen, lead: Lead) -> bool:
    """A mere word: "my insta is ..." tells far more often how it is than what somebody is called there."""
    if _CALLED_BEHIND.match(seen.text, seen.end) and (lead.is_where or lead.is_inflected) and seen.name.lower() not in _CALLS:
        return is_plain(seen.name)  # "a discordon kitefly néven vagyok"
    is_open = not (lead.sign or seen.is_closed)
    is_title = seen.name[:1].isupper() and (_TITLE.match(seen.text, seen.end) is not None or (is_open and lead.is_placed))
    start = seen.end - len(seen.name)
    is_last_name = seen.name[:1].isupper() and _FIRST_NAME.search(seen.text, max(lead.end, start - _LONGEST_FIRST), start) is not None
    if lead.is_of_group or is_last_name:
        return False  # "Discord-serveren heter Fjellvettet", "På Facebook heter han Per Hansen"
    if is_title or lead.last in _ONLY_BEHIND or (lead.is_past_sign and not lead.is_said):
        return False
    if _is_hyphened_and_led(seen, lead) or _is_quoted(seen, lead) or _is_long_of_a_list(seen, lead):
        return is_plain(seen.name)
    return _is_a_plain_name(seen, lead)


def _is_a_plain_name(seen: _Seen, lead: Lead) -> bool:
    is_called = lead.is_called_as and (lead.is_under or len(seen.name) > _LONG)
    if not lead.is_named and (lead.service.plain or not (lead.sign or seen.is_closed or is_called)):
        return False
    is_led = lead.is_said or lead.is_announced or (seen.is_closed and lead.is_named)
    is_placed = lead.is_placed and (lead.is_mine or len(seen.name) > _LONG + 1)
    is_label = ((lead.is_named or is_placed) and bool(lead.sign)) or lead.is_called_for
    if not (lead.is_strong and is_led) or not (is_label or lead.is_named or lead.is_said or _is_a_pair(seen, lead)):
        return False
    is_capital = seen.is_closed or (lead.is_named and (lead.is_said or bool(lead.sign)))
    is_label = is_label or (lead.last in _NAMING and len(seen.name) > _LONG + 2)
    return is_plain_name(seen.text, seen.name, seen.end, is_capital=is_capital, is_label=is_label, is_named=lead.is_named)


def _is_hyphened_and_led(seen: _Seen, lead: Lead) -> bool:
    """``my tumblr: blue-kites``."""
    return lead.is_led and bool(lead.sign) and not lead.is_past_sign and is_hyphened(seen.name) and seen.is_last


def _is_quoted(seen: _Seen, lead: Lead) -> bool:
    """Whether quotes stand around a name that is called so: ``the Snapchat user "kitefly" wrote``, ``his kik is "bluekites"``."""
    if seen.text[seen.end : seen.end + 1] in _QUOTES and lead.is_mine and lead.is_said and not lead.strays and len(seen.name) > _LONG:
        return is_plain_name(seen.text, seen.name, seen.end, is_capital=False, is_label=False)
    return lead.is_named and seen.text[seen.end : seen.end + 1] in _QUOTES and lead.last in _NAMES and not lead.strays


def _is_long_of_a_list(seen: _Seen, lead: Lead) -> bool:
    """Whether a word as long as only joined ones are goes on with a list of names: ``TikTok @blue.kite, Facebook kitesandharbours``."""
    return lead.is_in_list and not (lead.steps or lead.strays) and len(seen.name) > _LONG + 2 and seen.name.islower() and seen.is_last


def _is_a_pair(seen: _Seen, lead: Lead) -> bool:
    """Whether "Steam: mossyrock" is one of a list of names, a line of its own, or a word as long as only joined ones are."""
    if len(seen.name) >= _LONG or (lead.kin and len(seen.name) >= _NOT_SHORT and seen.text[seen.end : seen.end + 1] != "."):
        return True
    line = seen.text[seen.text.rfind("\n", 0, lead.start) + 1 : lead.start]
    if len(seen.name) >= _NOT_SHORT + 1 and len(lead.before) == 1 and lead.is_mine and seen.name.islower():
        return _REST_OF_LINE.match(seen.text, seen.end) is not None  # "my discord: bluekites"
    return not line.strip(_BULLETS) and _REST_OF_LINE.match(seen.text, seen.end) is not None


_LOOKS = {Look.UNDERSCORED: _underscored, Look.DOTTED: _dotted, Look.MIXED: _mixed, Look.WORD: _word}
