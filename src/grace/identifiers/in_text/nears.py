"""Names that do not stand beside their service: in another field of a record, in a list before it, elsewhere in its sentence."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from grace.identifiers.in_text.hits import LETTER, Hit, lowered, words_before
from grace.identifiers.in_text.mentions import Mention
from grace.identifiers.in_text.names import (
    NAME,
    NAME_HERE,
    Look,
    is_behind_at,
    is_counted,
    is_host,
    is_letters_then_digits,
    is_letters_then_digits_alone,
    is_plain,
    is_plain_name,
    look_of,
)
from grace.identifiers.in_text.words import Service, bare_words, words

Told = tuple[re.Match[str], Service]

_BEFORE = re.compile(
    rf"(?<![{LETTER}_.@#/-])(?P<at>@?)(?P<name>{NAME})(?P<tag>#[0-9]{{4,5}})?[\"'\u201d\u00bb]?(?:\s?[,/&+]\s?|\s(?:{words('names', 'also').pattern()})\s)[\"'\u201e\u201c\u00ab]?$",
    re.IGNORECASE,
)
_LONGEST_BEFORE = 52
_WORD = re.compile(rf"[{LETTER}_'\u2019]{{2,40}}")
_OPEN = "[\"'\u201c\u201e\u00ab(\\[]"
_VALUE = re.compile(
    r"(?P<more>(?:[ _-][^\W\d_]['\u2019\w]{0,20}){0,4})(?:[^\S\n]?[\"'\u201d\u00bb)])?[^\S\n]{0,3}(?P<sep>=>|\.{3,40}:?|[:=|\u2192\u279c\u2013\u2014]|\t|\r?\n)"
    rf"[^\S\n]{{0,12}}{_OPEN}{{0,2}}"
)
_BARE = re.compile(rf"(?P<more>(?:[ _-][^\W\d_]['\u2019\w]{{0,20}}){{0,2}}?)(?P<sep>[^\S\n]){_OPEN}{{0,2}}(?=@|[A-Za-z0-9._-]{{3,40}})")
_FIELDS, _WITHIN, _LEADING, _USERS, _TARGETS, _WEAK = (
    bare_words("names", table) for table in ("fields", "within", "leading", "users", "targets", "weak")
)
_BLOCK = re.compile(r"\n[^\S\n]*\n")
_REACH_OF_RECORD = 600
_REACH_UNLABELLED = 160
_MOST_LINES = 3
_LONGEST_LABEL = 48
_OPENING, _SIGNS = " \t\"'\u201c\u201e", frozenset(":=|>.\u2192\u2013\u2014-")
_GENERAL = ("value", "identifier")
"""Keys of fields of any kind: only a service right beside makes their values names."""
_NAME_KEY = re.compile(
    rf"(?:^|[{{,;|\n])[^\S\n]*(?:-\s)?[\"']?(?:{bare_words('names', 'weak').pattern()})[\"']?[^\S\n]{{0,2}}[:=][^\S\n]{{0,2}}[\"']?(?=[\w@])",
    re.IGNORECASE,
)
_SHORT_WORD = 6
_NEXT_KEY = re.compile(r"[\"']?(?:[ \t;&,]+[\w.-]{1,24}=|:https?://)")
_AT = re.compile(rf"(?<![{LETTER}_.@/#-])(?P<at>@)(?P<name>{NAME})(?P<tag>#[0-9]{{4,5}})?(?![{LETTER}_@/(=]|\.[{LETTER}]|-[{LETTER}])")
_TAGGED = re.compile(rf"(?<![{LETTER}_.@#/-])(?P<at>)(?P<name>{NAME})(?P<tag>#[0-9]{{4,5}})(?![{LETTER}_#-])")
_LINED = re.compile(
    rf"(?<![{LETTER}_.@#/-])(?P<at>)(?P<name>[A-Za-z0-9.]{{1,30}}_[A-Za-z0-9_.]{{0,30}}(?<!\.))(?P<tag>)(?![{LETTER}_@/(=.-])"
)
_CALLED_SO = re.compile(
    rf"(?<![{LETTER}_.@#/-])(?P<at>@?)(?P<name>{NAME})(?P<tag>)[\"'\u201d\u201c\u00bb]?\s(?:{words('names', 'only_behind').pattern()})(?![{LETTER}])",
    re.IGNORECASE,
)
"""Where the word for "called" stands behind the name, as in Hungarian and Turkish."""
_ONLY_BEHIND = tuple(words("names", "only_behind"))
_I_AM, _EVERYWHERE = words("names", "i_am"), words("names", "everywhere")
_LIVE = re.compile(rf"(?<![{LETTER}_.@/#-])(?P<at>)(?P<name>live:\.?{NAME})(?P<tag>)")
_SENTENCE = re.compile(r"[.;!?|](?=\s)|\n")
_REACH_OF_SENTENCE = 120
_REACH_OF_TAG = 200
_CODE = re.compile(r"\s*\n\s*(?:async\s|def\s|class\s|public\s|private\s|protected\s|export\s|function\s|@)")


def alsos_before(found: re.Match[str]) -> list[re.Match[str]]:
    """Names in a list that ends in a name before its service: ``@kite, @bird and kite_77 on Insta``."""
    names: list[re.Match[str]] = []
    start = found.start()
    while (more := _BEFORE.search(found.string, max(0, start - _LONGEST_BEFORE), start)) is not None:
        look = look_of(more["name"])
        if not (
            is_behind_at(more["name"]) if more["at"] else look is Look.UNDERSCORED or (look is Look.DOTTED and not is_host(more["name"]))
        ):
            break
        names.append(more)
        start = more.start()
    return names


@dataclass
class Around:
    """A text with the services that it names and the names found beside them, each in the order of their places."""

    text: str
    every: Sequence[Mention]
    hits: Sequence[Hit]

    @cached_property
    def _starts(self) -> list[int]:
        return [each.start for each in self.every]

    @cached_property
    def _hits(self) -> list[Hit]:
        return sorted(self.hits)

    @cached_property
    def _hit_starts(self) -> list[int]:
        return [hit.start for hit in self._hits]

    @cached_property
    def _labelled(self) -> list[bool]:
        """Whether the service is the value of a field of its own."""
        return [self._is_labelled(each.start) for each in self.every]

    def _is_labelled(self, start: int) -> bool:
        before = self.text[max(0, start - _LONGEST_LABEL) : start]
        return before.rstrip(_OPENING)[-1:] in _SIGNS and _label().search(before) is not None

    def named(self, start: int, end: int) -> Sequence[Mention]:
        """The services between two places."""
        return self.every[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def beside(self, at: int) -> tuple[Mention | None, Mention | None]:
        """The services next before and behind a place."""
        place = bisect_left(self._starts, at)
        return self.every[place - 1] if place else None, self.every[place] if place < len(self.every) else None

    def labelled(self, start: int, end: int) -> list[Mention]:
        """Those that are the value of a field of its own."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [each for each, is_labelled in zip(self.every[first:last], self._labelled[first:last], strict=True) if is_labelled]

    def reaches(self, start: int, end: int) -> bool:
        """Whether a name that was found stands between two places, or reaches in."""
        place = bisect_left(self._hit_starts, end)
        return place > 0 and self._hits[place - 1].end > start

    def found(self, start: int, end: int) -> Sequence[Hit]:
        """The names found between two places."""
        return self._hits[bisect_left(self._hit_starts, start) : bisect_left(self._hit_starts, end)]


