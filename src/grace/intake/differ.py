"""Where two documents of one report differ, field by field, in what both can carry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from grace.intake import registry
from grace.intake.said import UNZONED, Json, Of, Said, Value, said
from grace.sdk.fields import FIELDS

_MARK = f" ({UNZONED})"
_FARTHEST = timedelta(hours=14)
_STEP = timedelta(minutes=15)
"""Zones lie at most fourteen hours from UTC, in steps of a quarter of an hour."""
MOST = 500
"""Differences in one field that are told; a document that differs in more is another document."""
MOST_UNZONED = 200
"""Times without a zone of one thing for which a zone is looked for."""
_UNKNOWN_FORMAT = frozenset(FIELDS) - {"report.bundled"}


@dataclass(frozen=True, slots=True)
class Difference:
    """What one document says of something in a field, and what the other says; neither says what the other does."""

    field: str
    of: Of
    one: tuple[Value, ...]
    other: tuple[Value, ...]


def carries(format_name: str) -> frozenset[str]:
    """The fields that a format can carry. One that is no longer installed is taken at its word: what it states, it carries."""
    return next((each.carries for each in registry.formats() if each.name == format_name), _UNKNOWN_FORMAT)


def common(one: str, other: str) -> frozenset[str]:
    """The fields that two formats both can carry."""
    return carries(one) & carries(other)


def contradictions(one: Json, other: Json) -> list[Difference]:
    """Where two documents (canonical JSON) contradict each other."""
    within = common(one["format"], other["format"])
    return list(differences(said(one, within), said(other, within)))


def differences(one: Said, other: Said) -> Iterator[Difference]:
    """What both speak of and each says differently.

    Silence contradicts nothing: a statement that only one of them makes is no difference. What hangs on something (the
    port on a use of an address, the view on a file) is compared only where both speak of that thing.
    """
    for field in sorted(one.keys() & other.keys(), key=list(FIELDS).index):
        told: list[Difference] = []
        for of in sorted(one[field].keys() & other[field].keys()):
            if len(told) == MOST:
                break
            mine, theirs = _apart(one[field][of], other[field][of])
            if mine and theirs and not any(_tells(each, of, mine, theirs) for each in told):
                told.append(Difference(field, of, mine, theirs))
        yield from told


def _tells(wider: Difference, of: Of, one: tuple[Value, ...], other: tuple[Value, ...]) -> bool:
    """Whether a difference in something smaller is told already: another address at each moment is another address."""
    return wider.of == of[: len(wider.of)] and set(one) <= set(wider.one) and set(other) <= set(wider.other)


def _apart(one: tuple[Value, ...], other: tuple[Value, ...]) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """What only one says and what only the other says, but for times that some zone would make one."""
    mine, theirs = dict.fromkeys(one), dict.fromkeys(other)
    for value in one:
        if value in theirs:
            del mine[value], theirs[value]
    unzoned = [(value, sides) for sides in ((mine, theirs), (theirs, mine)) for value in sides[0] if str(value).endswith(_MARK)]
    for value, (here, there) in unzoned[:MOST_UNZONED]:
        same = next((each for each in there if _may_be_one_moment(value, each)), None)
        if same is not None:
            del here[value], there[same]
    return tuple(mine), tuple(theirs)


def _may_be_one_moment(one: Value, other: Value) -> bool:
    """Whether a time without a zone can be the other's: some zone makes it so."""
    if not isinstance(one, str) or not isinstance(other, str) or one.endswith(_MARK) is other.endswith(_MARK):
        return False
    first, second = _wall(one), _wall(other)
    if first is None or second is None:
        return False
    apart = abs(first - second)
    return apart <= _FARTHEST and not apart % _STEP


def _wall(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.removesuffix(_MARK)).replace(tzinfo=None)
    except ValueError:
        return None
