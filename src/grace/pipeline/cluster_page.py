"""Everything that the page of one cluster shows, read as one consultation; never a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.viewer import Viewer
from grace.analysis import duplicates, findings
from grace.analysis.duplicates import Member
from grace.evidence import holdings
from grace.evidence.holdings import HeldFile
from grace.evidence.models import File
from grace.kernel.errors import Missing
from grace.matching.weigh import Standing, standing_of
from grace.pipeline.consult import consult
from grace.pipeline.score import answers_about
from grace.referrals import naming
from grace.referrals.attachments import Named
from grace.referrals.naming import NamedBy

MOST_MEMBERS = 1_000
"""Files of a cluster that are told and whose referrals are counted, those first that are held longest."""
A_PAGE = 48
MOST_SHOWN = 12
"""Referrals that the page shows, the newest."""
_DIGESTS = ("md5", "sha1", "sha256")


@dataclass(frozen=True, slots=True)
class Tile:
    """A file of the cluster: how it stands to the lists, what analysers saw of it, how long it is."""

    member: Member
    standing: Standing
    findings: int
    length: int | None


@dataclass(frozen=True, slots=True)
class ClusterPage:
    """The near-duplicates of a file in the viewer's unit, from tile ``start`` on; ``size`` counts them all.

    ``named`` counts the referrals that name any of them, ``senders`` those referrals by sender; ``first`` and ``last`` tell when such a
    referral came.
    """

    held: HeldFile
    tiles: Sequence[Tile]
    start: int
    size: int
    told: int
    named_by: Sequence[NamedBy]
    named: int
    senders: Sequence[tuple[str, int]]
    first: datetime | None
    last: datetime | None


def cluster_page(viewer: Viewer, file_id: UUID, start: int = 0) -> ClusterPage:
    """The cluster of a file that the viewer's unit holds. Raises ``Missing`` for any other file, and past the end."""
    return consult(viewer, "cluster.read", lambda: _page(viewer, file_id, start), _subjects)


def _subjects(found: ClusterPage) -> Iterator[str]:
    yield f"file:{bytes(found.held.file.sha256).hex()}"
    yield from (f"file:{each.member.sha256.hex()}" for each in found.tiles if each.member.file_id != found.held.file.id)
    yield from (f"referral:{each.referral_id}" for each in found.named_by)


def _page(viewer: Viewer, file_id: UUID, start: int) -> ClusterPage:
    held = holdings.held(viewer, file_id)
    members = duplicates.members(viewer, file_id, MOST_MEMBERS)
    shown = members[start : start + A_PAGE]
    if not shown:
        raise Missing(_("There are no near-duplicates to be shown here."), remedy=_("Go back to the file."))
    size = duplicates.sizes(viewer, [file_id]).get(file_id, 0)
    digests = _digests([each.file_id for each in members])
    every = {name: [some[name] for some in digests.values()] for name in _DIGESTS}
    named_by = naming.naming_any(viewer, list(digests), every)
    arrived = [each.received_at for each in named_by]
    return ClusterPage(
        held=held,
        tiles=_tiles(viewer, shown, digests),
        start=start,
        size=size,
        told=len(members),
        named_by=named_by[:MOST_SHOWN],
        named=len(named_by),
        senders=Counter(each.sender for each in named_by).most_common(),
        first=min(arrived, default=None),
        last=max(arrived, default=None),
    )


def _tiles(viewer: Viewer, members: Sequence[Member], digests: Mapping[UUID, Mapping[str, bytes]]) -> list[Tile]:
    files = [each.file_id for each in members]
    answers = answers_about(viewer.unit_id, [Named(file, file, "present", None, None, dict(digests[file])) for file in files])
    seen, lengths = findings.kinds_of(files), findings.lengths_of(files)
    return [
        Tile(each, standing_of(answers[each.file_id]), seen[each.file_id].total() if each.file_id in seen else 0, lengths.get(each.file_id))
        for each in members
    ]


def _digests(files: Sequence[UUID]) -> dict[UUID, dict[str, bytes]]:
    rows = File.objects.filter(id__in=files).values_list("id", *_DIGESTS)
    return {file: dict(zip(_DIGESTS, map(bytes, values), strict=True)) for file, *values in rows}
