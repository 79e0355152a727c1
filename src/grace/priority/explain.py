"""Which reasons of an assessment rest on given signals: what a thing that was found changed."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from grace.priority.axes import Axis
from grace.priority.models import Assessment


@dataclass(frozen=True, slots=True)
class Speaks:
    """A reason that rests on one of the signals: its axis, points and words."""

    axis: str
    points: int
    text: str


def reasons(referrals: Sequence[UUID], kinds: AbstractSet[str]) -> dict[UUID, list[Speaks]]:
    """For each referral the reasons of its last assessment that rest on a signal of these kinds, by the rules of that assessment."""
    told = Assessment.objects.select_related("rules").filter(referral_id__in=list(referrals))
    return {each.referral_id: _reasons(each, kinds) for each in told}


def _reasons(assessment: Assessment, kinds: AbstractSet[str]) -> list[Speaks]:
    resting = {rule["id"] for rule in assessment.rules.body["rules"] if _rests_on(rule, kinds)}
    return [
        Speaks(axis.value, points, text)
        for axis in Axis
        for rule, points, text, _basis in assessment.reasons.get(axis.value, [])
        if rule in resting
    ]


def _rests_on(rule: dict[str, Any], kinds: AbstractSet[str]) -> bool:
    return rule.get("each") in kinds or any(condition["signal"] in kinds for condition in rule["when"])
