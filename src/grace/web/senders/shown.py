"""Senders in words and bars: everything that the templates need, as text and addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grace.casework.sender_figures import MONTH, Figures, Flow, bins
from grace.intake.feedback import CODES
from grace.pipeline.sender_pages import Line, One
from grace.web import words
from grace.web.quarantine.words import WAYS
from grace.web.senders.asked import address

KINDS: Mapping[str, Promise] = {
    "provider": gettext_lazy("provider"),
    "hotline": gettext_lazy("hotline"),
    "agency": gettext_lazy("agency"),
    "unknown": gettext_lazy("kind not stated"),
}
SEVERITIES: Mapping[str, Promise] = {"missing": gettext_lazy("missing"), "weak": gettext_lazy("weak"), "note": gettext_lazy("would help")}
SORTS: Mapping[str, tuple[Promise, Callable[[Line], Any]]] = {
    "name": (gettext_lazy("Sender"), lambda line: line.known.name.casefold()),
    "referrals": (gettext_lazy("30 days"), lambda line: -line.figures.referrals),
    "completeness": (gettext_lazy("Completeness"), lambda line: -(line.figures.median_completeness or 0)),
    "actionable": (gettext_lazy("Actionable"), lambda line: -_share(line.figures.actionable, line.figures.referrals)),
    "files": (gettext_lazy("With files"), lambda line: -_share(line.figures.with_files, line.figures.referrals)),
    "quarantined": (gettext_lazy("Quarantined"), lambda line: -line.quarantined),
    "waiting": (gettext_lazy("Waiting"), lambda line: -line.waiting),
    "over": (gettext_lazy("Over its share today"), lambda line: -line.over_share),
}
"""By column of the list: its head, and the order it gives."""
_EDGES = (0, 20, 40, 60, 80, 101)
_HEIGHT = 40


@dataclass(frozen=True, slots=True)
class Number:
    """A number that leads to what it counts; ``share`` is in per cent of the referrals shown, if it is a part of them."""

    label: str
    number: int
    address: str
    share: str = ""
    width: int = 0
    more: str = ""


@dataclass(frozen=True, slots=True)
class Lack:
    """One code of feedback: its words, how many referrals lack it, their share and that of the days before."""

    code: str
    says: str
    field: str
    severity: str
    number: Number
    before: str


@dataclass(frozen=True, slots=True)
class Row:
    """One sender of the list."""

    line: Line
    kind: str
    address: str
    drawing: str
    told: str
    flooded: bool
    numbers: Mapping[str, Number]


def row(line: Line, today: date) -> Row:
    """A sender of the list with its numbers."""
    since, figures, key = today - timedelta(days=MONTH - 1), line.figures, line.known.id
    queue = f"{reverse('queue')}?sender={key}"
    numbers = {
        "referrals": Number("", figures.referrals, address(key, since, today)),
        "actionable": _part(figures, figures.actionable, address(key, since, today, actionable=1)),
        "files": _part(figures, figures.with_files, address(key, since, today, files=1)),
        "quarantined": Number("", line.quarantined, f"{reverse('quarantine')}?sender={key}"),
        "waiting": Number("", line.waiting, f"{queue}&every=1"),
        "over": Number("", line.over_share, f"{queue}&over_share=1"),
    }
    told = _("%(n)s in 30 days, %(today)s today") % {
        "n": words.grouped(figures.referrals),
        "today": words.grouped(line.flow.today if line.flow else 0),
    }
    return Row(
        line,
        kind(line),
        reverse("sender", args=[key]),
        drawing(line.flow.numbers[-MONTH:]) if line.flow else "",
        told,
        bool(line.flow and line.flow.flooded),
        numbers,
    )


def kind(line: Line) -> str:
    """What sort of sender."""
    return str(KINDS.get(line.known.kind, line.known.kind))


def drawing(numbers: Sequence[int]) -> str:
    """Numbers as bars, three wide in four, the largest as high as the drawing: the path of an SVG, 40 high."""
    top = max([*numbers, 1])
    heights = (max(1, round(_HEIGHT * number / top)) if number else 0 for number in numbers)
    return "".join(f"M{4 * place} {_HEIGHT}v-{height}h3v{height}z" for place, height in enumerate(heights) if height)


def _by_day(flow: Flow, days: int, sender: UUID, today: date) -> Iterator[tuple[date, Number]]:
    """The last so many days, today first."""
    for back, number in enumerate(reversed(flow.numbers[-days:])):
        day = today - timedelta(days=back)
        yield day, Number("", number, address(sender, day, day))


def page(found: One, today: date) -> dict[str, Any]:
    """All that the page of one sender shows."""
    line, figures, since = found.line, found.line.figures, today - timedelta(days=found.days - 1)
    shown = row(line, today)
    return {
        "row": shown,
        "days": found.days,
        "keys_of_sender": [(WAYS.get(each.way, each.way), each.name, each.expires_at) for each in found.keys],
        "lane": found.lane,
        "behind": found.behind,
        "drawing": drawing(line.flow.numbers[-found.days :]) if line.flow else "",
        "by_day": list(_by_day(line.flow, found.days, line.known.id, today)) if line.flow else [],
        "usual": line.flow.by if line.flow else None,
        "today": line.flow.today if line.flow else 0,
        "today_address": address(line.known.id, today, today),
        "total": Number("", figures.referrals, address(line.known.id, since, today)),
        "actionable": _part(figures, figures.actionable, address(line.known.id, since, today, actionable=1)),
        "files": _part(figures, figures.with_files, address(line.known.id, since, today, files=1)),
        "median": figures.median_completeness,
        "distribution": list(_distribution(found, since, today)),
        "lacks": list(_lacks(found, since, today)),
        "parts": [(part, title, list(_told(found, part, name, since, today))) for part, title, name in _PARTS],
    }


def _ways(way: str) -> str:
    return str(WAYS.get(way, way))


_PARTS: tuple[tuple[str, Promise, Callable[[str], str]], ...] = (
    ("format", gettext_lazy("Formats"), words.format_name),
    ("way", gettext_lazy("Ways in"), _ways),
    ("outcome", gettext_lazy("What became of them"), words.outcome),
)


def _told(found: One, part: str, name: Callable[[str], str], since: date, today: date) -> Iterator[Number]:
    figures = found.line.figures
    for value, number in figures.told[part].most_common():
        yield _part(figures, number, address(found.line.known.id, since, today, **{part: value}), name(value))


def _distribution(found: One, since: date, today: date) -> Iterator[Number]:
    figures = found.line.figures
    for low, high, number in bins(figures.completeness, _EDGES):
        yield _part(
            figures,
            number,
            address(found.line.known.id, since, today, low=low, high=high),
            _("%(low)d to %(high)d") % {"low": low, "high": min(high - 1, 100)},
        )


def _lacks(found: One, since: date, today: date) -> Iterator[Lack]:
    figures, before = found.line.figures, found.before
    for code, number in figures.told["lacks"].most_common():
        known = CODES.get(code)
        yield Lack(
            code,
            str(known.says) if known else "",
            known.field if known else "",
            str(SEVERITIES[known.weight.value]) if known else "",
            _part(figures, number, address(found.line.known.id, since, today, lacks=code)),
            _percent(before.told["lacks"][code], before.referrals),
        )


def _part(figures: Figures, number: int, where: str, label: str = "") -> Number:
    return Number(label, number, where, _percent(number, figures.referrals), round(100 * _share(number, figures.referrals)))


def _share(number: int, of: int) -> float:
    return number / of if of else 0.0


def _percent(number: int, of: int) -> str:
    return f"{100 * number / of:.0f} %" if of else ""
