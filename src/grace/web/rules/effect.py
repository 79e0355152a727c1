"""How the effect of rules is shown: eight numbers, each of which shows the referrals that it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grace.pipeline.effect import NOW, OF_MONTH, Effect
from grace.priority.replay import Side
from grace.web.words import grouped

LABELS: Mapping[str, Promise] = {
    "up": gettext_lazy("move up"),
    "down": gettext_lazy("move down"),
    "floors_gained": gettext_lazy("floors gained or raised"),
    "floors_lost": gettext_lazy("floors lost or lowered"),
    "earlier": gettext_lazy("would have been read earlier"),
    "later": gettext_lazy("would have been read later"),
    "urgent": gettext_lazy("urgent ones, median wait"),
    "unread": gettext_lazy("not read by today"),
}


@dataclass(frozen=True, slots=True)
class Number:
    """One number, and whether what it counts is shown below."""

    name: str
    label: Promise
    value: str
    chosen: bool


def shown(effect: Effect) -> dict[str, Any]:
    """What the template takes."""
    month = effect.month
    values = {name: grouped(getattr(effect.now, name)) for name in NOW}
    values |= {
        "earlier": grouped(len(month.earlier)),
        "later": grouped(len(month.later)),
        "urgent": difference(month.before, month.after),
        "unread": f"{grouped(month.before.unread)} \u2192 {grouped(month.after.unread)}",
    }
    numbers = [Number(name, LABELS[name], value, name == effect.shown) for name, value in values.items()]
    return {
        "effect": effect,
        "now_numbers": numbers[: len(NOW)],
        "month_numbers": numbers[len(NOW) :],
        "waits": [(each, span(each.before), span(each.after)) for each in effect.waits],
        "medians": [
            (_("all"), span(month.before.median), span(month.after.median)),
            (_("the urgent ones"), span(month.before.median_urgent), span(month.after.median_urgent)),
        ],
        "urgent_left": (month.before.unread_urgent, month.after.unread_urgent),
        "days": (month.until - month.since).days,
        "part": f"{100 * month.share:.1f}" if month.share < 1 else "",
        "shown_label": LABELS[effect.shown],
        "is_of_month": effect.shown in OF_MONTH,
    }


def difference(before: Side, after: Side) -> str:
    """By how much the median wait of the urgent ones changes, in words."""
    first, second = before.median_urgent, after.median_urgent
    if first is None or second is None:
        return span(second)
    if first == second:
        return _("unchanged")
    sign = "\u2212" if second < first else "+"
    return f"{sign}{span(abs(second - first))}"


def span(wait: timedelta | None) -> str:
    """A length of time, as short as it can be read."""
    if wait is None:
        return _("not read")
    minutes = round(wait.total_seconds() / 60)
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    hours = round(minutes / 60, 1) if minutes < 600 else round(minutes / 60)
    if hours < 48:
        return _("%(n)s h") % {"n": f"{hours:g}"}
    return _("%(n)s d") % {"n": f"{hours / 24:.1f}"}
