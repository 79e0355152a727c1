"""What speaks for or against a text being a name at a service: its shape, how near a service is, the words and signs around it.

A trait is a short word, such as ``near.b.w1`` (a service before it, one word between); ``weighed.py`` adds up what the traits of a text weigh.
The tables of the lexicon are told as they are: which of them matters where is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from grace.identifiers.in_text.hits import LETTER, Hit, lowered
from grace.identifiers.in_text.loose import is_no_name, is_run_together
from grace.identifiers.in_text.mentions import Mention
from grace.identifiers.in_text.names import (
    NAME,
    Look,
    has_no_said_part,
    is_behind_at,
    is_host,
    is_letters_then_digits,
    is_participle,
    is_plain,
    look_of,
    shares_letters,
    squeezed,
)
from grace.identifiers.in_text.nears import Around
from grace.identifiers.in_text.spellings import is_heard, spelling
from grace.identifiers.in_text.words import Words, bare_words, service_of, words

LONG = 6
"""Letters of a mere word that may be a name whatever else the text holds."""
REACH = 320
"""Code points between a text and a service that it may belong to."""
BESIDE = 40
"""Code points between a service and a word that is short or begins with a capital."""
_NEAR, _SENTENCE, _LINE, _BESIDE = 600, 140, 400, 48
_CANDIDATE = re.compile(
    rf"(?<![{LETTER}_.@#\\%+~$&-])(?P<at>@?)(?![0-9][0-9.,:/-]*+(?![{LETTER}_]))(?P<name>{NAME}_?)(?P<tag>#[0-9]{{4,5}}(?![0-9]))?"
    rf"(?![{LETTER}_@/(\\]|\.[{LETTER}]|-[{LETTER}]|://|['\u2019]t\b)"
)
_SHAPED = re.compile(r"[^\W0-9_]*(?:[_0-9]|\.\w|-[0-9]|-[^\W\d_]+-)|\w*?[a-z\u00df-\u00ff][A-Z]")
_JOINED = re.compile(r"[a-z]{2,}(?:-[a-z]{1,16}){2,4}[0-9]{0,3}")
_ODD_CAMEL = re.compile(
    r"(?=.{8})[A-Z]?[a-z]{2,}(?:[A-Z][a-z]*){1,5}[0-9]{0,4}|[a-z](?:[A-Z][a-z]{2,}){2,4}[A-Z0-9]{0,3}|[A-Z]?[a-z]{2,}[A-Z]{2,4}"
)
"""``KiteInACloud``, ``xBlueKite``, ``BlueKitesUK``, ``KiteTV``."""
_HYPHENED = re.compile(r"[^\W\d_]{1,24}(?:-[^\W\d_]{1,24}){1,3}")
_DIGEST = re.compile(r"[0-9a-fA-F-]{16,}")
_KEY = re.compile(r"[\"'`\u201d]?[^\S\n]?(?:[:=]|->)(?!\))")
_LINE_BEFORE = re.compile(r"[^\W\d_]{3,}[,]?[^\S\n]$")
_ADDRESS_BEHIND = re.compile(
    r"[^\S\n]?[(\[,;]?[^\S\n]?(?:(?:ip|from|von|de|da|z|van|fra)[ :=]{1,2})?[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]", re.IGNORECASE
)
_CELL = re.compile(r"[;|\t,]")
_SPEAKER = re.compile(r"(?:^|\n)[^\S\n]{0,8}(?:[\[(]?[0-9:., /-]{4,20}[\])]?[^\S\n]?)?[<\[]@?$")
"""Before the name of whoever speaks in a chat: ``<kite_77> hello``."""
_WORD = re.compile(rf"[{LETTER}]+(?:['\u2019][{LETTER}]+)?")
_BREAK = re.compile(r"[.!?](?=\s)|\n")
_CODE = re.compile(r"[{}<>=$`\\]|\(\)|::|//|->|(?:^|\s)--?[a-z]|(?:^|\s)/[a-z]|\w\(|\b(?:import|def|npm|pip|git|sudo|docker|curl)\b")
_LIST = re.compile(
    r"[\"'\u201d\u201c\u00bb)\]*`]{0,2}\s?(?:[,;/&|+]|\n|\w{1,3}(?=\s))?\s?(?:[0-9][.)]\s)?[\"'\u201e\u201c\u00ab(\[*@`]{0,2}"
)
_TITLE = re.compile(r"[A-Z][a-z]+(?:_[A-Z][a-z]+)+")
_YEAR = re.compile(r".*(?<![0-9])(?:19|20)[0-9]{2}$")
_LETTERED = re.compile(r"[\w.+-]*[\w+-](?=@[\w.-]{3,60})|[\w-]{2,}[._][\w.-]{2,}|@[\w.-]{4,40}")
_FILE = re.compile(r"[a-z]{3,20}(?:[_-][a-z]{2,20})?\.(?:exe|png|jpg|gif|mp3|mp4|wav|zip|rar|txt|pdf|doc|bat|dll|log|iso|html|css|js|py)")
"""What ends as a file does; people jest so with their names."""
_ASKED = re.compile(r"[?\u037e](?:\s|[\"'\u201c\u201d\u00bb]|$)|;\s(?=[^\n]*[\u0370-\u03ff])")
_TURN = re.compile(
    r"[^\S\n]*(?:[\[(<]?[0-9/., -]{0,12}[0-9]{1,2}[:.][0-9]{2}[\])>]?[^\S\n]?)?(?:[<\[]?\w{1,16}[>\]]?[^\S\n]?[:>]|[-\u2013\u2014\u2022*>])?[^\S\n]*"
)
"""What stands in its line before the words of somebody who speaks in a chat."""
_PARTS = re.compile(r"[^\W\d_]+")
_NUMBER_BEHIND = re.compile(r" [0-9]{1,4}(?![\w.:/-])")
_LEAST_CELLS, _LEAST_COMMON, _LEAST, _LEAST_OF_WORDS, _MOST_KIN = 2, 4, 3, 5, 64
_LONGEST_LINK = 5
"""Letters of a word that links others, which is told as it is where it stands before a text."""
_QUOTES = "\"'\u201c\u201d\u201e\u00ab\u00bb`\u2018\u2019"
_SIGNS = {
    **dict.fromkeys("([", "open"), **dict.fromkeys(")]", "close"), **dict.fromkeys("-\u2013\u2014", "dash"), **dict.fromkeys("{}", "brace"),
    **dict.fromkeys("+&", "plus"), **dict.fromkeys("\r\n", "line"), ":": "colon", "=": "equals", ",": "comma", ";": "semi", "|": "pipe",
    "\t": "tab", ".": "stop", "!": "loud", "?": "ask", ">": "more", "<": "less", "/": "slash", "*": "star",
}  # fmt: skip
_OF_PARTS = ("programs", "nothings", "never", "rooms", "groups", "channels", "models", "names")
_TABLES = (
    "names", "mine", "former", "renamed", "naming", "calls", "asks", "yes", "there", "to", "posted", "after", "called_behind", "found",
    "with", "persons", "devices", "as", "under", "labels", "articles", "stops", "on", "of", "is", "i_am", "asked_for", "also", "counted",
    "models", "deals", "from", "sellers", "to_you", "things", "rooms", "owners", "people", "shown", "record", "known", "sources",
    "groups", "channels", "usings", "haves", "given", "links",
)  # fmt: skip
_BARE_TABLES, _OF_NOBODY = ("fields", "users", "targets", "weak", "within", "leading"), ("programs", "vetoes", "plays", "never")


@cache
def _tables() -> dict[str, Words]:
    told = {name: words("names", name) for name in _TABLES} | {name: bare_words("names", name) for name in _BARE_TABLES}
    return told | {name: words("nobody", name) for name in _OF_NOBODY} | {"nothings": words("nobody", "things")}


@cache
def _endings() -> tuple[str, ...]:
    return tuple(words("nobody", "endings"))


@lru_cache(8_192)
def _kinds_of(word: str) -> tuple[str, ...]:
    """The tables of the lexicon that hold a word in lower case; "service" for a service's own."""
    told = [name for name, table in _tables().items() if word in table]
    return tuple([*told, "service"] if service_of(word) else told) or ("other",)


