"""What stands between a name and the service behind it: ``kite_77 *on* snap``, ``kite_77 *is my* snap``, ``kite_77 *(* snap )``."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple

from grace.identifiers.in_text.hits import LETTER, lowered
from grace.identifiers.in_text.words import words

_TOKEN = re.compile(rf"[{LETTER}'\u2019-]{{2,24}}|[{LETTER}]|[^\s]")
_WORD = re.compile(rf"[{LETTER}'\u2019-]*[{LETTER}][{LETTER}'\u2019-]*")
_OPENING = frozenset("([{")
_QUOTES = frozenset("\"'\u201c\u201d\u201e\u00ab\u00bb`")
_NO_SIGNS = _QUOTES | {"!", "?", "."}
_BEFORE_WORDS = frozenset(" \t\u00a0,-")
_DASHES = frozenset("-\u2013\u2014=")
_LABELLING = frozenset(":=|")
_PARTING = frozenset(",;|(/\u00b7\u2022\u2013\u2014-")
_MOST_STRAYS, _MOST_BEFORE_BRACKET, _MOST_WITHIN, _MOST_SIGNS = 4, 3, 2, 2
_MOST_OF_MINE, _MOST_DONE = 4, 7
_ON, _OF, _IS, _LABELS, _NAMES = (words("names", table) for table in ("on", "of", "is", "labels", "names"))
_TO, _TO_YOU = words("names", "to"), words("names", "to_you")
_ARTICLES, _MINE = words("names", "articles"), words("names", "mine")
_HUNGARIAN = frozenset({"a", "az"})


class Way(Enum):
    """How a name leads to its service."""

    ON = auto()
    BRACKET = auto()
    WITHIN = auto()
    """In brackets with other words."""
    IS = auto()
    IS_WHAT = auto()
    """What behind the service must say that it is one's own: ``kite_77 e instagramul *meu*``."""
    OF = auto()
    TO = auto()
    """A name only behind a verb for it: "uploaded by kite_77 *to* TikTok"."""
    LABEL = auto()
    SIGN = auto()
    NEAR = auto()
    """Nothing but a blank, an article or a word for a name."""


class Link(NamedTuple):
    """How a name leads to its service, past which stray words; ``is_more``: more than a blank; ``other``: how, where it is not led *to* it."""

    way: Way
    strays: tuple[str, ...] = ()
    is_more: bool = True
    other: Link | None = None


def link_of(between: str) -> Link | None:
    """The link that a text between a name and its service is, or None."""
    tokens = _TOKEN.findall(lowered(between))
    if not tokens:
        return Link(Way.NEAR, is_more=False) if between.isspace() and "\n" not in between else None
    if not _OPENING.isdisjoint(tokens):
        return _in_brackets(tokens)
    label = _label(tokens)
    return label if label or not between[-1].isspace() else _apart(between, tokens)


def _apart(between: str, tokens: list[str]) -> Link | None:
    """A link that a blank parts from the service: words, ``= my``, or a sign."""
    kept = tokens[1:] if tokens[0] == "," and len(tokens) > 1 else tokens
    if all(map(_WORD.fullmatch, kept)) and between[0] in _BEFORE_WORDS:
        return _of_words(kept)
    if kept[0] == "=" and len(kept) > 1 and kept[-1] in _MINE and all(map(_WORD.fullmatch, kept[1:])):
        return Link(Way.IS)
    if len(kept) == _MOST_SIGNS and kept[0] in _DASHES and kept[1] in _MINE:
        return Link(Way.IS)  # "kite_77 - my snap"
    is_sign = len(tokens) <= _MOST_SIGNS and not any(map(_WORD.fullmatch, tokens)) and _NO_SIGNS.isdisjoint(tokens)
    return Link(Way.SIGN) if is_sign else None


def _of_words(tokens: list[str]) -> Link | None:
    is_mine = tokens[-1] in _MINE
    core = tokens[:-1] if len(tokens) > 1 and (is_mine or tokens[-1] in _ARTICLES) else tokens
    if tokens[-1] in _ON and len(core) <= _MOST_DONE and _TO_YOU.any(tokens[:2]):
        core = tokens  # "kite_77 *te ha enviado un mensaje en* Instagram"
    if core[-1] in _ON and len(core) <= (_MOST_DONE if _TO_YOU.any(core[:3]) else _MOST_STRAYS + 1):
        strays = core[:-1]
        return Link(Way.ON, () if all(each in _OF for each in strays) else tuple(strays))  # "@kite *de pe* TikTok"
    other = _otherwise(tokens, core)
    return Link(Way.TO, other=other) if len(core) == 1 and core[0] in _TO else other


def _otherwise(tokens: list[str], core: list[str]) -> Link | None:
    """What words are that say neither "on" nor, as it may turn out, "to"."""
    if tokens[-1] in _MINE and len(tokens) > 1 and core[0] in _IS and all(each in _ARTICLES for each in core[1:]):
        return Link(Way.IS)
    if tokens[0] in _IS and all(each in _ARTICLES for each in tokens[1:]):
        return Link(Way.IS_WHAT)
    if len(core) == 1 and core[0] in _OF:
        return Link(Way.OF)
    is_near = all(each in _NAMES or each in _ARTICLES or each in _HUNGARIAN for each in tokens)
    return Link(Way.NEAR) if is_near and len(tokens) <= _MOST_WITHIN else None


def _in_brackets(tokens: list[str]) -> Link | None:
    place = next(at for at, token in enumerate(tokens) if token in _OPENING)
    before, within = tokens[:place], tokens[place + 1 :]
    if (
        not all(map(_WORD.fullmatch, [*before, *within]))
        or len(before) > _MOST_BEFORE_BRACKET
        or len(within) > (_MOST_OF_MINE if any(each in _MINE for each in within) else _MOST_WITHIN)
    ):
        return _label([*before, *tokens[place:]])
    is_plain = not before and all(each in _ON or each in _ARTICLES or each in _MINE for each in within)
    return Link(Way.BRACKET if is_plain else Way.WITHIN, tuple(within))


def _label(tokens: list[str]) -> Link | None:
    """``, platform: ``, ``" platform" : "``."""
    kept = [token for token in tokens if token not in _QUOTES]
    if len(kept) < _MOST_SIGNS or kept[-1] not in _LABELLING:
        return None
    kept = kept[:-1]
    kept = kept[1:] if kept[0] in _PARTING and len(kept) > 1 else kept
    is_label = 1 <= len(kept) <= _MOST_WITHIN and (kept[-1] in _LABELS if len(kept) == 1 else "_".join(kept) in _LABELS)
    return Link(Way.LABEL) if is_label else None
