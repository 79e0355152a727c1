"""The form of a trial: what it proposes, how it is filled from another trial, and the setting that it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grace.kernel.errors import Invalid
from grace.pipeline.laboratory import Own
from grace.priority.laboratory.setting import Setting, Shift, Untenable

WEEKS: Mapping[str, tuple[Promise, tuple[int, ...]]] = {
    "week": (gettext_lazy("Monday to Friday"), (0, 1, 2, 3, 4)),
    "all": (gettext_lazy("every day"), (0, 1, 2, 3, 4, 5, 6)),
    "weekend": (gettext_lazy("Saturday and Sunday"), (5, 6)),
}
RULES = (gettext_lazy("rules in force"), gettext_lazy("draft"))
FIELDS: Mapping[str, Promise] = {
    "per_day": gettext_lazy("Referrals a day"),
    "minutes": gettext_lazy("Minutes that one takes"),
    "days": gettext_lazy("Days"),
    "urgent_share": gettext_lazy("Urgent, in per cent"),
    "auc": gettext_lazy("Quality of the score (AUC)"),
    "floored": gettext_lazy("Urgent ones that a floor holds up, in per cent"),
    "false_floors": gettext_lazy("Others that a floor holds up, in per cent"),
    "audited": gettext_lazy("Audited, in per cent"),
    "out_of_turn": gettext_lazy("Out of turn, in per cent"),
    "waiting": gettext_lazy("Waiting at the beginning"),
    "shifts": gettext_lazy("Shifts"),
    "policy": gettext_lazy("Order"),
    "history": gettext_lazy("The unit's own weeks"),
    "courses": gettext_lazy("Courses"),
}
"""The fields of the form, as they are called in it and in what is said of a fault."""
_SCALES = {"urgent_share": 0.01, "floored": 0.01, "false_floors": 0.01, "audited": 10.0, "out_of_turn": 10.0}
"""What one of the form's units is in the setting; all else is one."""
_WHOLE = frozenset({"days", "audited", "out_of_turn", "waiting"})
_LEAST_URGENT = 20
"""Audited urgent ones from which the measured quality is proposed."""
_ASSUMED_AUC, _ASSUMED_URGENT, _USUAL_COURSES = 0.95, 0.18, 20


def proposed(own: Own) -> dict[str, str]:
    """What the form holds at first: the unit's own figures as far as they go."""
    measured = own.in_force if own.in_force and own.in_force.urgent >= _LEAST_URGENT else None
    mean = sum(own.came) / len(own.came) if own.came else 0
    return {
        "name": "",
        "per_day": f"{max(mean, 0.1):.1f}" if own.came else "40",
        "own_weeks": "1" if own.came else "",
        "minutes": "60",
        "days": "120",
        "urgent_share": f"{100 * own.urgent / own.audited:.2f}" if measured else f"{_ASSUMED_URGENT}",
        "auc": f"{min(measured.auc, 0.9999):.4f}" if measured else f"{_ASSUMED_AUC}",
        "floored": "0",
        "false_floors": "0",
        "audited": f"{(own.setting.share if own.setting else 0) / 10:g}",
        "out_of_turn": f"{(own.setting.out_of_turn if own.setting else 0) / 10:g}",
        "waiting": str(own.waiting),
        "policy": "turns",
        "courses": str(_USUAL_COURSES),
        "officers_0": "5",
        "begins_0": "8",
        "hours_0": "8",
        "week_0": "week",
    }


def typed(setting: Mapping[str, Any], name: str, courses: int) -> dict[str, str]:
    """The form that says this setting."""
    fields = {key: f"{round(setting[key] / _SCALES.get(key, 1), 6):g}" for key in FIELDS if isinstance(setting.get(key), int | float)}
    weeks = {days: key for key, (_label, days) in WEEKS.items()}
    for place, shift in enumerate(setting["shifts"]):
        fields |= {f"{part}_{place}": f"{shift[part]:g}" for part in ("officers", "begins", "hours")}
        fields[f"week_{place}"] = weeks.get(tuple(shift["days"]), "all")
    return {**fields, "name": name, "policy": setting["policy"], "courses": str(courses), "own_weeks": "1" if setting["history"] else ""}


def setting_of(form: Mapping[str, str], came: tuple[int, ...]) -> Setting:
    """The setting that a form says; ``came`` are the unit's own days. Raises :class:`Invalid` and names the field."""
    numbers = {key: _number(form, key) * _SCALES.get(key, 1) for key in FIELDS if key not in {"shifts", "policy", "history", "courses"}}
    values: dict[str, Any] = {key: round(value) if key in _WHOLE else value for key, value in numbers.items()}
    shifts = tuple(_shift(form, place) for place in range(3) if form.get(f"officers_{place}", "").strip() not in {"", "0"})
    try:
        return Setting(shifts=shifts, policy=form.get("policy", ""), history=came if form.get("own_weeks") else (), **values)
    except Untenable as fault:
        raise Invalid(
            _("This cannot be tried: %(field)s.") % {"field": FIELDS[fault.part]}, remedy=_REMEDIES.get(fault.part, "")
        ) from fault


_REMEDIES: dict[str, Any] = {
    "per_day": gettext_lazy("A course stays within 400 000 referrals, fewer with many officers: fewer days, or fewer referrals."),
    "shifts": gettext_lazy("At least one shift, of up to 24 hours, and at most 500 officers in all."),
    "auc": gettext_lazy("From 0.5, which is chance, to 0.9999."),
    "out_of_turn": gettext_lazy("From 0 to 50 per cent."),
    "days": gettext_lazy("From 7 to 730."),
}


def courses_of(form: Mapping[str, str]) -> int:
    """How many courses a form says."""
    return round(_number(form, "courses"))


def read_id(text: str) -> UUID | None:
    """The id that an address names, if it does. Raises :class:`Invalid` for what is none."""
    try:
        return UUID(text) if text else None
    except ValueError as fault:
        raise Invalid(_("This address cannot be read.")) from fault


def _shift(form: Mapping[str, str], place: int) -> Shift:
    officers, begins, hours = (_number(form, f"{part}_{place}", "shifts") for part in ("officers", "begins", "hours"))
    return Shift(round(officers), begins, hours, WEEKS.get(form.get(f"week_{place}", ""), WEEKS["all"])[1])


def _number(form: Mapping[str, str], key: str, field: str = "") -> float:
    text = form.get(key, "").strip().replace(",", ".")
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not abs(found) < 1e9:
        raise Invalid(_("%(field)s: this is not a number.") % {"field": FIELDS[field or key]}, remedy=_("Write it in figures."))
    return found