def names_a_field(vocabulary: frozenset[str]) -> bool:
    """Whether any of these words may be the key of a field that holds a name."""
    return _FIELDS.any(vocabulary) or _TARGETS.any(vocabulary) or _WEAK.any(vocabulary)


def fields(around: Around) -> Iterator[Told]:
    """Names in a field of a record of which another field, or its heading, names the service: ``User: kite_77 … App: Kik``."""
    text, told = around.text, list[tuple[int, int]]()
    for word in _WORD.finditer(lowered(text)):
        is_whole = word[0] in _FIELDS or word[0] in _TARGETS or ("_" in word[0] and is_key(word[0]))
        if not is_whole and word[0] not in _LEADING:
            continue
        for shape in (_VALUE, _BARE):
            value = shape.match(text, word.end())
            is_told = value is not None and (is_whole or _is_led_to(value["more"])) and _is_key_still(value["more"])
            found = NAME_HERE.match(text, value.end()) if value and is_told else None
            if found and word[0] in _TARGETS and value and (value["more"] or look_of(found["name"]) < Look.MIXED):
                continue  # "Target: teenagers"
            service, is_labelled = _service_of_record(around, word.start()) if found else (None, False)
            if value and found and service and _is_value(text, found, value["sep"], is_labelled=is_labelled):
                told.append(_block(text, word.start(), _REACH_OF_RECORD))
                yield found, service
                break
    yield from _of_weak_keys(around, told)


