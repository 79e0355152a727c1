"""Names at services in text: a service must be named beside them, for an ``@`` alone says nothing ("@home").

How sure a name must look depends on what leads to it: behind "my snap is" a word will do, behind a mere "Telegram" only
``@kite`` or ``kite_77``. Which words lead is data (``words.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from grace.identifiers.accounts import normal_screen_name
from grace.identifiers.in_text.domains import is_top_level, top_level
from grace.identifiers.in_text.hits import LETTER, Hit, alternatives, words_before
from grace.identifiers.in_text.words import Service, names_a_service, service_of, words

_WORD = re.compile(r"[^\W\d_]+|👻")
_NAME = r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]{0,38}[A-Za-z0-9_])?"
_NAME_HERE = re.compile(
    rf"(?P<at>@?)(?P<name>(?:live:)?{_NAME})(?P<tag>#[0-9]{{4}}(?![0-9]))?(?![{LETTER}_@]|\.[{LETTER}]|-[{LETTER}]|://|/)"
)
_GAP = re.compile(
    r"[ \t\u00a0]*(?P<sign>[:=\u2192>|~\u2013\u2014/-]{1,3}|,|\?|\()?[ \t\u00a0]*(?P<line>\r?\n[ \t]*)?(?P<open>[\"'`*\u201c\u201d\u201e\u00ab\u00bb\u201a\u2018\u2019(\[<_]{0,3}?)(?=[\w@])"
)
_LEADING = re.compile(rf"[{LETTER}'\u2019]+(?![{LETTER}_@.#]|\.[{LETTER}])|[{LETTER}'\u2019]+(?=\.?\s|[:,])")
_ALSO_WORDS = alternatives(words("handles", "also"))
_END = re.compile(
    rf"[\"'`*\u201d\u201c\u00bb\u00ab\u2019)\]>_]{{0,3}}\s*(?:[.,;!?)|/&+\u2022\u00b7]|$|\n| - |\u2013|\u2014|(?:{_ALSO_WORDS})\s)"
)
_ALSO = re.compile(rf"[\"'`*\u201d\u00bb]{{0,2}}\s*(?:[,/&+|]|{_ALSO_WORDS})\s*[\"'`*\u201e\u00ab]{{0,2}}(?=@|{_NAME})")
_MARKED = re.compile(r"[A-Za-z]\w*_\w|\w_\w*[A-Za-z]|_\w*[A-Za-z]|[A-Za-z]\w*_$")
_MIXED = re.compile(r"(?=.*[A-Za-z]{2})(?=.*[0-9]).{4,}")
_DOTTED = re.compile(
    r"[A-Za-z0-9_-]*[A-Za-z][A-Za-z0-9_-]+[.][A-Za-z0-9_.-]*[A-Za-z0-9_-]{2,}|[A-Za-z0-9_-]{2,}[.][A-Za-z0-9_.-]*[A-Za-z][A-Za-z0-9_-]+"
)
_MEASURE = re.compile(
    r"v?[0-9]+(?:[.:,-][0-9]+)*[A-Za-z]{0,3}|(?:img|dsc|dscn|vid|mvi|pxl|photo|image|screenshot|file|version|ver|build|release)[_.-]?[0-9][\w.-]*|[A-Za-z]{1,3}[0-9]{1,2}",
    re.IGNORECASE,
)
_FILE = re.compile(rf".*\.(?:{alternatives(words('handles', 'files'))})", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"[a-z]{4,24}")
_REDDIT = re.compile(rf"(?<![{LETTER}_./])/?u/(?P<name>[A-Za-z0-9_-]{{3,20}})(?![\w/.-]*[\w/])")
_FEDIVERSE = re.compile(
    rf"(?<![{LETTER}_.@/])@(?P<name>[A-Za-z0-9_][A-Za-z0-9_.-]{{0,30}})(?P<sign>[@:])(?P<host>(?:[a-z0-9-]{{1,63}}\.){{1,4}}(?P<top>[a-z]{{2,24}}))(?![\w/-])"
)
_NUMBER = re.compile(r"[0-9][0-9-]{4,12}")
_WITH_TAGS = frozenset({"discord", "battlenet"})
_MOST_STEPS = 7
_REACH = 70
_LIST = 5


@dataclass(slots=True)
class _Lead:
    """What stands around a service and before a possible name.

    ``is_mine``: somebody speaks of a contact; ``is_named``: of a name; ``is_told``: "is" or "name" stands right before it;
    ``is_where``: "on" stands before the service, as in "he said on Telegram: …".
    """

    service: Service
    is_mine: bool = False
    is_named: bool = False
    is_told: bool = False
    is_where: bool = False
    sign: str = ""
    steps: int = 0

    @property
    def is_strong(self) -> bool:
        """Whether a plain word may be a name here: ``my snap is …``, ``kik - …``, ``Insta name: …``."""
        if self.sign:
            return not self.service.plain or self.is_named or self.is_mine
        return self.steps > 0 and (self.is_named or self.is_mine)


def handles(text: str, known: frozenset[str]) -> Iterator[Hit]:
    """Names at services, each with its service; ``known`` is the vocabulary of the text."""
    if names_a_service(known):
        yield from _beside_services(text)
    if "u/" in text:
        is_reddit = "reddit" in known
        for found in _REDDIT.finditer(text):
            if is_reddit or _is_marked(found["name"]):
                yield Hit(found.start(), found.end(), normal_screen_name(found["name"]) or "", "reddit")
    if "@" in text:
        for found in _FEDIVERSE.finditer(text):
            if found["top"] in top_level():
                yield Hit(found.start(), found.end(), found[0][1:].casefold(), "mastodon" if found["sign"] == "@" else "matrix")


def _beside_services(text: str) -> Iterator[Hit]:
    last = -_LIST
    for found in _WORD.finditer(text):
        service = service_of(found[0].lower())
        if service and _stands_alone(text, found):
            in_list = found.start() - last < _LIST  # "snap kite_77, insta blue.kite": the second is meant as the first
            hits = [each for each in _before(text, found, service) if each.start >= last] or list(
                _behind(text, found, service, in_list=in_list)
            )
            last = hits[-1].end if hits else last
            yield from hits


def _stands_alone(text: str, found: re.Match[str]) -> bool:
    """A word of its own: not part of a host, an address, a hash tag, a name or a number; a letter alone is a capital."""
    before, behind = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 1]
    if found[0] == "x" or before.isdigit() or behind.isdigit():
        return False
    return before not in {"@", ".", "_", "#", "/", "\\"} or (before == "/" and behind in {":", " "})


def _behind(text: str, word: re.Match[str], service: Service, *, in_list: bool) -> Iterator[Hit]:
    """Names behind the service: ``Snap: kite_77``, ``my snap is kite_77``, ``add me on Discord, I'm kite#1234``."""
    if text[word.end() : word.end() + 1] in {"_", ".", "@"} and not re.match(r"\.?\s", text[word.end() : word.end() + 2]):
        return
    lead = _Lead(
        service, is_mine=in_list or not words("handles", "mine").isdisjoint(words_before(text, word.start(), reach=48, sentence=True)[:6])
    )
    lead.is_named = not words("handles", "names").isdisjoint(words_before(text, word.start(), reach=32, sentence=True)[:3])
    lead.is_where = not words("handles", "on").isdisjoint(words_before(text, word.start(), reach=10)[:1])
    place = _name_at(text, word.end(), lead)
    while place is not None:
        found = _NAME_HERE.match(text, place)
        if found is None or not _is_name(text, found, lead):
            return
        yield _hit(found, service)
        more = _ALSO.match(text, found.end())
        place = (
            more.end() if more and (text[more.end()] == "@" or _is_marked((_NAME_HERE.match(text, more.end()) or found)["name"])) else None
        )
        if place is not None and _names_another(text, place):
            return


