"""Names at services in text: a service must be named beside them, for an ``@`` alone says nothing ("@home").

How sure a name must look depends on what leads to it: behind "my snap name is" a word will do, behind "my snap is" one with a digit ("my snap is
boring"), behind a mere "Telegram" only ``@kite`` or ``kite_77``. Which words lead is data (``lexicon/names.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from grace.identifiers.accounts import normal_screen_name
from grace.identifiers.in_text.answers import answer
from grace.identifiers.in_text.befores import name_before, name_of_a_pair
from grace.identifiers.in_text.behinds import name_behind
from grace.identifiers.in_text.chats import chats
from grace.identifiers.in_text.domains import top_level
from grace.identifiers.in_text.hits import LETTER, Hit, lowered, words_before
from grace.identifiers.in_text.keyed import keyed
from grace.identifiers.in_text.leads import Lead
from grace.identifiers.in_text.loose import is_no_name, loose
from grace.identifiers.in_text.mentions import Mention, mentions
from grace.identifiers.in_text.names import ALSO, END, NAME_HERE, Look, is_behind_at, is_kin, is_letters_then_digits, look_of, squeezed
from grace.identifiers.in_text.nears import Around, Told, alsos_before, fields, marked, names_a_field
from grace.identifiers.in_text.pieces import pieces
from grace.identifiers.in_text.records import records
from grace.identifiers.in_text.sequels import told_next
from grace.identifiers.in_text.tables import SEPARATORS, is_other_cell, names_in_inserts, names_in_tables
from grace.identifiers.in_text.titles import is_title
from grace.identifiers.in_text.views import seen
from grace.identifiers.in_text.weighed import weighed
from grace.identifiers.in_text.words import Service, names_a_service, service_of, words

_REDDIT = re.compile(rf"(?<![{LETTER}_./])/?u/(?P<name>[A-Za-z0-9_-]{{3,20}})(?![\w/.-]*[\w/])")
_FEDIVERSE = re.compile(
    rf"(?<![{LETTER}_.@/])@(?P<name>[A-Za-z0-9_][A-Za-z0-9_.-]{{0,30}})(?P<sign>[@:])(?P<host>(?:[a-z0-9-]{{1,63}}\.){{1,4}}(?P<top>[a-z]{{2,24}}))(?![\w/-])"
)
_NEXT_SERVICE = re.compile(r"\W{1,4}(\w+)\W{1,3}(\w+)")
_FORMER = re.compile(
    rf"[\"'`*\u201d\u00bb)]{{0,2}}(?:\s?[,;/&(\[\u2013\u2014-]{{1,2}}\s?|\s)(?P<words>(?:[{LETTER}'\u2019-]{{1,16}}[:=,]?\s){{1,7}})[\"'`*\u201e\u00ab(\[]{{0,2}}"
)
_WORDS_FORMER, _WORDS_BESIDE = words("names", "former"), words("names", "former", "also", "is", "links")
_RENAMED, _TO = words("names", "renamed"), words("hosts", "links")
_REMARK = re.compile(r"\s?\((\w{2,16})\)")
_INTO = re.compile(r"\bvalues?\s?\(", re.IGNORECASE)
_NEAR = 400
_LIST = 5
_LONG_LIST = 20
FINDERS: tuple[Callable[[Around], Iterator[Told]], ...] = (records, pieces, loose, chats, weighed)
"""What ties names to the services of a text that do not stand beside them, surest first."""
_ON, _ALSO_ON = words("names", "on"), words("names", "on", "also", "articles")


def handles(text: str, known: frozenset[str]) -> Iterator[Hit]:
    """Names at services, each with its service; ``known`` is the vocabulary of the text."""
    if names_a_service(known):
        yield from _at_services(seen(text), is_record=names_a_field(known))
    if "u/" in text:
        is_reddit = any(service is not None and service.name == "reddit" for service in map(service_of, known))
        for found in _REDDIT.finditer(text):
            if is_reddit or look_of(found["name"]) >= Look.DOTTED:
                yield Hit(*found.span("name"), normal_screen_name(found["name"]) or "", "reddit")
    if "@" in text:
        for found in _FEDIVERSE.finditer(text):
            if found["top"] in top_level():
                yield Hit(found.start(), found.end(), found[0][1:].casefold(), "mastodon" if found["sign"] == "@" else "matrix")


def _at_services(text: str, *, is_record: bool) -> Iterator[Hit]:
    """Names beside a service first; then those that the rest of the text ties to one."""
    every = list(mentions(text))
    if not every:
        return
    tabled = [_hit(*told) for told in names_in_tables(text)] if "\n" in text and any(each in text for each in SEPARATORS) else []
    if "(" in text and _INTO.search(text):
        tabled += [_hit(*told) for told in names_in_inserts(text)]
    yield from tabled
    hits: list[Hit] = []
    bare: list[tuple[Mention, int]] = []
    last = -_LIST
    for before, mention in zip([None, *every], every, strict=False):
        found = _beside(text, mention, last, frozenset()) or _of_pair(text, hits, before, mention)
        if not found:
            bare.append((mention, max(0, last)))
        last = found[-1].end if found else last
        hits += found
    around = Around(text, every, hits)
    for mention, last in bare:  # "steam: bluekite, discord: blue_kite#1234"
        kin = frozenset(squeezed(hit.normal) for hit in around.found(mention.start - _NEAR, mention.end + _NEAR))
        hits += (_beside(text, mention, last, kin) if kin else ()) or _sequel(around, mention, kin)
    hits = [hit for hit in hits if _may_stand(text, hit, tabled) and not is_no_name(text, hit.start, hit.end)]
    yield from hits
    around = Around(text, every, hits)
    kept = [_hit(*told) for told in fields(around)] if is_record else []
    kept += [_hit(*told) for told in keyed(around)] if "{" in text else []
    yield from kept
    hits += [_hit(*told) for told in marked(around)]
    yield from hits
    around = Around(text, every, hits)
    for finder in FINDERS:
        if finder is weighed:  # the trees were fitted where each name stands once
            around = Around(text, every, list(dict.fromkeys([*tabled, *kept, *hits])))
        more = [hit for hit in [_hit(*told) for told in finder(around)] if _may_stand(text, hit, tabled)]
        if more:
            yield from more
            hits += more
            around = Around(text, every, hits)


def _may_stand(text: str, hit: Hit, tabled: Sequence[Hit]) -> bool:
    """Whether a name stands in no other cell of a table of names, and is no title."""
    return not (is_other_cell(text, hit.start, tabled) or is_title(text, hit.start))


def _sequel(around: Around, mention: Mention, kin: frozenset[str]) -> list[Hit]:
    """A name in a sentence behind that of its service, which no other service has."""
    following = around.named(mention.end, mention.end + _NEAR)
    found = told_next(around.text, mention.end, following[0].start if following else len(around.text), mention.service, kin)
    return [_hit(found, mention.service)] if found and not around.found(found.start("at"), found.end()) else []


def _of_pair(text: str, hits: Sequence[Hit], first: Mention | None, mention: Mention) -> list[Hit]:
    """A name before its service that is made as the one before the service before."""
    found = name_of_a_pair(text, hits[-1][:2], first, mention) if first and hits else None
    return [_hit(found, mention.service)] if found else []


def _beside(text: str, mention: Mention, last: int, kin: frozenset[str]) -> list[Hit]:
    before = name_before(text, mention, max(0, last), kin)
    if before:
        shift, found = before
        return [*(_hit(each, mention.service, shift) for each in alsos_before(found)), _hit(found, mention.service, shift)]
    is_in_list = _goes_on(text, last, mention.start)  # "snap kite_77, insta blue.kite": the second is meant as the first
    hits = list(_behind(text, mention, is_in_list=is_in_list, kin=kin))
    if hits:
        return hits
    told = answer(text, mention.end, kin)
    return [_hit(told, mention.service)] if told else []


def _goes_on(text: str, last: int, start: int) -> bool:
    """Whether nothing but "and on" stands between a name and the next service."""
    if start - last < _LIST:
        return True
    return last >= 0 and start - last < _LONG_LIST and all(word in _ALSO_ON for word in words_before(text[last:start], start - last))


def _behind(text: str, mention: Mention, *, is_in_list: bool, kin: frozenset[str]) -> Iterator[Hit]:
    """Names behind the service: ``Snap: kite_77``, ``my snap is kite_77``, ``add me on Discord, I'm kite#1234``."""
    lead = Lead(mention.service, text, mention.start, mention.end, is_in_list, mention.is_compound, mention.is_inflected, kin)
    found = name_behind(text, mention.end, lead)
    is_free = text[found.end() : found.end() + 1] == " " if found else False
    if found and is_free and (lead.steps or lead.strays) and not (lead.sign or lead.is_said) and _is_on_another(text, found.end()):
        return  # "on Discord and kite_77 on Steam"
    if found and _is_remarked(text, found.end(), mention.service):
        return  # "Signal: player kite77 (Roblox)"
    while found is not None:
        yield _hit(found, mention.service)
        found = _next(text, found.start(), found.end())


