"""What is asked of a unit's referrals, as the address says it, in words, and the addresses that figures lead to."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from grace.casework.unit_figures import AGES, BAND
from grace.casework.unit_rows import Which
from grace.kernel.errors import Invalid
from grace.web.words import AXES


def which(query: QueryDict) -> Which:
    """The question of an address. Raises :class:`Invalid` where it was made by hand and badly."""
    return Which(
        what=query.get("what", "waiting"),
        age=_number(query.get("age", "")),
        axis=query.get("axis", ""),
        band=_number(query.get("band", "")) or 0,
        urgent=bool(query.get("urgent")),
        behind=bool(query.get("behind")),
        over=_number(query.get("over", "")) or 0,
    )


def address(**asked: str | int) -> str:
    """The list of one figure, as :func:`which` reads it."""
    return f"{reverse('unit-referrals')}?{urlencode(asked)}"


def age_label(band: int) -> str:
    """A band of age in words."""
    if band == 0:
        return _("less than a day")
    if band == len(AGES):
        return _("more than %(days)d days") % {"days": AGES[-1]}
    return _("%(from)d to %(to)d days") % {"from": AGES[band - 1], "to": AGES[band]}


def band_label(band: int) -> str:
    """A band of an axis in words."""
    return _("%(low)d to %(high)d") % {"low": BAND * band, "high": 100 if band == 3 else BAND * (band + 1) - 1}


def heading(asked: Which) -> str:
    """What the list holds."""
    heads = {
        "waiting": _("Waiting"),
        "begun": _("First taken or decided in the last 30 days"),
        "decided": _("Decided one by one in the last 30 days"),
        "let_go": _("A floor held it up, and an officer let it go"),
        "raised": _("No floor held it up, and an officer escalated it"),
    }
    parts = [heads.get(asked.what, "")]
    if asked.age is not None:
        parts.append(age_label(asked.age))
    if asked.axis:
        parts.append(f"{AXES[asked.axis][0]} {band_label(asked.band)}")
    if asked.urgent:
        parts.append(_("urgent"))
    if asked.behind:
        parts.append(_("in bulk lanes"))
    if asked.over:
        parts.append(_("waited more than %(hours)s hours") % {"hours": f"{asked.over / 3600:.1f}"})
    return " · ".join(parts)


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Invalid(_("This is not an address of this list."))
    return int(text)