def candidates(around: Around) -> Iterator[re.Match[str]]:
    """What may be a name by its shape, and words made as other names of the text, in reach of a service and not found yet."""
    text, kin = around.text, list[tuple[int, int, str]]()
    is_read = False
    for found in _CANDIDATE.finditer(text):
        name, start = found["name"], found.start()
        is_shaped = is_made(found)
        if len(name) < _LEAST or not around.named(start - REACH, found.end() + REACH):
            continue
        if not (is_shaped or is_plain(name)) or _is_other(around, found):
            continue
        if is_shaped:
            if _group(found) != "none" and squeezed(name):
                yield found
        elif look_of(name) is Look.WORD or name.isalpha() or _HYPHENED.fullmatch(name):
            if _kinds_of(lowered(name)) == ("other",) and (
                _is_long(name) or around.named(start - BESIDE, found.end() + BESIDE) or _is_called(text, start)
            ):
                yield found
                continue
            if not is_read:
                is_read, kin = True, [(each.start(), each.end(), each[0]) for each in _LETTERED.finditer(text)][:_MOST_KIN]
            others = [each for begin, end, each in kin if not begin <= start < end]
            if shares_letters(name, others, _LEAST_COMMON + 1):
                yield found


def _is_called(text: str, at: int) -> bool:
    """Whether a word for being called stands right before a place: "somebody who *called himself* Honeythief"."""
    return any("naming" in _kinds_of(word) for word in _before(text, at, 2))


