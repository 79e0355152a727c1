"""What changed an assessment last: line by line, and whether other facts did, other rules, or another ranker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grace.priority.axes import Axis
from grace.priority.models import Assessment

FACTS, RULES, RANKER = "facts", "rules", "ranker"


@dataclass(frozen=True, slots=True)
class LineChanged:
    """A line of an axis (or of the floors) before and after; None where it was not there."""

    part: str
    text: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Changed:
    """When, because of what (:data:`FACTS`, :data:`RULES`, :data:`RANKER`), floor and score before and after, and the lines that differ."""

    at: datetime
    because: str
    floor: tuple[int, int]
    score: tuple[int, int]
    lines: tuple[LineChanged, ...]


def changed(assessment: Assessment) -> Changed | None:
    """What the last change took the place of; None where nothing has changed since the referral was assessed first."""
    before = assessment.before
    if before is None:
        return None
    ranker = str(assessment.ranker_id) if assessment.ranker_id else None
    because = RANKER if before["ranker"] != ranker else RULES if before["rules"] != str(assessment.rules_id) else FACTS
    lines = tuple(differences(before["reasons"], assessment.reasons))
    at = datetime.fromisoformat(before["at"])
    return Changed(at, because, (before["floor"], assessment.floor), (before["score"], assessment.score), lines)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[LineChanged]:
    """The lines that differ between two sets of reasons, by part and rule; floors first, the axes in their order."""
    for part in ("floors", *(axis.value for axis in Axis)):
        old, new = ({line[0]: (line[2], line[1]) for line in side.get(part, [])} for side in (before, after))
        for rule, (text, points) in {**old, **new}.items():
            was, now = (side[rule][1] if rule in side else None for side in (old, new))
            if was != now:
                yield LineChanged(part, text, was, now) if rule in new else LineChanged(part, text, points, None)
