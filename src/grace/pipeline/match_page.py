"""Everything that the page of one match shows, read as one consultation; never a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.viewer import Viewer
from grace.evidence import examine, files, holdings
from grace.evidence.models import Holding
from grace.kernel.errors import Missing
from grace.matching import holdings as fingerprints
from grace.matching import matches
from grace.matching.digests import PDQ
from grace.matching.look_up import Known, entry_at
from grace.matching.models import Match
from grace.matching.recognise import recognise
from grace.matching.weigh import weigh_entries
from grace.pipeline.consult import consult
from grace.pipeline.file_signals import OF_LISTS
from grace.priority import explain
from grace.priority.explain import Speaks
from grace.referrals import naming
from grace.referrals.naming import NamedBy
from grace.sdk import video

MOST_HELD = 1_000
MOST_SHOWN = 12
"""Files and referrals that the page shows, each; the others are counted, files up to ``MOST_HELD``."""
MOST_VIDEOS = 3
"""Videos, of those that the page shows, that are asked for anew to tell how much of each stands in what is listed."""


@dataclass(frozen=True, slots=True)
class MatchPage:
    """A match as the viewer's unit may see it: what it holds and names of the digest, and what rules made of it, by referral.

    ``holdings`` and ``named_by`` are what is shown; how many there are in all is ``held`` and ``named``. ``known`` tells what the entry
    means, whether it counts, and of which listed videos it is a picture; ``overlaps`` tells by file how much of a held video stands there.
    """

    match: Match
    holdings: list[Holding]
    held: int
    named_by: list[NamedBy]
    named: int
    speaks: Mapping[UUID, Sequence[Speaks]]
    known: Known
    overlaps: Mapping[UUID, Sequence[Known]]


def match_page(viewer: Viewer, match_id: int) -> MatchPage:
    """One match of a list that serves the viewer's unit, of something that this holds or names. Raises ``Missing`` for any other."""
    return consult(viewer, "match.read", lambda: _page(viewer, match_id), _subjects)


def _page(viewer: Viewer, match_id: int) -> MatchPage:
    match = matches.one(viewer, match_id)
    entry = entry_at(match.entry_id, match.distance, viewer.unit_id)
    value = bytes(match.value)
    found = fingerprints.files_with([value]) if match.algorithm == PDQ else list(files.with_digests({match.algorithm: [value]}))
    held = holdings.among(viewer, found, MOST_HELD)
    named_by = naming.naming(viewer, [each.file_id for each in held], {match.algorithm: value})
    if entry is None or not (held or named_by):
        raise Missing(_("There is no such match."))
    shown = named_by[:MOST_SHOWN]
    speaks = explain.reasons([each.referral_id for each in shown], OF_LISTS)
    (known,) = weigh_entries([entry])
    overlaps = _overlaps(viewer, held[:MOST_SHOWN], known)
    return MatchPage(match, held[:MOST_SHOWN], len(held), shown, len(named_by), speaks, known, overlaps)


def _overlaps(viewer: Viewer, held: Sequence[Holding], entry: Known) -> dict[UUID, list[Known]]:
    """What the first held videos share with the listed ones that the entry is a picture of, or with the entry itself."""
    kept = examine.fingerprints_of([each.file_id for each in held])
    videos = [(file, each) for file, some in kept.items() for each in some if each.algorithm == video.ALGORITHM][:MOST_VIDEOS]
    wanted = {entry.entry_id, *entry.videos}
    answers = recognise([], [each for _, each in videos], unit_id=viewer.unit_id) if videos else []
    found = {
        file: [known for known in answer.known if known.overlap and known.overlap.video in wanted]
        for (file, _), answer in zip(videos, answers, strict=True)
    }
    return {file: some for file, some in found.items() if some}


def _subjects(found: MatchPage) -> Iterator[str]:
    yield f"digest:{bytes(found.match.value).hex()}"
    yield f"list:{found.match.entry.hash_list_id}"
    yield from (f"file:{bytes(each.file.sha256).hex()}" for each in found.holdings)
    yield from (f"referral:{each.referral_id}" for each in found.named_by)