def _names_another(text: str, place: int) -> bool:
    """Whether the next name belongs to a service of its own: ``snap: a_b, kite_77 on insta``, or is a service."""
    found = _NAME_HERE.match(text, place)
    if found is None or service_of(found["name"].lower()):
        return True
    behind = re.match(r"\W{1,4}(\w+)\W{1,3}(\w+)", text[found.end() : found.end() + 40])
    return bool(behind and behind[1].lower() in words("handles", "on") and service_of(behind[2].lower()))


def _name_at(text: str, place: int, lead: _Lead) -> int | None:
    """Where a name may stand behind a service, past words and signs that lead to one; None where a sentence ends first."""
    for step in range(_MOST_STEPS):
        gap = _GAP.match(text, place)
        if gap is None or (gap["line"] and gap["sign"] != ":") or not gap[0]:
            return None
        if gap["sign"] and gap["sign"] not in {",", "?", "(", "/"} and not (gap["sign"] == "-" and gap[0] == "-"):
            lead.sign = gap["sign"]
        elif gap["sign"] == "/":
            return None
        place = gap.end()
        if text[place] == "@":
            return place
        leading = _LEADING.match(text, place)
        word = leading[0].lower().replace("\u2019", "'") if leading else ""
        if leading is None or not (
            word in words("handles", "links") or word in words("handles", "names") or (word in words("handles", "on") and step)
        ):
            return place if gap["sign"] != "," or lead.steps else None
        if service_of(word):
            return None
        lead.steps += 1
        lead.is_told = lead.is_told or word in words("handles", "is") or word in words("handles", "names")
        lead.is_named = lead.is_named or word in words("handles", "names")
        lead.is_mine = lead.is_mine or word in words("handles", "mine")
        place = leading.end()
    return None


