"""The facets of a search in words: each value with how many hits it would leave, and its address."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from grace.casework.search_narrow import FILES, WINDOWS
from grace.kernel import clock
from grace.web import words
from grace.web.search.asked import Asked

MOST_SHOWN = 10
"""Values of a facet that are shown at once; the others are one click away."""

FILES_SAY: Mapping[str, Promise] = {
    "known": gettext_lazy("any known"),
    "near": gettext_lazy("any near a known one"),
    "new": gettext_lazy("any on no list"),
    "unchecked": gettext_lazy("any not checked"),
    "none": gettext_lazy("no files"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet; a chosen one leads to the search without it."""

    label: str
    count: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet; the first of its values are shown, ``more`` behind a click."""

    name: str
    label: str
    shown: Sequence[Value]
    more: Sequence[Value]


def facets(asked: Asked, counts: Mapping[str, Mapping[str, int]], senders: Sequence[tuple[UUID, str]]) -> Iterator[Facet]:
    """The facets that have a value, those with most hits first where they have no order of their own."""
    named = {str(key): name for key, name in senders}
    told: tuple[tuple[str, str, Callable[[str], str], Sequence[str]], ...] = (
        ("status", _("State of work"), lambda key: str(words.STATUSES[key]), tuple(words.STATUSES)),
        ("kind", _("Kind of incident"), lambda key: str(words.INCIDENTS.get(key, key)), ()),
        ("state", _("State concerned"), words.recipient, ()),
        ("sender", _("Sender"), lambda key: named.get(key, "\u2013"), ()),
        ("files", _("Its files"), lambda key: str(FILES_SAY[key]), FILES),
    )
    for name, label, say, order in told:
        values = list(_values(asked, name, counts.get(name, {}), say, order))
        if values:
            yield Facet(name, label, values[:MOST_SHOWN], values[MOST_SHOWN:])
    if windows := list(_windows(asked, counts.get("received", {}))):
        yield Facet("received", _("Received"), windows, ())


def _values(asked: Asked, name: str, counts: Mapping[str, int], say: Callable[[str], str], order: Sequence[str]) -> Iterator[Value]:
    chosen = getattr(asked, name)
    found = {chosen: 0, **counts} if chosen else counts
    for key in [each for each in order if each in found] or sorted(found, key=lambda each: (each != chosen, -found[each], each)):
        yield Value(say(key), found[key], asked.but(**{name: "" if key == chosen else key}), key == chosen)


def _windows(asked: Asked, counts: Mapping[str, int]) -> Iterator[Value]:
    """Spans of days back from now; a whole first day is asked for, so that a span may hold a few more than it counts."""
    today = clock.now().date()
    for days in WINDOWS:
        since = str(today - timedelta(days=days))
        chosen = asked.since == since and not asked.until
        if (number := counts.get(str(days), 0)) or chosen:
            label = ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
            yield Value(label, number, asked.but(since="" if chosen else since, until=""), chosen)