def is_made(found: re.Match[str]) -> bool:
    """Whether a text is made as names are, with a sign, a digit or a capital within, and no mere word."""
    return bool(found["at"] or found["tag"] or _SHAPED.match(found["name"]))


def _is_long(name: str) -> bool:
    """Whether a word in small letters is so long that somebody may have made it up: ``petesdeadmarrows``."""
    return len(name) >= LONG and name.islower()


def _is_right_behind(around: Around, at: int) -> bool:
    """Whether a service ends at a place: "TikTok/kite_77"."""
    before, _ = around.beside(at + 1)
    return before is not None and before.end == at


def _is_titled(around: Around, found: re.Match[str]) -> bool:
    """Whether a text stands in the first line of a table, which names no service and has as many cells as the next line."""
    text = around.text
    first = text.rfind("\n", max(0, found.start() - _LINE), found.start()) + 1
    last = text.find("\n", found.end(), found.end() + _LINE)
    count = len(_CELL.findall(text, first, max(first, last)))
    if count < _LEAST_CELLS or around.named(first, last):
        return False
    above = text[max(0, first - _LINE) : max(0, first - 1)].rpartition("\n")[2]
    below = text[last + 1 : last + 1 + _LINE].partition("\n")[0]
    return len(_CELL.findall(below)) == count != len(_CELL.findall(above))


def _is_key(text: str, found: re.Match[str]) -> bool:
    """Whether a text is the key of a value: no name in the midst of a line goes before a colon and a blank as one."""
    key = _KEY.match(text, found.end())
    is_within = text[found.start() - 2 : found.start()].endswith((", ", " ")) and bool(
        _LINE_BEFORE.search(text, max(0, found.start() - 24), found.start())
    )
    return key is not None and not (
        is_within and key[0] == ":" and text[key.end() : key.end() + 1] == " " and look_of(found["name"]) >= Look.DOTTED
    )


def _is_other(around: Around, found: re.Match[str]) -> bool:
    """Whether a text is part of a path, the key of a value, a digest, parted from its number, or who speaks in a chat."""
    text = around.text
    start = found.start()
    if text[start - 1 : start] == "/" and not _is_right_behind(around, start - 1):
        return True
    if found["at"] and not is_behind_at(found["name"]):
        return True  # "@all"
    if not found["at"] and (_is_titled(around, found) or _is_key(text, found) or _DIGEST.fullmatch(found["name"])):
        return True
    if found["name"].isalpha() and _NUMBER_BEHIND.match(text, found.end()):
        return True  # "Xbox: BlueKite 77"
    return (
        text[found.end() : found.end() + 1] in {">", "]"}
        and _SPEAKER.search(text, max(0, found.start() - 40), found.start("name")) is not None
    )


def _group(found: re.Match[str]) -> str:
    """Which of a few shapes a text has."""
    name, look = found["name"], look_of(found["name"])
    if found["at"]:
        return "at"
    if found["tag"]:
        return "tag"
    if look is Look.MIXED:
        return "digits" if any(map(str.isdigit, name)) else "camel"
    if _JOINED.fullmatch(name):
        return "joined"
    if look is Look.NONE and _FILE.fullmatch(name):
        return "file"
    return "camel" if look is Look.NONE and _ODD_CAMEL.fullmatch(name) else look.name.lower()


def traits(around: Around, found: re.Match[str]) -> tuple[set[str], Mention | None]:
    """All traits of a text, and the service that is nearest to it; none without one."""
    near = _nearest(around, found)
    if not near:
        return set(), None
    _, word, side, mention = near[0]
    told = {f"near.{side}.{word}", *(f"second.{side}.{word}" for _, word, side, _ in near[1:])}
    told.update(_shape(found), _of_service(around, mention), _of_others(around, found, side, mention))
    told.update(_of_words(around.text, found, side, mention), _of_place(around.text, found))
    if side == "b" and _ASKED.search(around.text, mention.end, found.start()):
        told.add("asked")
    return told, mention