def _is_name(text: str, found: re.Match[str], lead: _Lead) -> bool:
    name = found["name"]
    if found["at"]:
        return len(name) > 1 and not name.isdigit() and name.lower() not in words("handles", "after_at") and not _MEASURE.fullmatch(name)
    if found["tag"]:
        return name.lower() not in words("handles", "counted") and (lead.service.name in _WITH_TAGS or lead.is_strong)
    if lead.service.numbers and _NUMBER.fullmatch(name):
        return bool(lead.sign or lead.steps or lead.is_mine)
    return not _FILE.fullmatch(name) and service_of(name.lower()) is None and _looks_like_a_name(text, found, lead)


def _looks_like_a_name(text: str, found: re.Match[str], lead: _Lead) -> bool:
    """The less leads to a text, the more it must look like a name itself."""
    name = found["name"]
    if _is_marked(name):
        is_led = bool(lead.sign or lead.is_mine or lead.is_named)
        return (not lead.service.plain or lead.is_strong) if is_led else "_" in name
    if _is_mixed(name):
        return lead.is_strong or (lead.is_mine and not lead.service.plain)
    if lead.service.plain and not lead.is_named:
        return False
    is_led = lead.is_told or bool(lead.sign and not (lead.is_where and not lead.is_mine))
    return lead.is_strong and is_led and _is_plain_name(text, found)


def _is_marked(name: str) -> bool:
    """Whether a text is written as names are: ``kite_77``, ``blue.kite``."""
    if _MEASURE.fullmatch(name) or _FILE.fullmatch(name) or not (_MARKED.search(name) or _DOTTED.fullmatch(name)):
        return False
    parts = re.findall(r"[A-Za-z]+", name.lower())
    return not words("handles", "never").issuperset(parts)  # server_2, photo_1


def _is_mixed(name: str) -> bool:
    """Letters and digits, as in ``kite77``; what measures something (``1080p``, ``24h``) is none."""
    return bool(_MIXED.fullmatch(name)) and not _MEASURE.fullmatch(name)


def _is_plain_name(text: str, found: re.Match[str]) -> bool:
    """A word that ends what is said and that nobody would say of a service."""
    name = found["name"]
    if not _PLAIN_NAME.fullmatch(name) or not _END.match(text, found.end()):
        return False
    said = words("handles", "never") | words("handles", "links") | words("handles", "names") | words("handles", "mine")
    return name not in said and not name.endswith(tuple(words("handles", "endings")))


@cache
def _pattern_before() -> re.Pattern[str]:
    on, is_, mine = (alternatives(words("handles", table)) for table in ("on", "is", "mine"))
    link = rf"(?:,?\s(?:{on})\s(?:my\s|the\s)?|\s?[(\[]\s?(?:(?:{on})\s)?|\s(?P<is>{is_})\s(?:{mine})\s)$"
    return re.compile(
        rf"(?<![{LETTER}_.@#/-])(?P<at>@?)(?P<name>{_NAME})(?P<tag>#[0-9]{{4}})?[\"'`*\u201d\u201c\u00bb)]{{0,3}}{link}",
        re.IGNORECASE,
    )


def _before(text: str, word: re.Match[str], service: Service) -> Iterator[Hit]:
    """A name before the service: ``@kite on Instagram``, ``kite_77 (snap)``, ``kite_77 is my snap``."""
    from_ = max(0, word.start() - _REACH)
    line = text[from_ : word.start()].rpartition("\n")[2]
    last = line.lower().split()[-2:]
    if not line.rstrip().endswith(("(", "[")) and (words("handles", "on") | words("handles", "mine")).isdisjoint(last):
        return
    found = _pattern_before().search(line)
    if found is None:
        return
    shift = word.start() - len(line)
    lead = _Lead(service, is_mine=bool(found["is"]) or not words("handles", "mine").isdisjoint(words_before(line, found.start())[:4]))
    lead.is_named = not words("handles", "names").isdisjoint(words_before(line, found.start())[:3])
    if _is_name_before(text, found, lead):
        hit = _hit(found, service)
        yield Hit(hit.start + shift, hit.end + shift, hit.normal, hit.service)


def _is_name_before(text: str, found: re.Match[str], lead: _Lead) -> bool:
    """Before a service a name must look like one, or an ``@`` must stand before it."""
    name = found["name"]
    if found["at"]:
        return _is_name(text, found, lead)
    if found["tag"]:
        return name.lower() not in words("handles", "counted") and (lead.service.name in _WITH_TAGS or lead.is_mine)
    is_led = lead.is_mine or lead.is_named
    if _is_marked(name):
        return is_led or "_" in name or not is_top_level(name.rpartition(".")[2])
    return is_led and _is_mixed(name)


def _hit(found: re.Match[str], service: Service) -> Hit:
    end = found.end("tag") if found["tag"] else found.end("name")
    name = found["name"] + (found["tag"] or "")
    return Hit(found.start("at"), end, normal_screen_name(name) or name, service.name)
