"""The figures of a unit as text and addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grace.casework.unit_figures import AGES, AXES, DAYS
from grace.pipeline.unit import LEAST_OFFICERS, UnitPage
from grace.web import words
from grace.web.line.shown import alarm, told
from grace.web.senders.shown import drawing
from grace.web.unit.asked import address, age_label, band_label

_HOUR = 3600
_STARVING = len(AGES)
"""The band of age of what nobody has read for longest."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number that leads to what it counts; ``width`` in per cent of the largest beside it."""

    number: int
    address: str
    width: int = 0


@dataclass(frozen=True, slots=True)
class Waits:
    """How long referrals waited: of which kind, how many, and what the middle, nineteen of twenty and all of them waited at most."""

    label: str
    number: Number
    middle: str
    most: str
    most_address: str
    longest: str
    longest_address: str


def page(found: UnitPage) -> dict[str, Any]:
    """All that the page shows."""
    figures, line = found.kept.figures, found.line
    ages = figures["ages"]
    return {
        "counted_at": found.kept.counted_at,
        "total": Number(sum(ages), f"{reverse('queue')}?every=1"),
        "urgent": Number(sum(figures["urgent"]), f"{reverse('queue')}?urgent=1"),
        "oldest": found.oldest,
        "oldest_urgent": found.oldest_urgent,
        "by_age": list(_by_age(figures)),
        "axes": [(name, words.AXES[name][0], [band_label(band) for band in range(4)], list(_by_axis(figures, name))) for name in AXES],
        "waits": list(_waits(figures["waited"])),
        "line": line,
        "promise": told(line) if line else "",
        "alarms": [alarm(sign, at) for sign, at in line.alarms.items()] if line else [],
        "below": Number(figures["below"][0], f"{reverse('queue')}?every=1&below={line.position}") if line and figures["below"] else None,
        "against": _against(figures["against"]),
        "looks": figures["looks"],
        "hours": None if figures["looks"]["hours"] is None else f"{figures['looks']['hours']:.1f}",
        "least_officers": LEAST_OFFICERS,
        "senders": [
            (name, reverse("sender", args=[sender]), Number(number, f"{reverse('queue')}?sender={sender}&every=1"))
            for sender, name, number in figures["senders"]
        ],
        "days": DAYS,
        **_flow(figures),
        **_starving(figures),
    }


def _by_age(figures: Mapping[str, Any]) -> Iterator[tuple[str, Number, Number, Number]]:
    """By band of age: all, the urgent ones and those in bulk lanes."""
    top = max([*figures["ages"], 1])
    for age, number in enumerate(figures["ages"]):
        yield (
            age_label(age),
            Number(number, address(age=age), round(100 * number / top)),
            Number(figures["urgent"][age], address(age=age, urgent=1)),
            Number(figures["behind"][age], address(age=age, behind=1)),
        )


def _by_axis(figures: Mapping[str, Any], axis: str) -> Iterator[tuple[str, list[Number]]]:
    for age, numbers in enumerate(figures["axes"][axis]):
        yield age_label(age), [Number(number, address(age=age, axis=axis, band=band)) for band, number in enumerate(numbers)]


def _waits(waited: Mapping[str, list[float]]) -> Iterator[Waits]:
    for key, label, narrow in (("all", _("all"), {}), ("urgent", _("urgent ones"), {"urgent": 1})):
        if key in waited:
            number, middle, most, longest = waited[key]
            late, last = (address(what="begun", **narrow, over=max(0, int(each * _HOUR) - 1)) for each in (most, longest))
            everything = Number(int(number), address(what="begun", **narrow))
            yield Waits(label, everything, hours(middle), hours(most), late, hours(longest), last)


def _against(told: Mapping[str, int]) -> dict[str, Any]:
    """How often officers decided otherwise than the order said; of the unit, not of anybody in it."""
    return {
        "decided": Number(told["decided"], address(what="decided")),
        "let_go": Number(told["let_go"], address(what="let_go")),
        "held": told["held"],
        "let_go_share": _share(told["let_go"], told["held"]),
        "raised": Number(told["raised"], address(what="raised")),
        "others": told["others"],
        "raised_share": _share(told["raised"], told["others"]),
        "share": _share(told["let_go"] + told["raised"], told["decided"]),
    }


def _flow(figures: Mapping[str, Any]) -> dict[str, Any]:
    """What comes and what is begun in a day, and what that means."""
    came = figures["came"]
    per_day = sum(came[-28:]) / 28
    begun = figures["waited"].get("all", [0])[0] / DAYS
    return {
        "drawing": drawing(came),
        "chart_width": 4 * len(came),
        "per_day": f"{per_day:.1f}",
        "begun_per_day": f"{begun:.1f}",
        "load": f"{per_day / begun:.2f}" if begun else "",
        "is_over": bool(per_day > begun),
    }


def _starving(figures: Mapping[str, Any]) -> dict[str, Any]:
    number, urgent = figures["ages"][_STARVING], figures["urgent"][_STARVING]
    return {
        "starving": Number(number, address(age=_STARVING)),
        "starving_urgent": Number(urgent, address(age=_STARVING, urgent=1)),
        "starving_behind": Number(figures["behind"][_STARVING], address(age=_STARVING, behind=1)),
        "starving_days": AGES[-1],
        "starving_axes": [
            (words.AXES[axis][0], Number(figures["axes"][axis][_STARVING][0], address(age=_STARVING, axis=axis, band=0))) for axis in AXES
        ],
    }


def hours(number: float) -> str:
    """A wait in words that are short: minutes, hours or days."""
    if number < 1:
        return ngettext("%(n)d minute", "%(n)d minutes", round(60 * number)) % {"n": round(60 * number)}
    if number < 48:
        return _("%(n)s hours") % {"n": f"{number:.1f}"}
    return _("%(n)s days") % {"n": f"{number / 24:.1f}"}


def _share(number: int, of: int) -> str:
    return f"{100 * number / of:.1f} %" if of else ""
