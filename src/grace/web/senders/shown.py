"""Senders in words and bars: everything that the templates need, as text and addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grace.casework.sender_figures import bins
from grace.casework.sender_flow import Flow
from grace.casework.sender_list import MONTH
from grace.intake.feedback import CODES
from grace.pipeline.sender_pages import Line, One, Order, share
from grace.web import words
from grace.web.quarantine.words import WAYS
from grace.web.senders.asked import Addresses

KINDS: Mapping[str, Promise] = {
    "provider": gettext_lazy("provider"),
    "hotline": gettext_lazy("hotline"),
    "agency": gettext_lazy("agency"),
    "unknown": gettext_lazy("kind not stated"),
}
SEVERITIES: Mapping[str, Promise] = {"missing": gettext_lazy("missing"), "weak": gettext_lazy("weak"), "note": gettext_lazy("would help")}
HEADS: Mapping[Order, Promise] = {
    Order.NAME: gettext_lazy("Sender"),
    Order.REFERRALS: gettext_lazy("30 days"),
    Order.COMPLETENESS: gettext_lazy("Completeness"),
    Order.ACTIONABLE: gettext_lazy("Actionable"),
    Order.FILES: gettext_lazy("With files"),
    Order.QUARANTINED: gettext_lazy("Quarantined"),
    Order.WAITING: gettext_lazy("Waiting"),
    Order.OVER: gettext_lazy("Over its share today"),
}
"""The heads of the list's columns."""
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


def rows(lines: Iterable[Line], today: date) -> list[Row]:
    """Senders of the list with their numbers."""
    queue, quarantine = reverse("queue"), reverse("quarantine")
    return [_row(line, today, f"{queue}?sender={line.known.id}", f"{quarantine}?sender={line.known.id}") for line in lines]


def _row(line: Line, today: date, queue: str, quarantine: str) -> Row:
    sums, where = line.sums, Addresses(line.known.id, today - timedelta(days=MONTH - 1), today)
    numbers = {
        "referrals": Number("", sums.referrals, where.of()),
        "actionable": _part(sums.referrals, sums.actionable, where.of(actionable=1)),
        "files": _part(sums.referrals, sums.with_files, where.of(files=1)),
        "quarantined": Number("", line.quarantined, quarantine),
        "waiting": Number("", sums.waiting, f"{queue}&every=1"),
        "over": Number("", line.over_share, f"{queue}&over_share=1"),
    }
    told = _("%(n)s in 30 days, %(today)s today") % {
        "n": words.grouped(sums.referrals),
        "today": words.grouped(line.flow.today if line.flow else 0),
    }
    return Row(
        line,
        kind(line),
        reverse("sender", args=[line.known.id]),
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


def _by_day(flow: Flow, days: int, where: Addresses, today: date) -> Iterator[tuple[date, Number]]:
    """The last so many days, today first."""
    for back, number in enumerate(reversed(flow.numbers[-days:])):
        day = today - timedelta(days=back)
        yield day, Number("", number, where.on(day))


def page(found: One, today: date) -> dict[str, Any]:
    """All that the page of one sender shows."""
    line, figures = found.line, found.figures
    where = Addresses(line.known.id, today - timedelta(days=found.days - 1), today)
    return {
        "row": rows([line], today)[0],
        "days": found.days,
        "keys_of_sender": [(WAYS.get(each.way, each.way), each.name, each.expires_at) for each in found.keys],
        "lane": found.lane,
        "behind": found.behind,
        "drawing": drawing(line.flow.numbers[-found.days :]) if line.flow else "",
        "by_day": list(_by_day(line.flow, found.days, where, today)) if line.flow else [],
        "usual": line.flow.by if line.flow else None,
        "today": line.flow.today if line.flow else 0,
        "today_address": where.on(today),
        "total": Number("", figures.referrals, where.of()),
        "actionable": _part(figures.referrals, figures.actionable, where.of(actionable=1)),
        "files": _part(figures.referrals, figures.with_files, where.of(files=1)),
        "median": line.median,
        "distribution": list(_distribution(found, where)),
        "lacks": list(_lacks(found, where)),
        "parts": [(part, title, list(_told(found, part, name, where))) for part, title, name in _PARTS],
    }


def _ways(way: str) -> str:
    return str(WAYS.get(way, way))


_PARTS: tuple[tuple[str, Promise, Callable[[str], str]], ...] = (
    ("format", gettext_lazy("Formats"), words.format_name),
    ("way", gettext_lazy("Ways in"), _ways),
    ("outcome", gettext_lazy("What became of them"), words.outcome),
)


def _told(found: One, part: str, name: Callable[[str], str], where: Addresses) -> Iterator[Number]:
    for value, number in found.figures.told[part].most_common():
        yield _part(found.figures.referrals, number, where.of(**{part: value}), name(value))


def _distribution(found: One, where: Addresses) -> Iterator[Number]:
    for low, high, number in bins(found.figures.completeness, _EDGES):
        label = _("%(low)d to %(high)d") % {"low": low, "high": min(high - 1, 100)}
        yield _part(found.figures.referrals, number, where.of(low=low, high=high), label)


def _lacks(found: One, where: Addresses) -> Iterator[Lack]:
    figures, before = found.figures, found.before
    for code, number in figures.told["lacks"].most_common():
        known = CODES.get(code)
        yield Lack(
            code,
            str(known.says) if known else "",
            known.field if known else "",
            str(SEVERITIES[known.weight.value]) if known else "",
            _part(figures.referrals, number, where.of(lacks=code)),
            _percent(before.told["lacks"][code], before.referrals),
        )


def _part(of: int, number: int, where: str, label: str = "") -> Number:
    return Number(label, number, where, _percent(number, of), round(100 * share(number, of)))


def _percent(number: int, of: int) -> str:
    return f"{100 * number / of:.0f} %" if of else ""
