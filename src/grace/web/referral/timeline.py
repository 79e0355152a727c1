"""Sightings on a line of time: exact ones as points, those without a stated zone as bands, the same again as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from grace.identifiers import moments
from grace.referrals.models import Sighting
from grace.web import words

LEFT, RIGHT, TOP, LANE = 116, 686, 24, 30
MOST_LANES = 5
MOST_MARKS = 400
_WEST, _EAST = timedelta(hours=12), timedelta(hours=14)
"""A wall clock without a zone stands at most 12 hours behind and 14 ahead of UTC: the moment lies somewhere between."""
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_STEPS = tuple(timedelta(hours=hours) for hours in (1, 3, 6, 12, 24, 48, 24 * 7, 24 * 14, 24 * 30, 24 * 91, 24 * 365, 24 * 365 * 5))


@dataclass(frozen=True, slots=True)
class Mark:
    """A point (``width`` 0) or a band, in the units of the drawing."""

    sighting: int
    x: float
    y: int
    width: float
    weak: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """The drawing: lanes with their height, marks, ticks; ``timeless`` counts sightings that state no time at all."""

    lanes: list[tuple[str, int]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    ticks: list[tuple[float, datetime]] = field(default_factory=list)
    height: int = 0
    left_out: int = 0
    timeless: int = 0
    daily: bool = False

    @property
    def floor(self) -> int:
        """Where the lines of the ticks end."""
        return self.height - 26


def timeline(sightings: Sequence[Sighting]) -> Timeline:
    """Lay the sightings out; an empty drawing where none states a time."""
    spans = {each.id: span for each in sightings if (span := _span(each))}
    timed = [each for each in sightings if each.id in spans]
    if not timed:
        return Timeline(timeless=len(sightings))
    shown = timed[:MOST_MARKS]
    first, last = min(spans[each.id][0] for each in shown), max(spans[each.id][1] for each in shown)
    lanes = _lanes(shown)
    scale = _Scale(first, max(last, first + timedelta(hours=1)))
    height = TOP + LANE * len(lanes) + 20
    return Timeline(
        lanes=[(name, TOP + LANE * place) for name, place in lanes.items()],
        marks=[_mark(each, spans[each.id], scale, TOP + LANE * lanes[_lane_of(each, lanes)]) for each in shown],
        ticks=list(scale.ticks()),
        height=height,
        daily=scale.step >= timedelta(days=1),
        left_out=len(timed) - len(shown),
        timeless=len(sightings) - len(timed),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    first: datetime
    last: datetime

    def x(self, moment: datetime) -> float:
        return round(LEFT + 8 + (RIGHT - LEFT - 16) * ((moment - self.first) / (self.last - self.first)), 1)

    @property
    def step(self) -> timedelta:
        """Between two ticks: a round one, so that there are at most six or so."""
        whole = self.last - self.first
        return next((each for each in _STEPS if whole / each <= 6), whole / 6)

    def ticks(self) -> Iterator[tuple[float, datetime]]:
        """Round moments."""
        step = self.step
        ahead = (_EPOCH - self.first) % step
        while ahead <= self.last - self.first:
            yield self.x(self.first + ahead), self.first + ahead
            ahead += step


def _span(sighting: Sighting) -> tuple[datetime, datetime] | None:
    """From when to when the sighting may have happened."""
    if sighting.at is not None:
        return sighting.at, sighting.at
    wall = moments.read(sighting.at_written).wall if sighting.at_written else None
    if wall is None:
        return None
    try:
        return (wall.replace(tzinfo=UTC) - _EAST, wall.replace(tzinfo=UTC) + _WEST)
    except OverflowError:
        return None


def _lanes(sightings: Iterable[Sighting]) -> dict[str, int]:
    """One lane for each of the commonest events, one for the rest, one for unknown zones; by name, in order."""
    events = Counter(_event(each) for each in sightings if each.at is not None)
    names = [name for name, _number in events.most_common(MOST_LANES)]
    if len(events) > MOST_LANES:
        names.append(_("other"))
    if any(each.at is None for each in sightings):
        names.append(_("zone unknown"))
    return {name: place for place, name in enumerate(dict.fromkeys(names))}


def _event(sighting: Sighting) -> str:
    event = (sighting.event or "").strip().lower()
    return words.said(event[:15]) if event else _("sighted")


def _lane_of(sighting: Sighting, lanes: dict[str, int]) -> str:
    if sighting.at is None:
        return _("zone unknown")
    name = _event(sighting)
    return name if name in lanes else _("other")


def _mark(sighting: Sighting, span: tuple[datetime, datetime], scale: _Scale, y: int) -> Mark:
    x = scale.x(span[0])
    exact = sighting.precision in {"second", "fraction"}
    return Mark(sighting.id, x, y, round(scale.x(span[1]) - x, 1), weak=sighting.weak or not exact)
