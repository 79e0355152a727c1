"""Names that stand loose in a sentence that names a service, in any order: ``the old one, kite.77, is locked``, ``mon acc kite_77 y est``.

Nothing ties such a name to its service but the sentence, so that what is a file, a version, a hash tag, an error or a product must be told apart:
by its own shape, by the word before it, and by the signs of programs around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grace.identifiers.in_text.hits import LETTER, lowered, words_before, words_behind
from grace.identifiers.in_text.mentions import Mention
from grace.identifiers.in_text.names import (
    END,
    NAME,
    Look,
    has_no_said_part,
    is_behind_at,
    is_host,
    is_letters_then_digits,
    is_letters_then_digits_alone,
    is_plain,
    look_of,
    shares_letters,
    squeezed,
)
from grace.identifiers.in_text.nears import Around, Told
from grace.identifiers.in_text.words import bare_words, words

SHAPED = re.compile(
    rf"(?<![{LETTER}_.@#/\\:%+~=!&-])(?P<at>@?)(?![0-9][0-9.,:/-])(?=[^\W0-9_]*+(?:[_0-9]|\.\w|-[0-9]|-[a-z]++-)|[A-Z]?[a-z]++[A-Z])(?P<name>{NAME}_?)(?P<tag>)"
    rf"(?![{LETTER}_@/(=\\]|\.[{LETTER}]|-[{LETTER}]|://|[ ]?:[\s{LETTER}]|>|[,;|\t][^\s]|\][ ])"
)
_BREAK = re.compile(r"[.!?|](?=\s)|\n|\u00bb\s|\s[\u2013\u2014-]\s")
_CODE = re.compile(
    r"[{}<>=$`\\]|\(\)|::|//|->|(?:^|\s)--?[a-z]|(?:^|\s)/[a-z]|\w\(|\b(?:import|def|npm|pip|git|sudo|docker|curl)\b|(?:(?:^|[\s,;])\w+:\s[^:]{1,40}){3}"
)
_REACH = 140
_SIGN_BEFORE = re.compile(r"[:(\u2013\u2014,][\"'\u201c\u201e\u00ab ]{0,2}$")
_PARTS = re.compile(r"[^\W\d_]+")
_CELL_BEFORE = re.compile(r"[^\s\w][,;|\t]$|\w[,;|\t]$|[\U0001f000-\U0001faff\ufe0f]\s?$")
_LIST_BEFORE = re.compile(r"\s?(?:[,/&]|\w{1,3})\s?")
_TITLE = re.compile(r"[A-Z][a-z]+(?:_[A-Z][a-z]+)+|\w+_(?:19|20)[0-9]{2}|[^\W_]+_|_[^\W_]+")
_MANY = 5
_FEW = 3
_TITLED = words("names", "things", "groups", "channels")
_FILES = bare_words("nobody", "filed")
_VETOES, _IS_CALLED = words("nobody", "vetoes"), words("names", "is", "naming")
_JOINS, _TWO = words("nobody", "joins"), 2
_LEAST_COMMON, _LEAST_OF_PLAIN = 5, 6
_FAR, _SHORT = 400, 24
_USINGS = words("names", "usings")
_THINGS = words("nobody", "things")
_LEADS = words("names", "is", "names", "naming", "i_am", "asked_for", "mine", "calls", "former")
_SURE_LEADS = words("names", "names", "naming", "i_am", "asked_for", "former", "calls")
_PLAYS, _GIVEN = words("nobody", "plays"), words("names", "given", "with")
_EDGE = re.compile(r"[^\W\d_]_?(?!(?:19|20)[0-9]{2}$)[0-9]{2,4}$|_[^_]+_$")
_ON, _PARTITIVE = words("names", "on"), words("names", "partitive")
_FIRST_NAME = re.compile(r"\s([A-Z][^\W\d_]{2,12})\s$")
_FORMER, _WITH, _PERSONS = (words("names", table) for table in ("former", "with", "persons"))
_ARTICLES = words("names", "articles_before")
_OLD = re.compile(r"[,(:]\s?(?P<at>)(?P<name>[a-z]{7,30})(?P<tag>)(?=[,)])")
_JOINED = re.compile(r"[a-z]{2,}(?:-[a-z]{3,}){2,3}[0-9]{0,3}")
_BY_JOINED = words("names", "joined_by_hyphens")
"""Services whose names are joined by hyphens."""


@dataclass(slots=True)
class _Sentence:
    """A sentence with the services that it names, other names around it, and the end of the last thing in it that is no name."""

    start: int
    end: int
    named: Sequence[Mention]
    kin: list[str]
    thing: int = -1


def loose(around: Around) -> Iterator[Told]:
    """Names in the sentences of services that nothing else ties to them."""
    text, sentence = around.text, None
    for found in SHAPED.finditer(text):
        if around.found(found.start(), found.end()) or _CELL_BEFORE.search(text, max(0, found.start() - 2), found.start()):
            continue
        if sentence is None or found.start() >= sentence.end:
            if not (_may_be_one(found["name"]) and around.named(found.start() - _REACH, found.end() + _REACH)):
                continue
            sentence = _sentence(around, found)
        if sentence.named and _is_of(text, found, sentence):
            sentence.kin.append(squeezed(found["name"]))
            yield found, _nearest(sentence.named, found).service
    for found in _OLD.finditer(text) if around.hits else ():
        sentence = _sentence(around, found) if _FORMER.any(words_before(text, found.start())[:1]) else None
        if sentence and sentence.named and is_plain(found["name"]) and shares_letters(found["name"], sentence.kin, _LEAST_OF_PLAIN):
            yield found, _nearest(sentence.named, found).service


def _may_be_one(name: str) -> bool:
    """Whether a text has the look of a name, or is of several words joined by hyphens."""
    return look_of(name) > Look.WORD or _JOINED.fullmatch(name) is not None


def _is_of(text: str, found: re.Match[str], sentence: _Sentence) -> bool:
    """Whether a text of the shape of a name is one in its sentence; what follows a thing in a list is one of its kind."""
    if is_run_together(found["name"]):
        return False
    is_listed = sentence.thing >= 0 and _LIST_BEFORE.fullmatch(text, sentence.thing, found.start()) is not None
    if is_listed or is_a_thing(text, found):
        sentence.thing = found.end()
        return False
    return is_loose_name(text, found, _nearest(sentence.named, found), sentence.kin)


def _sentence(around: Around, found: re.Match[str]) -> _Sentence:
    """The sentence around a text; with the one before where that asks for a service and ends in its name."""
    text = around.text
    start, end = max(0, found.start() - _REACH), min(len(text), found.end() + _REACH)
    before = list(_BREAK.finditer(text, start, found.start()))
    behind = _BREAK.search(text, found.end(), end)
    start, end = before[-1].end() if before else start, behind.start() if behind else end
    if (
        before
        and before[-1][0] == "?"
        and any(not text[each.end : before[-1].start()].strip() for each in around.named(start - _SHORT, start))
    ):
        start = before[-2].end() if len(before) > 1 else max(0, start - _REACH)  # "on LinkedIn? it's kite-and-bird-shop, I think"
    named = [] if is_code(text, start, end) else around.named(start, end)
    kept = [each for each in named if not each.service.plain or _is_spoken_of(text, each)]
    return _Sentence(start, end, kept, [hit.normal for hit in around.found(max(0, start - _FAR), end + _FAR)] if kept else [])


def _is_spoken_of(text: str, mention: Mention) -> bool:
    """Whether a service that is an ordinary word too is one here: "I only *use* signal"."""
    return _USINGS.any(words_before(text, mention.start)[:3])


def _nearest(named: Sequence[Mention], found: re.Match[str]) -> Mention:
    return min(named, key=lambda each: max(each.start - found.end(), found.start() - each.end))


def is_code(text: str, start: int, end: int) -> bool:
    """Whether the signs of a program or of a record stand in a sentence."""
    return _CODE.search(text, start, end) is not None


def is_run_together(name: str) -> bool:
    """Whether two sentences stand on both sides of a full stop that no blank follows: "gesehen.dann"."""
    parts = name.lower().split(".")
    return len(parts) == _TWO and all(map(str.isalpha, parts)) and len(parts[1]) > _TWO and parts[1] in _JOINS


def is_no_name(text: str, start: int, end: int) -> bool:
    """Whether what looks like a name is a file, an error or the like by the word right before, or two sentences run together."""
    name = text[start:end]
    if text[start] == "@" or not ("_" in name or "." in name):
        return False
    if "_" not in name:
        return is_run_together(name)
    parts = lowered(name).split("_")
    if _FILES.any([parts[0], parts[-1]]):
        return True
    before = words_before(text, start, reach=32)[:2]
    return _VETOES.any(before[1:] if _IS_CALLED.any(before[:1]) else before[:1])


def is_a_thing(text: str, found: re.Match[str]) -> bool:
    """Whether the words before say that a file, a tag, an error, a product or a place is spoken of."""
    before = words_before(text, found.start(), sentence=True)
    is_behind_sign = _SIGN_BEFORE.search(text, max(0, found.start() - 4), found.start()) is not None
    parts = _PARTS.findall(lowered(found["name"]))
    near = before[: _MANY if is_behind_sign else _FEW]
    return _THINGS.any(near) or (is_behind_sign and _TITLED.any(near)) or (not found["at"] and _THINGS.any(parts))


def is_loose_name(text: str, found: re.Match[str], mention: Mention, kin: list[str]) -> bool:
    """Whether a text of the shape of a name is one: led to, made as one of ``kin``, or of a shape that nothing else has."""
    name, look = found["name"], look_of(found["name"])
    if found["at"]:
        return look > Look.WORD and is_behind_at(name) and bool(kin) and shares_letters(name, kin, _LEAST_COMMON)
    if name.isupper() or not squeezed(name):
        return False
    if look > Look.WORD and not is_host(name) and shares_letters(name, kin, _LEAST_COMMON):
        return look > Look.MIXED or is_letters_then_digits(name) or END.match(text, found.end()) is not None
    is_free = has_no_said_part(name) and not _is_reporter(text, found)
    return is_free and _is_led_to(text, found, mention, look)


def _is_led_to(text: str, found: re.Match[str], mention: Mention, look: Look) -> bool:
    """Whether what stands around a text suffices for its look."""
    name, before = found["name"], [word for word in words_before(text, found.start(), reach=24) if word not in _ARTICLES][:1]
    is_last = END.match(text, found.end()) is not None
    is_apart = is_last and _SIGN_BEFORE.search(text, max(0, found.start() - 4), found.start()) is not None
    is_led = _LEADS.any(before) and not _PLAYS.any(before)
    if look is Look.UNDERSCORED:
        is_told = is_led or _GIVEN.any(before) or _is_of_first_name(text, found)
        return is_told or _EDGE.search(name) is not None or (is_apart and not _TITLE.fullmatch(name))
    if look is Look.DOTTED and not is_host(name):
        return is_apart or (is_led and is_last)
    if _JOINED.fullmatch(name) and mention.service.name in _BY_JOINED:
        is_before = _ON.any(words_behind(text, found.end())[:1])
        return (is_led or is_apart or is_before) and not _PARTITIVE.any(words_before(text, found.start(), reach=8)[:1])
    return look is Look.MIXED and is_letters_then_digits_alone(name) and _SURE_LEADS.any(before) and is_last


def _is_of_first_name(text: str, found: re.Match[str]) -> bool:
    """Whether a name stands behind the first name of whoever made it from that: "Ste ste_diavola"."""
    first = _FIRST_NAME.search(text, max(0, found.start() - 16), found.start())
    return first is not None and found["name"].lower().startswith(first[1].lower()[:3])


def _is_reporter(text: str, found: re.Match[str]) -> bool:
    """Whether it is told who reported somebody: "(Discord) *reported by* kite_77"."""
    before = words_before(text, found.start())[:2]
    return _WITH.any(before[:1]) and _PERSONS.any(before[1:])