def _is_remarked(text: str, end: int, service: Service) -> bool:
    """Whether brackets behind a name hold another service."""
    remark = _REMARK.match(text, end)
    other = service_of(lowered(remark[1])) if remark else None
    return other is not None and other.name != service.name and service.plain


def _next(text: str, start: int, end: int) -> re.Match[str] | None:
    """Another name of the same service: ``insta @blue.kite and @kite_77``, ``kite_77 (formerly kite_76)``."""
    more = _former(text, start, end) or ALSO.match(text, end)
    found = NAME_HERE.match(text, more.end()) if more else None
    if found is None or not more or service_of(lowered(found["name"])):
        return None
    is_alike = is_kin(found["name"], frozenset({squeezed(text[start:end])})) and more.re is _FORMER
    if not (
        (found["at"] and is_behind_at(found["name"]))
        or found["tag"]
        or look_of(found["name"]) >= Look.DOTTED
        or is_alike
        or _is_mixed(text, found)
    ):
        return None
    return None if _is_on_another(text, found.end()) else found


def _is_mixed(text: str, found: re.Match[str]) -> bool:
    return is_letters_then_digits(found["name"]) and END.match(text, found.end()) is not None


def _is_on_another(text: str, end: int) -> bool:
    """Whether a name belongs to a service of its own: ``snap: a_b, kite_77 on insta``."""
    behind = _NEXT_SERVICE.match(text[end : end + 40])
    return behind is not None and behind[1].lower() in _ON and service_of(lowered(behind[2])) is not None


def _former(text: str, start: int, end: int) -> re.Match[str] | None:
    """What says that another name of the same person follows: "formerly", "she renamed it to"."""
    found = _FORMER.match(text, end)
    if found is None:
        return None
    told = [word for word in re.split(r"[\s:=]+", lowered(found["words"]).rpartition(",")[2]) if word]
    is_renamed = _RENAMED.any(told) or (all(word in _TO for word in told) and _RENAMED.any(words_before(text, start, sentence=True)))
    return found if is_renamed or (_WORDS_FORMER.any(told) and all(word in _WORDS_BESIDE for word in told)) else None


def _hit(found: re.Match[str], service: Service, shift: int = 0) -> Hit:
    name = found["name"] + (found["tag"] or "")
    end = found.end("tag") if found["tag"] else found.end("name")
    return Hit(found.start("at") + shift, end + shift, normal_screen_name(name) or name, service.name)