def _shape(found: re.Match[str]) -> Iterator[str]:
    name, look = found["name"], look_of(found["name"])
    parts = _PARTS.findall(lowered(name))
    yield from (
        f"shape.{_group(found)}",
        f"look.{look.name.lower()}",
        f"length.{min(len(squeezed(name)), 16) // 4}",
        f"parts.{min(len(parts), 4)}",
    )
    if name.isupper() or name.islower():
        yield "upper" if name.isupper() else "lower"
    if name[-1].isdigit():
        yield "year" if _YEAR.match(name) else "ends_in_digits"
    told = {
        "title": _TITLE.fullmatch(name), "host": look is Look.DOTTED and is_host(name), "letters_digits": is_letters_then_digits(name),
        "ending": name.lower().endswith(_endings()), "participle": is_participle(name.lower()),
        "edge": name[0] == "_" or name[-1] == "_", "hyphen": "-" in name, "said": not has_no_said_part(name),
        "part.service": any(len(part) > 1 and service_of(part) for part in parts), "not_behind_at": found["at"] and not is_behind_at(name),
    }  # fmt: skip
    yield from (each for each, is_so in told.items() if is_so)
    if look is Look.WORD:
        yield from spelling(lowered(name))
    heard = sum(map(is_heard, parts))
    yield f"heard.{min(heard, 3)}.{min(len(parts), 3)}"
    if is_no_name(found.string, found.start(), found.end()) or is_run_together(name):
        yield "no_name"
    known = {kind for part in parts if len(part) >= _LEAST for kind in _kinds_of(part)}
    yield from (f"part.{kind}" for kind in _OF_PARTS if kind in known)


def _nearest(around: Around, found: re.Match[str]) -> list[tuple[int, str, str, Mention]]:
    """The services next before ("b") and behind ("a"), the nearer first, each with how far it is."""
    before, behind = around.beside(found.start())
    told = []
    if before and found.start() - before.end <= REACH:
        told.append((*_distance(around.text, before.end, found.start()), "b", before))
    if behind and behind.start - found.end() <= REACH:
        told.append((*_distance(around.text, found.end(), behind.start), "a", behind))
    return sorted(told, key=lambda each: each[0])


def _distance(text: str, start: int, end: int) -> tuple[int, str]:
    """How far two places are apart, as a rank and a word: by words in a sentence, by sentences in a line, by lines."""
    gap = text[start:end]
    lines, breaks = gap.count("\n"), len(_BREAK.findall(gap))
    if lines:
        is_parted = "\n\n" in gap
        return 9 + min(lines, 6) + 3 * is_parted, f"l{lines if lines < 3 else 3 if lines < 6 else 6}{'b' * is_parted}"
    if breaks:
        return 6 + min(breaks, 3), f"s{min(breaks, 3)}"
    told = len(_WORD.findall(gap))
    step = next(each for each in (9, 5, 3, 2, 1, 0) if told >= each)
    return min(5, step), f"w{step}"


def _of_service(around: Around, mention: Mention) -> Iterator[str]:
    """What the nearest service is, and the signs beside it."""
    told = {
        "plain": mention.service.plain, "logs": mention.service.logs, "tags": mention.service.tags, "compound": mention.is_compound,
        "inflected": mention.is_inflected,
    }  # fmt: skip
    yield from (each for each, is_so in told.items() if is_so)
    yield f"service_before.{_sign(around.text[max(0, mention.start - 3) : mention.start], -1)}"
    yield f"service_behind.{_sign(around.text[mention.end : mention.end + 3], 0)}"


def _of_others(around: Around, found: re.Match[str], side: str, mention: Mention) -> Iterator[str]:
    """Other services, and the names found around: how many, whether they are made alike or stand in a list with this text."""
    text, start, end = around.text, found.start(), found.end()
    services = {each.service.name for each in around.named(start - REACH, end + REACH)}
    others = [hit for hit in around.found(max(0, start - _NEAR), end + _NEAR) if not (hit.start < end and start < hit.end)]
    yield from (f"services.{min(len(services), 4)}", f"found.{min(len(others), 3)}")
    yield f"same.{min(sum(hit.service == mention.service.name for hit in others), 3)}"
    first, last = (mention.end, start) if side == "b" else (end, mention.start)
    if any(first <= hit.start < last for hit in others):
        yield "found_between"
    if any(_is_listed(text, hit, start, end) for hit in others):
        yield "listed"
    around_ = _LETTERED.finditer(text, max(0, start - _NEAR), end + _NEAR)
    kin = [hit.normal for hit in others] + [each[0] for each in around_ if not each.start() <= found.start("name") < each.end()]
    common = next((least for least in (_LEAST_COMMON + 1, _LEAST_COMMON) if shares_letters(found["name"], kin[:_MOST_KIN], least)), 0)
    if common:
        yield f"kin.{common}"
    yield from _like(text, found, others)
    if text.count(found["name"], max(0, start - _NEAR), end + _NEAR) > 1:
        yield "repeated"


