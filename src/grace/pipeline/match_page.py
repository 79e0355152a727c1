"""Everything that the page of one match shows, and each of its lists whole, read as one consultation; never a picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.viewer import Viewer
from grace.casework.queue import Count
from grace.evidence import examine, files, holdings
from grace.evidence.models import Holding
from grace.kernel.errors import Invalid, Missing
from grace.matching import holdings as fingerprints
from grace.matching import matches
from grace.matching.digests import PDQ
from grace.matching.look_up import Known, entry_at
from grace.matching.models import Match
from grace.matching.recognise import recognise
from grace.matching.weigh import weigh, weigh_entries
from grace.pipeline.consult import consult
from grace.pipeline.file_signals import OF_LISTS
from grace.priority import explain
from grace.priority.explain import Speaks
from grace.referrals import naming
from grace.referrals.naming import NamedBy
from grace.sdk import video

MOST_NAMED = 1_000
"""Up to which referrals are counted; files are counted whole."""
MOST_SHOWN = 12
"""Files and referrals that the page shows, each; the others stand on pages of their own."""
MOST_VIDEOS = 3
"""Videos, of those that the page shows, that are asked for anew to tell how much of each stands in what is listed."""
PAGE = 50


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
    named: Count
    speaks: Mapping[UUID, Sequence[Speaks]]
    known: Known
    overlaps: Mapping[UUID, Sequence[Known]]


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of the files that the unit holds, or of the referrals that name one, and the key of the next page or nothing."""

    match: Match
    holdings: Sequence[Holding]
    named_by: Sequence[NamedBy]
    speaks: Mapping[UUID, Sequence[Speaks]]
    after: str


def match_page(viewer: Viewer, match_id: int) -> MatchPage:
    """One match of a list that serves the viewer's unit, of something that this holds or names. Raises ``Missing`` for any other."""
    return consult(viewer, "match.read", lambda: _page(viewer, match_id), lambda page: _subjects(page.match, page.holdings, page.named_by))


def files_of(viewer: Viewer, match_id: int, after: str) -> Rows:
    """A page of the files of the unit that the match is about."""

    def read() -> Rows:
        match, held = _held(viewer, match_id)
        found = holdings.among(viewer, held, PAGE + 1, _key(after))
        return Rows(match, found[:PAGE], (), {}, str(found[PAGE - 1].id) if len(found) > PAGE else "")

    return consult(viewer, "match.files", read, lambda rows: _subjects(rows.match, rows.holdings, ()))


def referrals_of(viewer: Viewer, match_id: int, after: str) -> Rows:
    """A page of the referrals of the unit that name what was matched, with what rules made of that."""

    def read() -> Rows:
        match, held = _held(viewer, match_id)
        found = naming.naming(viewer, held, {match.algorithm: bytes(match.value)}, most=PAGE + 1, behind=_key(after))
        speaks = explain.reasons([each.referral_id for each in found[:PAGE]], OF_LISTS)
        return Rows(match, (), found[:PAGE], speaks, str(found[PAGE - 1].referral_id) if len(found) > PAGE else "")

    return consult(viewer, "match.referrals", read, lambda rows: _subjects(rows.match, (), rows.named_by))


def _page(viewer: Viewer, match_id: int) -> MatchPage:
    match, held = _held(viewer, match_id)
    entry = entry_at(match.entry_id, match.distance, viewer.unit_id)
    named_by = naming.naming(viewer, held, {match.algorithm: bytes(match.value)}, most=MOST_NAMED + 1)
    if entry is None:
        raise _missing()
    named, has_more = named_by[:MOST_NAMED], len(named_by) > MOST_NAMED
    shown, newest = named[:MOST_SHOWN], holdings.among(viewer, held, MOST_SHOWN)
    speaks = explain.reasons([each.referral_id for each in shown], OF_LISTS)
    (known,) = weigh_entries([entry])
    overlaps = _overlaps(viewer, newest, known)
    return MatchPage(match, newest, len(held), shown, (len(named), has_more), speaks, known, overlaps)


def _held(viewer: Viewer, match_id: int) -> tuple[Match, list[UUID]]:
    """The match, and the files of the unit that it is about. Raises ``Missing`` where it holds none and names none."""
    match = matches.one(viewer, match_id)
    value = bytes(match.value)
    found = fingerprints.files_with([value]) if match.algorithm == PDQ else list(files.with_digests({match.algorithm: [value]}))
    held = holdings.which(viewer, found)
    if not held and not naming.naming(viewer, [], {match.algorithm: value}, most=1):
        raise _missing()
    return match, held


def _overlaps(viewer: Viewer, held: Sequence[Holding], entry: Known) -> dict[UUID, list[Known]]:
    """What the first held videos share with the listed ones that the entry is a picture of, or with the entry itself."""
    kept = examine.fingerprints_of([each.file_id for each in held])
    videos = [(file, each) for file, some in kept.items() for each in some if each.algorithm == video.ALGORITHM][:MOST_VIDEOS]
    wanted = {entry.entry_id, *entry.videos}
    answers = weigh(recognise([], [each for _, each in videos], unit_id=viewer.unit_id), viewer.unit_id) if videos else []
    found = {
        file: [known for known in answer.known if known.overlap and known.overlap.video in wanted]
        for (file, _), answer in zip(videos, answers, strict=True)
    }
    return {file: some for file, some in found.items() if some}


def _subjects(match: Match, held: Iterable[Holding], named_by: Iterable[NamedBy]) -> Iterator[str]:
    yield f"digest:{bytes(match.value).hex()}"
    yield f"list:{match.entry.hash_list_id}"
    yield from (f"file:{bytes(each.file.sha256).hex()}" for each in held)
    yield from (f"referral:{each.referral_id}" for each in named_by)


def _key(written: str) -> UUID | None:
    try:
        return UUID(written) if written else None
    except ValueError:
        raise Invalid(_("This page key was not made by this list."), remedy=_("Start again at the first page.")) from None


def _missing() -> Missing:
    return Missing(_("There is no such match."))
