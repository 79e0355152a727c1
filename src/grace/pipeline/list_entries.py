"""Single entries of lists: confirmed, disputed, set aside, restored, removed, proposed and approved; each act in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework import entry_rows
from grace.casework.entry_rows import Answered, Found
from grace.casework.queue import Count
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.evidence.holdings import held
from grace.matching import entries, listed, noise, proposals
from grace.matching.digests import EXACT_BYTES, PDQ
from grace.matching.entries import Told
from grace.matching.listed import Page, Row, Which
from grace.matching.look_up import LEAST_QUALITY
from grace.matching.models import Entry, HashList, ListedVideo, Opinion, Proposal, Removed, SetAside
from grace.matching.proposals import Wanted
from grace.pipeline import jobs
from grace.pipeline.consult import consult, query_digest, refusals_told
from grace.pipeline.lists import PURPOSE, record, reference, require

ACTOR = "system:lists"
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Whole:
    """An entry with what is known of it, and how many matches and referrals of the viewer's unit it found; None for who may not read them."""

    told: Told
    matches: Count | None
    referrals: Count | None


def read(viewer: Viewer, entry_id: int) -> Whole:
    """One entry, whole."""
    return consult(viewer, "list.entry", lambda: _whole(viewer, entry_id), lambda found: _about(found.told.entry))


def page(viewer: Viewer, list_id: UUID | None, which: Which) -> Page:
    """A page of the entries of one list, or of all that serve the viewer's unit."""
    return consult(
        viewer,
        "list.entries",
        lambda: listed.page(viewer, list_id, which),
        lambda found: [*([f"list:{list_id}"] if list_id else []), *map(_row, found.rows)],
        query=query_digest([which.only, which.after, which.above]),
    )


def matches_of(viewer: Viewer, entry_id: int, after: str) -> tuple[Told, list[Found], str]:
    """A page of the matches of an entry that the viewer's unit may see, and the key of the next one."""
    return _found(viewer, entry_id, lambda entry: entry_rows.matches(viewer, entry, after), lambda row: f"digest:{row.value.hex()}")


def referrals_of(viewer: Viewer, entry_id: int, after: str) -> tuple[Told, list[Answered], str]:
    """A page of the referrals of the viewer's unit that an entry answered for, and the key of the next one."""
    return _found(viewer, entry_id, lambda entry: entry_rows.referrals(viewer, entry, after), lambda row: f"referral:{row.referral_id}")


def find(viewer: Viewer, written: str) -> tuple[list[Entry], list[Removed]]:
    """Entries of a hash, and those that were taken out."""
    return consult(
        viewer,
        "list.find",
        lambda: entries.find(viewer, written),
        lambda found: [reference(each) for each in found[0]],
        query=query_digest(written.strip().lower()),
    )


def say(viewer: Viewer, entry_id: int, stance: str, reason: str) -> Opinion:
    """Confirm or dispute an entry."""
    return _act(viewer, f"list.{_word(stance)}", entry_id, lambda: entries.say(viewer, entry_id, stance, reason), counts=False)


def set_aside(viewer: Viewer, entry_id: int, reason: str) -> SetAside:
    """Let an entry count for nothing, for now."""
    return _act(viewer, "list.set-aside", entry_id, lambda: entries.set_aside(viewer, entry_id, reason))


def restore(viewer: Viewer, entry_id: int, reason: str) -> SetAside:
    """Let an entry count again."""
    return _act(viewer, "list.restore", entry_id, lambda: entries.restore(viewer, entry_id, reason))


def remove(viewer: Viewer, entry_id: int, reason: str) -> Entry:
    """Take an entry off its list."""
    with refusals_told(viewer, "list.remove-entry", f"entries:{entry_id}"), transaction.atomic():
        entry = entries.remove(viewer, entry_id, reason)
        record(viewer, "list.remove-entry", entry.hash_list_id, {}, reference(entry))
        jobs.follow_lists()
        return entry


def set_noisy_aside() -> list[SetAside]:
    """Set aside what matches too much; the system's own act, by numbers that the lists hold."""
    with transaction.atomic():
        noise.forget()
        found = noise.set_aside()
        for each in found:
            subjects = (f"list:{each.entry.hash_list_id}", reference(each.entry))
            detail = {"why": each.why, "referrals": str(each.referrals)}
            ledger.record(Line(Kind.ALTERATION, "list.set-aside", ACTOR, PURPOSE, subjects, detail))
        if found:
            jobs.follow_lists()
    return found