def _of_weak_keys(around: Around, told: Sequence[tuple[int, int]]) -> Iterator[Told]:
    """Names behind "Name:" alone, in records whose service a field beside it names and whose names no surer key holds."""
    text = around.text
    for key in _NAME_KEY.finditer(text):
        found = NAME_HERE.match(text, key.end())
        start, end = _near_lines(text, key.start())
        near = around.labelled(start, end)
        if found is None or len({each.service for each in near}) != 1 or near[0].service.plain or found["tag"]:
            continue
        is_told = any(start <= key.start() < end for start, end in told)
        if not (is_told or around.found(start, end)) and _is_weak_value(text, found):
            yield found, near[0].service


def _near_lines(text: str, at: int) -> tuple[int, int]:
    """What stands around a key, no further than the brackets of its object and the empty lines of its record."""
    start, end = _block(text, at, 2 * _LONGEST_LABEL)
    closing = text.find("}", at, end)
    return max(start, text.rfind("{", start, at + 1), text.rfind("}", start, at)), closing if closing >= 0 else end


def _is_weak_value(text: str, found: re.Match[str]) -> bool:
    """Behind "Name:" a mere word must be one in lower case that ends its line."""
    look = look_of(found["name"])
    if look is Look.WORD:
        is_last = text[found.end() : found.end() + 1] in {"", "\n", "\r"}
        return (
            is_last
            and len(found["name"]) > _SHORT_WORD
            and is_plain_name(text, found["name"], found.end(), is_capital=False, is_label=False)
        )
    return look is Look.UNDERSCORED or bool(found["at"]) or (look is Look.MIXED and is_letters_then_digits(found["name"]))


def _is_key_still(more: str) -> bool:
    """Whether what stands behind the first word of a key belongs to it: "nom *d'utilisateur*"; one other word may ("*reported* account")."""
    parts = [each for each in re.split(r"[ _-]+", lowered(more)) if each]
    return sum(each not in _WITHIN and each not in _FIELDS for each in parts) <= 1


def _is_led_to(more: str) -> bool:
    """Whether the second word of a key tells what the first only leads to: "nom *d'utilisateur*", "nombre *de usuario*"."""
    parts = [each for each in re.split(r"[ _-]+", lowered(more)) if each]
    return bool(parts) and parts[-1] in _USERS


def is_key(word: str) -> bool:
    """Whether a word of several parts is a key: ``screen_name``, ``reported_user``."""
    first, _, rest = word.partition("_")
    return rest in _FIELDS or (first in _LEADING and rest in _WITHIN) or first + rest in _FIELDS


def _is_value(text: str, found: re.Match[str], sep: str, *, is_labelled: bool) -> bool:
    name = found["name"]
    if found["at"]:
        return is_behind_at(name)
    if found["tag"]:
        return not is_counted(name)
    look = look_of(name)
    if look is Look.DOTTED:
        return not is_host(name)
    if sep.isspace() and sep != "\t" and "\n" not in sep:
        return look is Look.UNDERSCORED or is_letters_then_digits_alone(name)
    return look >= Look.MIXED if look is not Look.WORD else is_labelled and _is_word(text, found, sep)


def _is_word(text: str, found: re.Match[str], sep: str) -> bool:
    """Whether a mere word is the value of a key that a record with a service has: ``service=Discord username=bluekite result=ok``."""
    if sep == "=" and _NEXT_KEY.match(text, found.end()):
        return is_plain(found["name"])
    return sep in {":", "=", "|", "\t", "=>"} and is_plain_name(text, found["name"], found.end(), is_capital=True, is_label=True)


