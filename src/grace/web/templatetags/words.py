"""The words of the field as template filters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template

from grace.kernel import clock
from grace.web import list_words, videos, words

register = template.Library()

register.filter("capped", words.capped)
register.filter("grouped", words.grouped)
register.filter("signed", words.signed)
register.filter("format_name", words.format_name)
register.filter("outcome", words.outcome)
register.filter("said", words.said)
register.filter("contradictions", words.contradictions)
register.filter("not_decoded", words.not_decoded)
register.filter("looked_at", videos.looked_at)
register.filter("overlap", videos.overlap)
register.filter("clock", videos.clock)


@register.filter
def age(moment: datetime) -> str:
    """How long ago: ``{{ row.received_at|age }}``."""
    return words.age(moment, clock.now())


@register.filter
def reference(numbered: object) -> str:
    """The number of whatever has ``number`` and ``received_at``, as officers write it."""
    return words.reference(numbered.number, numbered.received_at)  # type: ignore[attr-defined]  # a template hands over anything


@register.filter
def hash_name(algorithm: str) -> str:
    """A kind of hash as it is written: ``{{ entry.algorithm|hash_name }}``."""
    return list_words.NAMES.get(algorithm, algorithm)


@register.filter
def said_of_match(known: Any) -> list[str]:
    """What must be said beside a match: another meaning than an alert, why it does not count, what is thought of it."""
    return list(list_words.said_of(known))


@register.filter
def state_of_entry(known: Any) -> list[str]:
    """What an entry is worth, where the listed videos that it is a picture of are said otherwise."""
    return list(list_words.state_of(known))


@register.filter
def both(first: object, second: object) -> tuple[object, object]:
    """Two things, to be shown the same way."""
    return first, second


@register.simple_tag
def title(kind: str, summary: dict[str, int]) -> str:
    """A referral in one sentence."""
    return words.title(kind, summary)