def make_own(viewer: Viewer, name: str, source: str, meaning: str, unit_id: UUID | None, default_category: str = "") -> HashList:
    """A new list of the agency's own."""
    with refusals_told(viewer, "list.make"):
        require(viewer, unit_id)
    with transaction.atomic():
        made = proposals.make_own(name, source, meaning, unit_id, default_category)
        record(viewer, "list.make", made.id, {"meaning": made.meaning})
    return made


def propose(viewer: Viewer, list_id: UUID, wanted: Wanted) -> Proposal:
    """Propose something for an own list."""
    return _proposal(viewer, "list.propose", lambda: proposals.propose(viewer, list_id, wanted), f"list:{list_id}")


def propose_file(viewer: Viewer, list_id: UUID, file_id: UUID, category: str, note: str, reason: str) -> Proposal:
    """Propose a file that the unit holds for an own list, by its digests and the fingerprint of its picture."""
    with refusals_told(viewer, "list.propose", f"list:{list_id}"):
        found = held(viewer, file_id)
    digests = {name: bytes(getattr(found.file, name)).hex() for name in EXACT_BYTES}
    digests |= {
        each.algorithm: bytes(each.value).hex() for each in found.fingerprints if each.algorithm == PDQ and each.quality >= LEAST_QUALITY
    }
    kind = "video" if found.file.media_type.startswith("video/") else "image"
    return propose(viewer, list_id, Wanted(digests, category, reason, note, kind))


def approve(viewer: Viewer, proposal_id: UUID) -> Proposal:
    """Put a proposed thing on its list."""
    return _proposal(viewer, "list.approve", lambda: proposals.approve(viewer, proposal_id), f"proposal:{proposal_id}", counts=True)


def reject(viewer: Viewer, proposal_id: UUID, reason: str) -> Proposal:
    """Put a proposal aside."""
    return _proposal(viewer, "list.reject", lambda: proposals.reject(viewer, proposal_id, reason), f"proposal:{proposal_id}")


def _act(viewer: Viewer, act: str, entry_id: int, change: Callable[[], Done], *, counts: bool = True) -> Done:
    with refusals_told(viewer, act, f"entries:{entry_id}"), transaction.atomic():
        done = change()
        entry = Entry.objects.get(id=entry_id)
        record(viewer, act, entry.hash_list_id, {}, reference(entry))
        if counts:
            jobs.follow_lists()
        return done


def _proposal(viewer: Viewer, act: str, change: Callable[[], Proposal], about: str, *, counts: bool = False) -> Proposal:
    with refusals_told(viewer, act, about), transaction.atomic():
        found = change()
        record(viewer, act, found.hash_list_id, {"hashes": str(len(found.digests))}, f"proposal:{found.id}")
        if counts:
            jobs.follow_lists()
        return found


def _whole(viewer: Viewer, entry_id: int) -> Whole:
    told = entries.read(viewer, entry_id)
    if not viewer.may(Capability.READ):
        return Whole(told, None, None)
    return Whole(told, *entry_rows.counts(viewer, _asked(told.entry)))


def _found(
    viewer: Viewer, entry_id: int, read: Callable[[entry_rows.Entry], tuple[list[Done], str]], name: Callable[[Done], str]
) -> tuple[Told, list[Done], str]:
    def both() -> tuple[Told, list[Done], str]:
        told = entries.read(viewer, entry_id)
        return told, *read(_asked(told.entry))

    return consult(viewer, "list.entry-found", both, lambda found: [*_about(found[0].entry), *map(name, found[1])])


def _asked(entry: Entry) -> entry_rows.Entry:
    return entry_rows.Entry(entry.id, entry.algorithm)


def _row(row: Row) -> str:
    if isinstance(row, ListedVideo):
        return f"videos:{row.id}"
    return f"proposal:{row.id}" if isinstance(row, Proposal) else f"{row.algorithm}:{bytes(row.value).hex()}"


def _about(entry: Entry) -> list[str]:
    return [f"list:{entry.hash_list_id}", reference(entry)]


def _word(stance: str) -> str:
    return stance if stance in Opinion.Stance.values else "opinion"