@cache
def _label() -> re.Pattern[str]:
    """What stands before a service that is the value of a field of its own."""
    return re.compile(
        rf"(?:\b|_)(?:{bare_words('names', 'labels').pattern()})(?:\s?[\"'\u201d])?\s?(?:=>|\.{{3,40}}:?|[:=|>\u2192\u2013\u2014-])\s{{0,2}}[\"'\u201c\u201e]?$",
        re.IGNORECASE,
    )


def _service_of_record(around: Around, at: int) -> tuple[Service | None, bool]:
    """The service that the record around a place is of, and whether a field of its own says so."""
    start, end = _block(around.text, at, _REACH_OF_RECORD)
    labelled = min(around.labelled(start, end), key=lambda each: abs(each.start - at), default=None)
    if labelled and (not around.text.startswith(_GENERAL, at) or abs(labelled.start - at) <= _LONGEST_LABEL):
        return labelled.service, True
    near = [each for each in around.named(max(start, at - _REACH_UNLABELLED), min(end, at + _REACH_UNLABELLED)) if not each.service.plain]
    if len({each.service for each in near}) != 1 or any(hit.service == near[0].service.name for hit in around.found(start, end)):
        return None, False
    is_close = any(around.text.count("\n", *sorted((each.start, at))) <= _MOST_LINES for each in near)
    return (near[0].service, False) if is_close else (None, False)


def _block(text: str, at: int, reach: int) -> tuple[int, int]:
    """Where the lines around a place begin and end that no empty line parts."""
    start, end = max(0, at - reach), min(len(text), at + reach)
    before = list(_BLOCK.finditer(text, start, at))
    behind = _BLOCK.search(text, at, end)
    return before[-1].end() if before else start, behind.start() if behind else end


def marked(around: Around) -> Iterator[Told]:
    """``kite#1234`` near a service of such names, ``live:kite`` where Skype is named, and names in a sentence that names one service."""
    text = around.text
    if "live:" in text:
        skype = next((each.service for each in around.every if each.service.name == "skype"), None)
        yield from ((found, skype) for found in _LIVE.finditer(text) if skype)
    if "#" in text:
        for found in _TAGGED.finditer(text):
            near = [each for each in around.named(found.start() - _REACH_OF_TAG, found.end() + _REACH_OF_TAG) if each.service.tags]
            if near and not is_counted(found["name"]):
                yield found, near[0].service
    for found, of_several in _of_a_sentence(text):
        service = _service_of_sentence(around, found, of_several=of_several)
        if service:
            yield found, service


def _of_a_sentence(text: str) -> Iterator[tuple[re.Match[str], bool]]:
    """What may be a name at the service of its sentence: ``@kite.77``, ``kite77 nevű``, and, of any service of several, "I'm kite_77"."""
    if "@" in text:
        for found in _AT.finditer(text):
            if look_of(found["name"]) > Look.WORD and is_behind_at(found["name"]) and not _CODE.match(text, found.end()):
                yield found, False
    whole = lowered(text)
    for found in _CALLED_SO.finditer(text) if any(word in whole for word in _ONLY_BEHIND) else ():
        if look_of(found["name"]) > Look.WORD:
            yield found, False
    if "_" in text:
        for found in _LINED.finditer(text):
            if _is_i(text, found.start()) and look_of(found["name"]) is Look.UNDERSCORED:
                yield found, True


def _is_i(text: str, at: int) -> bool:
    """Whether "I'm" stands before a place, with "everywhere" between or without."""
    before = words_before(text, at, reach=24)
    return _I_AM.any(before[1:2] if before and before[0] in _EVERYWHERE else before[:1])


def _service_of_sentence(around: Around, found: re.Match[str], *, of_several: bool = False) -> Service | None:
    """The one service that a sentence names, if it has no name yet; the first of several where one goes by the same name on all."""
    text = around.text
    start, end = max(0, found.start() - _REACH_OF_SENTENCE), min(len(text), found.end() + _REACH_OF_SENTENCE)
    before = [each.end() for each in _SENTENCE.finditer(text, start, found.start())]
    behind = _SENTENCE.search(text, found.end(), end)
    start, end = before[-1] if before else start, behind.start() if behind else end
    services = list(dict.fromkeys(each.service for each in around.named(start, end) if not each.service.plain))
    return services[0] if services and (of_several or len(services) == 1) and not around.found(start, end) else None