def _like(text: str, found: re.Match[str], others: Iterable[Hit]) -> Iterator[str]:
    """Whether the same stands right before or behind as at a name: "[ban] kite_77 - why", "[warn] gull_3 - why"."""
    for sign, at, end in (("b", found.start(), 0), ("a", found.end(), 1)):
        mine = _beside_of(text, at, end)
        if mine and any(_beside_of(text, hit.end if end else hit.start, end) == mine for hit in others):
            yield f"like.{sign}"


def _beside_of(text: str, at: int, end: int) -> str:
    """The word, or the sign beyond a blank, next to a place; nothing for a mere comma or stop."""
    told = (text[at : at + 16].split(maxsplit=1) if end else text[max(0, at - 16) : at].rsplit(maxsplit=1)) or [""]
    word = told[0] if end else told[-1]
    return word.lower() if word.strip(".,;:!?") else ""


def _is_listed(text: str, hit: Hit, start: int, end: int) -> bool:
    """Whether nothing but "and" stands between a name and a text."""
    first, last = (hit.end, start) if hit.end <= start else (end, hit.start)
    return last - first < _LEAST_OF_WORDS * 2 and _LIST.fullmatch(text, first, last) is not None


def _of_words(text: str, found: re.Match[str], side: str, mention: Mention) -> Iterator[str]:
    """The tables that hold the words beside, in the sentence, and on the way to the service."""
    start, end = found.span()
    before = _before(text, start, 3)
    if before and len(before[0]) <= _LONGEST_LINK:
        yield f"word.{before[0]}"
    for sign, told in (("b", before), ("a", _behind(text, end, 2))):
        yield from (f"{sign}{at}.{kind}" for at, word in enumerate(told) for kind in _kinds_of(word))
    breaks = [each.end() for each in _BREAK.finditer(text, max(0, start - _SENTENCE), start)]
    behind = _BREAK.search(text, end, end + _SENTENCE)
    yield from _said("in", text, breaks[-1] if breaks else max(0, start - _SENTENCE), start)
    yield from _said("on", text, end, behind.start() if behind else end + _SENTENCE)
    yield from _said("way", text, *((mention.end, start) if side == "b" else (end, mention.start)))


def _said(sign: str, text: str, start: int, end: int) -> Iterable[str]:
    kinds = {kind for word in _WORD.findall(lowered(text[start:end]))[:24] for kind in _kinds_of(word)}
    return (f"{sign}.{kind}" for kind in sorted(kinds))


def _before(text: str, at: int, most: int) -> list[str]:
    """The words of the line before a place, nearest first."""
    return _WORD.findall(lowered(text[max(0, at - _BESIDE) : at].rpartition("\n")[2]))[: -most - 1 : -1]


def _behind(text: str, at: int, most: int) -> list[str]:
    return _WORD.findall(lowered(text[at : at + _BESIDE].partition("\n")[0]))[:most]


def _of_place(text: str, found: re.Match[str]) -> Iterator[str]:
    """The signs beside a text, and what its line is."""
    start, end = found.span()
    yield from (f"before.{_sign(text[max(0, start - 4) : start], -1)}", f"behind.{_sign(text[end : end + 4], 0)}")
    first = text.rfind("\n", max(0, start - _LINE), start) + 1
    last = text.find("\n", end, end + _LINE)
    last = last if last >= 0 else end + _LINE
    if _CODE.search(text, max(first, start - 80), min(last, end + 80)):
        yield "code"
    if "#" in text[max(first, start - 60) : min(last, end + 60)]:
        yield "hash"
    if not text[first:start].strip():
        yield "first_of_line"
    if _TURN.fullmatch(text, first, start):
        yield "first_of_turn"
    if _ADDRESS_BEHIND.match(text, end):
        yield "at_address"


def _sign(beside: str, at: int) -> str:
    """The sign next to a place, past blanks and quotes: ``at`` is 0 for what stands behind it, -1 before."""
    near = beside.strip(" \u00a0")
    quoted = "quote_" if near and near[at] in _QUOTES else ""
    bare = near.strip(_QUOTES + " \u00a0")
    each = bare[at] if bare else ""
    return quoted + (_SIGNS.get(each) or ("word" if each.isalnum() else "sign") if each else "end")
