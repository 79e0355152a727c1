"""What a trial came to, in words that an officer understands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grace.casework.models import Trial
from grace.priority.laboratory.setting import from_json
from grace.web.laboratory.asked import FIELDS, WEEKS, typed
from grace.web.senders.shown import drawing
from grace.web.unit.shown import hours
from grace.web.words import grouped

WAYS: Mapping[str, Promise] = {
    "turns": gettext_lazy("score first, a share out of turn (as here)"),
    "score": gettext_lazy("score only"),
    "ageing": gettext_lazy("score and age"),
    "deadline": gettext_lazy("earliest deadline"),
    "fifo": gettext_lazy("first in, first out"),
}


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def _number(value: float) -> str:
    return grouped(round(value))


def _days(value: float) -> str:
    return hours(24 * value)


ROWS: tuple[tuple[str, Promise, Callable[[float], str]], ...] = (
    ("urgent_within_day", gettext_lazy("Urgent ones that are read within 24 hours"), _share),
    ("urgent_median", gettext_lazy("Half of the urgent ones are read within"), hours),
    ("urgent_p95", gettext_lazy("19 of 20 urgent ones are read within"), hours),
    ("urgent_longest", gettext_lazy("The urgent one that waits longest"), hours),
    ("urgent_unread", gettext_lazy("Urgent ones that nobody has read at the end"), _number),
    ("median", gettext_lazy("Half of all are read within"), hours),
    ("p95", gettext_lazy("19 of 20 of all are read within"), hours),
    ("unread", gettext_lazy("Not read within 60 days"), _share),
    ("waiting", gettext_lazy("Waiting at the end"), _number),
    ("oldest", gettext_lazy("The oldest that waits at the end"), _days),
    ("idle", gettext_lazy("Hours in which officers have nothing to read"), _share),
)


@dataclass(frozen=True, slots=True)
class Told:
    """One figure: the middle course, and the bounds of nineteen in twenty; empty where nothing was there to be counted."""

    middle: str
    between: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a figure here, beside it the other trial's, and what to make of the two."""

    label: str
    here: Told
    beside: Told | None
    difference: str


def state(trial: Trial) -> str:
    """Whether a trial waits, runs, is done, or was ended."""
    if trial.result:
        return _("done")
    if trial.ended_at:
        return _("cancelled")
    return _("runs") if trial.done else _("waits")


def summary(setting: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A setting, field by field."""
    form = typed(setting, "", 0)
    found = [(str(label), form[key]) for key, label in FIELDS.items() if key in form and key not in {"policy", "courses"}]
    weeks = {days: label for label, days in WEEKS.values()}
    shifts = [
        _("%(officers)d from %(begins)s for %(hours)s h, %(days)s")
        % {
            "officers": each["officers"],
            "begins": f"{each['begins']:g}",
            "hours": f"{each['hours']:g}",
            "days": weeks.get(tuple(each["days"]), ""),
        }
        for each in setting["shifts"]
    ]
    own = _("%(n)d weeks, drawn by lot") % {"n": len(setting["history"]) // 7} if setting["history"] else _("no: come at random")
    order = str(WAYS.get(setting["policy"], setting["policy"]))
    return [*found, (str(FIELDS["shifts"]), "; ".join(shifts)), (str(FIELDS["history"]), own), (str(FIELDS["policy"]), order)]


def result(trial: Trial) -> dict[str, Any]:
    """A trial that is done: what it says in sentences, the tail, and what waits day by day."""
    told, setting = trial.result or {}, from_json(trial.setting)
    return {
        "sentences": list(_sentences(told, setting.per_day, setting.days)),
        "is_over": told["load"] > 1,
        "load": f"{told['load']:.2f}",
        "drawing": drawing(told["waiting"]),
        "width": 4 * len(told["waiting"]),
        "most": grouped(max(told["waiting"])),
        "last": grouped(told["waiting"][-1]),
    }


def tenths(*trials: Trial | None) -> list[tuple[int, list[tuple[str, int]]]]:
    """By tenth of the score, the lowest first: the share that is read in each trial that is done, and the width of its bar of 120."""
    shares = [each.result["read"] for each in trials if each and each.result]
    return [(place, [(f"{100 * one:.0f} %", round(120 * one)) for one in some]) for place, some in enumerate(zip(*shares, strict=True), 1)]


def _sentences(told: Mapping[str, Any], per_day: float, days: int) -> Iterator[str]:
    numbers = {"come": f"{per_day:.1f}", "read": f"{told['capacity']:.1f}", "days": days}
    if told["load"] > 1:
        yield (
            _("%(come)s come in a day and %(read)s can be read: more comes than can be read. Whatever the order, something is left.")
            % numbers
        )
    else:
        yield _("%(come)s come in a day and %(read)s can be read.") % numbers
    if urgent := told["figures"]["urgent_within_day"]:
        words = {"share": _share(urgent[0]), "low": _share(urgent[1]), "high": _share(urgent[2])}
        yield _("Of the urgent ones %(share)s are read within 24 hours; in 19 of 20 courses between %(low)s and %(high)s.") % words
    if unread := told["figures"]["unread"]:
        yield _("%(share)s of all are not read within 60 days of coming.") % {"share": _share(unread[0])}
    yield _("Of the tenth with the lowest scores %(low)s are read, of the tenth with the highest %(high)s.") % {
        "low": _share(told["read"][0]),
        "high": _share(told["read"][-1]),
    }


def comparison(here: Trial, beside: Trial | None) -> list[Row]:
    """All figures of a trial, and of the one beside it."""
    return [_row(str(label), form, (here.result or {})["figures"][name], beside, name) for name, label, form in ROWS]


def _row(label: str, form: Callable[[float], str], ours: list[float] | None, beside: Trial | None, name: str) -> Row:
    if beside is None or beside.result is None:
        return Row(label, _told(ours, form), None, "")
    theirs = beside.result["figures"][name]
    return Row(label, _told(ours, form), _told(theirs, form), _difference(ours, theirs))


def _told(value: list[float] | None, form: Callable[[float], str]) -> Told:
    if value is None:
        return Told("", "")
    return Told(form(value[0]), _("%(low)s to %(high)s") % {"low": form(value[1]), "high": form(value[2])})


def _difference(ours: list[float] | None, theirs: list[float] | None) -> str:
    """Only where what nineteen of twenty courses lie between does not overlap is one said to be more."""
    if ours is None or theirs is None:
        return ""
    if ours[1] > theirs[2]:
        return _("clearly more here")
    return _("clearly less here") if ours[2] < theirs[1] else _("no clear difference")
