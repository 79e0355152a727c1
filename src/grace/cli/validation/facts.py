"""Facts right per format: each document's stored statements against what the report itself says, field by field."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from grace.cli.validation.measures import Measure, Section
from grace.cli.validation.played import Arrived, Echo, Played
from grace.intake.differ import carries
from grace.intake.said import said
from grace.referrals.models import Contradiction, Version
from grace.referrals.reconcile import unpacked
from grace.sdk.fields import FIELDS
from grace.simulate.spoken import LEFT_OUT, Statement, spoken
from grace.simulate.truth import Resend

_RIGHT, _MISSED, _WRONG = "right", "missed", "wrong"
Counts = dict[str, dict[str, Counter[str]]]
"""By format and field: how many statements are right, missed, wrong (said and not so)."""


def section(played: Played) -> Section:
    """Compare what is stored of each original, and of each copy in another form, with its report."""
    counts: Counts = defaultdict(lambda: defaultdict(Counter))
    faults: dict[str, list[str]] = defaultdict(list)
    canonical = dict(Version.objects.filter(referral__unit_id=played.viewer.unit_id).values_list("document_id", "canonical"))
    for each in _comparable(played):
        told = unpacked(canonical[each.receipt.document_id])
        for field, kind, number in _compared(played, each, told):
            counts[told["format"]][field][kind] += number
            if kind != _RIGHT:
                faults[told["format"]].append(f"{each.reference} {field}: {number} {kind}")
    measures = [_measure(name, fields, faults[name]) for name, fields in sorted(counts.items())]
    rows = [
        [field, *(_cell(counts[name].get(field)) for name in sorted(counts))]
        for field in FIELDS
        if any(field in each for each in counts.values())
    ]
    return Section(
        "facts", "Facts right, by format", [*measures, _contradictions(played)], {"field by format": [["field", *sorted(counts)], *rows]}
    )


def _comparable(played: Played) -> Iterator[Arrived]:
    """All that was read, but for changed versions (whose report is another) and copies under another number."""
    for each in played.arrived:
        if each.receipt.referrals and each.truth.resend is not Resend.VERSION and each.echo is not Echo.NUMBER:
            yield each


def _compared(played: Played, each: Arrived, told: Mapping[str, object]) -> Iterator[tuple[str, str, int]]:
    """For each field that the format carries: how many statements are right, missed and wrong, as far as there are any."""
    within = carries(str(told["format"]))
    found = said(told, within)
    so = spoken(played.world.referral(each.truth.index), each.form)
    for field in sorted((found.keys() | so.keys()) & within - LEFT_OUT):
        stored = {(of, value) for of, values in found.get(field, {}).items() for value in values if not _is_desk(of, value)}
        right = {statement for statement in so.get(field, ()) if _has_place(statement, within)}
        for kind, some in ((_RIGHT, stored & right), (_MISSED, right - stored), (_WRONG, stored - right)):
            if some:
                yield field, kind, len(some)


def _is_desk(of: tuple[str, ...], value: object) -> bool:
    """Whether it is said of the provider's own desk."""
    return any(str(each).startswith("sender ") for each in (*of, value))


def _has_place(statement: Statement, within: frozenset[str]) -> bool:
    """Whether the format can name whom it is said of, and whether an address can stand at a file there."""
    of, value = statement
    named = {part: f"person.{part}" for part in ("recipient", "victim")}
    return all(field in within for each in (*of[:1], value) for part, field in named.items() if str(each).startswith(f"{part} "))


def _measure(name: str, fields: Mapping[str, Counter[str]], faults: list[str]) -> Measure:
    whole = sum((each for each in fields.values()), Counter[str]())
    right, everything = whole[_RIGHT], whole.total()
    value = round(right / everything, 4) if everything else None
    return Measure(f"{name}: statements right", 0.9999 if faults and value == 1 else value, everything, at_least=1, examples=tuple(faults))


def _cell(counted: Counter[str] | None) -> str:
    """``124`` where all are right, ``120/124`` where not, ``-`` where nothing was said."""
    if not counted:
        return "-"
    return str(counted[_RIGHT]) if counted[_RIGHT] == counted.total() else f"{counted[_RIGHT]}/{counted.total()}"


def _contradictions(played: Played) -> Measure:
    """Copies in another form say the same: none of them contradicts its report."""
    again = {each.receipt.document_id: each for each in played.arrived if each.echo is Echo.FORM}
    rows = Contradiction.objects.filter(until=None, newer__document_id__in=again).values_list("newer__document_id", "field")
    faults = tuple(f"{again[document].reference}: {field}" for document, field in rows)
    return Measure("contradictions between forms of one report", len(faults), len(again), at_most=0, examples=faults)
