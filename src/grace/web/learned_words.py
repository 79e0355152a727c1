"""What a ranker gives, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from grace.priority.features import BETWEEN
from grace.priority.shapes import AND, Given, chance
from grace.priority.words import of_feature


def line(given: Given) -> str:
    """A line of a ranker: what it rests on, and what was said where that is a number."""
    if given.axis is None:
        return named(given.name)
    return _joined([_valued(name, value) for name, value in zip(given.name.split(AND), given.values, strict=True)])


def named(name: str) -> str:
    """The words for a line by its name, whatever was said."""
    return _joined([_one(each) for each in name.split(AND)])


def of_thousand(score: int) -> str:
    """How many of a thousand referrals with such a score are escalated, as far as the ranker is calibrated."""
    return f"{1000 * chance(score):.3g}"


def _joined(parts: list[str]) -> str:
    return (" " + _("and") + " ").join(parts)


def _one(name: str) -> str:
    words, (_kind, _between, term) = _(of_feature(name)), name.partition(BETWEEN)
    return f"{words}: {term}" if term else words


def _valued(name: str, value: float | None) -> str:
    if BETWEEN in name or value in {0.0, 1.0}:
        return _one(name)
    return f"{_one(name)}: " + (_("not stated") if value is None else f"{value:.3g}")
