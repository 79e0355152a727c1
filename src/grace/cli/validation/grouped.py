"""Groups: the reports of a file that is everywhere, and reports that came again under another number; and nobody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from uuid import UUID

from grace.casework.models import QueueRow
from grace.cli.validation.measures import Measure, Section, share
from grace.cli.validation.played import Arrived, Echo, Played
from grace.links.models import Kind, Member


def section(played: Played) -> Section:
    """Compare the groups with those of the world. All reports of it lie within one window of the definition."""
    members: dict[str, dict[UUID, set[UUID]]] = {kind.value: defaultdict(set) for kind in Kind}
    rows = Member.objects.filter(referral__unit_id=played.viewer.unit_id, split_at=None)
    for referral, kind, group in rows.values_list("referral_id", "kind", "group_id"):
        members[kind][referral].add(group)
    viral = _viral(played)
    again = [(each, played.referral_of[each.report]) for each in played.arrived if each.echo is Echo.NUMBER and each.receipt.referrals]
    measures = [
        Measure("reports that make a file viral here (the definition in force)", played.viral_from),
        share("reports of viral files found in a group", ((each.reference, bool(members["viral"][r])) for each, r in viral), at_least=1),
        share("members of viral groups that belong there", _belong(played, members["viral"], {r for _, r in viral}), at_least=1),
        share("reports that came again under another number, found", _found_again(played, again, members["duplicate"]), at_least=1),
        share(
            "members of groups of duplicates that belong there", _belong(played, members["duplicate"], _twice(played, again)), at_least=1
        ),
        Measure("lines that stand for a group in the queue", QueueRow.objects.filter(unit_id=played.viewer.unit_id, stands=True).count()),
    ]
    return Section("groups", "Viral files and duplicates", measures)


def _viral(played: Played) -> list[tuple[Arrived, UUID]]:
    """Reports of files that as many reports name as the definition asks for."""
    names: dict[str, set[UUID]] = defaultdict(set)
    by_report: dict[UUID, Arrived] = {}
    for each in played.arrived:
        if each.receipt.referrals:
            by_report.setdefault(each.receipt.referrals[0], each)
            for file in each.truth.files:
                names[file.md5].add(each.receipt.referrals[0])
    viral = {referral for some in names.values() if len(some) >= played.viral_from for referral in some}
    return [(by_report[referral], referral) for referral in sorted(viral)]


def _belong(played: Played, members: Mapping[UUID, set[UUID]], right: set[UUID]) -> Iterator[tuple[str, bool]]:
    by_referral = {referral: each for each, referral in played.originals()}
    for referral, groups in members.items():
        if groups:
            each = by_referral.get(referral)
            yield each.reference if each else "a copy", referral in right


def _found_again(played: Played, again: list[tuple[Arrived, UUID]], members: Mapping[UUID, set[UUID]]) -> Iterator[tuple[str, bool]]:
    for each, referral in again:
        first = played.referral_of.get((each.report[0], False))
        yield each.reference, first is not None and bool(members.get(referral, set()) & members.get(first, set()))


def _twice(played: Played, again: list[tuple[Arrived, UUID]]) -> set[UUID]:
    firsts = {played.referral_of[each.report[0], False] for each, _ in again if (each.report[0], False) in played.referral_of}
    return firsts | {referral for _, referral in again}
