"""Promises, alarms and states in words that an officer understands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grace.pipeline.line import Surveyed
from grace.priority.lines import DAYS, Drawn
from grace.priority.models import Line
from grace.priority.promise import allowed
from grace.priority.tally import floor_and_score

ALARMS = {
    "ranks": gettext_lazy("Audited urgent referrals stand lower in the queue than those by which the line was drawn."),
    "rate": gettext_lazy("Of the audited referrals another share is urgent than when the line was drawn."),
    "scores": gettext_lazy("What comes is scored otherwise than when the line was drawn."),
    "age": gettext_lazy("As many urgent referrals were audited since as the line was drawn by: draw it anew."),
    "rules": gettext_lazy("The rules changed: the line was drawn by others and says nothing of these."),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One promise as it could be made now: its name and words, and where its line would lie, or what is missing."""

    name: str
    title: str
    words: str
    is_possible: bool
    floor: int
    score: int
    low: int
    everything: int
    urgent_missing: int
    audited_missing: int


@dataclass(frozen=True, slots=True)
class StateRow:
    """What is promised of one state: its audited and urgent ones, its own line or what is missing, and what lies below."""

    code: str
    audited: int
    urgent: int
    is_possible: bool
    score: int
    position: int
    low: int
    everything: int
    audited_missing: int


def told(line: Line) -> str:
    """What a line promises."""
    if line.promise == Line.Promise.POPULATION:
        return _population(line.share)
    return _batch(line.share, line.figures["coming"], line.figures["least"], line.figures["most"])


def offer(drawn: Drawn, low: tuple[int, int] | None) -> Offer:
    """A promise as it could be made now."""
    is_batch = drawn.batch is not None
    words = _coming(drawn) if is_batch else _population(drawn.share)
    floor, score = floor_and_score(drawn.line.position) if drawn.line else (0, 0)
    missing = drawn.missing
    return Offer(
        drawn.promise,
        _("For the next 30 days") if is_batch else _("In the long run"),
        words,
        missing is None,
        floor,
        score,
        *(low or (0, 0)),
        missing.urgent_missing if missing else 0,
        missing.audited_missing if missing else 0,
    )


def state_rows(found: Surveyed) -> list[StateRow]:
    """One row for each state that audited referrals concern."""
    return [
        StateRow(
            code,
            drawn.found.audited,
            drawn.found.urgent,
            drawn.line is not None,
            floor_and_score(drawn.line.position)[1] if drawn.line else 0,
            drawn.line.position if drawn.line else 0,
            *found.state_counts[code],
            drawn.missing.audited_missing if drawn.missing else 0,
        )
        for code, drawn in found.states.items()
    ]


def alarm(sign: str, at: str) -> tuple[str, datetime]:
    """A sign of drift in words, and when it was first seen."""
    return str(ALARMS[sign]), datetime.fromisoformat(at)


def _coming(drawn: Drawn) -> str:
    """The batch that would follow; of how many urgent ones it holds nothing is said before anything audited was decided."""
    if drawn.batch and drawn.found.audited:
        return _batch(drawn.share, drawn.coming, drawn.batch.least, drawn.batch.most)
    return _(
        "About %(coming)d referrals will come in %(days)d days. How many of them will be urgent cannot be said yet: no audited referral "
        "that counts has been decided."
    ) % {"coming": drawn.coming, "days": DAYS}


def _batch(share: int, coming: int, least: int, most: int) -> str:
    numbers = {
        "coming": coming,
        "days": DAYS,
        "least": least,
        "most": most,
        "share": f"{share / 10:g}",
        "few": allowed(least, share),
        "many": allowed(most, share),
    }
    return (
        _(
            "Of about %(coming)d referrals in %(days)d days, %(least)d to %(most)d will be urgent. Of these at most %(share)s %% lie below the "
            "line, counted one by one: %(few)d to %(many)d referrals. This is kept in at least 19 of 20 cases; a case is a line with the "
            "batch that follows it."
        )
        % numbers
    )


def _population(share: int) -> str:
    return _(
        "Of all urgent referrals of the kind that was audited, at most %(share)s %% lie below the line, on the average over a long time. "
        "This is kept by at least 19 of 20 lines that are drawn so. In a single month more may lie below: of it nothing is promised."
    ) % {"share": f"{share / 10:g}"}
