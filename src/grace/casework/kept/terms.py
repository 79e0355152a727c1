"""The terms of a search: all by which a referral can hit it, so that one statement compares a batch with every kept search.

What is a term is told by the ways in which the text would be searched (:func:`grace.referrals.find.sought`), and of its words
by PostgreSQL: of a question that asks for all of its words the longest is enough, of one with alternatives any.
"""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass

from django.db import connection

from grace.evidence.written import digests_of
from grace.matching.digests import PDQ
from grace.referrals import find, words

_ASKS = "SELECT numnode(asked), querytree(asked) FROM websearch_to_tsquery('simple', %s) AS asked"
_WORD = re.compile(r"'((?:[^']|'')*)'")
_ALL = "T"
"""What PostgreSQL says of a question that no single word must answer."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The text as its words are compared, and the terms by way."""

    spelt: str
    terms: frozenset[tuple[str, str]]


def terms_of(text: str) -> Terms:
    """The terms of a text that :func:`grace.referrals.find.tidied` made."""
    spelt = words.folded(text)
    found = {(way, value) for way, value in find.sought(text)}
    found |= {("picture", value.hex()) for name, value in digests_of(text) if name == PDQ}
    return Terms(spelt, frozenset(found | _words(spelt)))


def _words(spelt: str) -> set[tuple[str, str]]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(_ASKS, [spelt])
        nodes, needed = cursor.fetchone()
    if not nodes:
        return set()
    if needed == _ALL:
        return {("any", "")}
    every = [each.replace("''", "'").replace("\\\\", "\\") for each in _WORD.findall(needed)]
    return {("words", each) for each in (every if "|" in _WORD.sub("", needed) else [max(every, key=len)])}
