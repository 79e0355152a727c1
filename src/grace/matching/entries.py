"""Single entries: reading one with all that is known of it, and what officers think of it and do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel.clock import now
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.matching import listed, served
from grace.matching.change import Change
from grace.matching.digests import LENGTHS, read_hex
from grace.matching.formats.item import VIDEO
from grace.matching.lists import locked
from grace.matching.look_up import Known
from grace.matching.models import Entry, Naming, Opinion, Removed, SetAside

MOST_REASON = 1000
MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class Told:
    """An entry with its list, what it is worth, the others of its item, the further items that name it, and what was thought and done.

    The listed videos that it is a picture of stand with what it is worth, and not among the items.
    """

    entry: Entry
    known: Known
    siblings: Sequence[Entry]
    namings: Sequence[Naming]
    opinions: Sequence[Opinion]
    aside: SetAside | None


def read(viewer: Viewer, entry_id: int) -> Told:
    """One entry of a list that serves the viewer's unit. Raises :class:`Missing`."""
    require_reader(viewer)
    entry = _shown(viewer, entry_id)
    same = Entry.objects.filter(hash_list_id=entry.hash_list_id, item=entry.item).exclude(id=entry.id).order_by("id")
    return Told(
        entry=entry,
        known=listed.weighed([entry])[entry.id],
        siblings=list(same[:MOST_FOUND]) if entry.item and not entry.item.startswith(VIDEO) else [],
        namings=list(entry.namings.exclude(item__startswith=VIDEO).order_by("id")[:MOST_FOUND]),
        opinions=list(entry.opinions.order_by("-at")[:MOST_FOUND]),
        aside=SetAside.objects.filter(entry=entry).first(),
    )


def find(viewer: Viewer, written: str) -> tuple[list[Entry], list[Removed]]:
    """Entries of this hash in hexadecimal, and those that were taken out. Raises :class:`Invalid` for what is no hash."""
    require_reader(viewer)
    text = written.strip().lower()
    values = {name: value for name in LENGTHS if (value := read_hex(name, text)) is not None}
    if not values:
        raise Invalid(_("This is no hash in hexadecimal."), remedy=_("MD5 has 32 digits, SHA-1 40, SHA-256 and PDQ 64."))
    value = next(iter(values.values()))
    found = Entry.objects.filter(serving(viewer), value=value, algorithm__in=values).select_related("hash_list").order_by("id")
    gone = Removed.objects.filter(serving(viewer), value=value, algorithm__in=values).select_related("hash_list").order_by("-removed_at")
    return list(found[:MOST_FOUND]), list(gone[:MOST_FOUND])


def say(viewer: Viewer, entry_id: int, stance: str, reason: str) -> Opinion:
    """Confirm or dispute an entry, with a reason; an officer has one opinion of it, the last."""
    require_officer(viewer, Capability.DECIDE, Capability.MANAGE_LISTS)
    entry = _shown(viewer, entry_id)
    if stance not in Opinion.Stance.values:
        raise Invalid(_("An entry is confirmed or disputed."))
    return hold(entry, viewer.actor, stance, reason_of(reason))


def hold(entry: Entry, actor: str, stance: str, reason: str) -> Opinion:
    """Write down what somebody thinks of an entry."""
    told = {"stance": stance, "reason": reason, "at": now(), "hash_list_id": entry.hash_list_id}
    opinion, _made = Opinion.objects.update_or_create(entry=entry, actor=actor, defaults=told)
    return opinion


def set_aside(viewer: Viewer, entry_id: int, reason: str) -> SetAside:
    """Let an entry count for nothing, for now. Raises :class:`Conflict` where it counts for nothing already."""
    require_officer(viewer, Capability.MANAGE_LISTS)
    entry = _shown(viewer, entry_id)
    because = reason_of(reason)
    found = SetAside.objects.select_for_update().filter(entry=entry).first() or SetAside(entry=entry, hash_list_id=entry.hash_list_id)
    if found.set_by and found.restored_at is None:
        raise Conflict(_("This entry is set aside already."))
    found.why, found.reason, found.set_at, found.set_by = SetAside.Why.OFFICER, because, now(), viewer.actor
    found.restored_at, found.restored_by, found.restored_because = None, "", ""
    found.save()
    served.touch(entry.hash_list_id, [entry.item])
    return found


def restore(viewer: Viewer, entry_id: int, reason: str) -> SetAside:
    """Let an entry count again; noise does not set it aside any more. Raises :class:`Conflict` where it counts."""
    require_officer(viewer, Capability.MANAGE_LISTS)
    entry = _shown(viewer, entry_id)
    because = reason_of(reason)
    found = SetAside.objects.select_for_update().filter(entry=entry, restored_at=None).first()
    if found is None:
        raise Conflict(_("This entry is not set aside."))
    found.restored_at, found.restored_by, found.restored_because = now(), viewer.actor, because
    found.save()
    served.touch(entry.hash_list_id, [entry.item])
    return found


def remove(viewer: Viewer, entry_id: int, reason: str) -> Entry:
    """Take one entry off its list; what it said is kept among what was taken out. Raises :class:`Missing`."""
    require_officer(viewer, Capability.MANAGE_LISTS)
    entry = _shown(viewer, entry_id)
    because = reason_of(reason)
    hash_list = locked(entry.hash_list_id)
    change = Change(hash_list, viewer.actor, because)
    change.remove([entry.id])
    if not change.finish().removed:
        raise Missing(_("There is no such entry."))
    return entry


def asides(viewer: Viewer) -> list[SetAside]:
    """The entries that count for nothing now, the newest first, of lists that serve the viewer's unit."""
    viewer.require(Capability.MANAGE_LISTS)
    in_use = Q(entry__hash_list__unit=None) | Q(entry__hash_list__unit_id=viewer.unit_id)
    found = SetAside.objects.filter(in_use, restored_at=None).select_related("entry__hash_list").order_by("-set_at")
    return list(found[:MOST_FOUND])


def reason_of(text: str) -> str:
    """A reason of one line. Raises :class:`Invalid` for none, or one too long."""
    told = " ".join(text.split())
    if not told or len(told) > MOST_REASON or not told.isprintable():
        raise Invalid(_("A reason is needed, of %(most)d characters at most.") % {"most": MOST_REASON})
    return told


def _shown(viewer: Viewer, entry_id: int) -> Entry:
    found = Entry.objects.filter(serving(viewer), id=entry_id).select_related("hash_list").first()
    if found is None:
        raise Missing(_("There is no such entry."))
    return found


def serving(viewer: Viewer) -> Q:
    """What stands on lists that serve the viewer's unit; on all of them for whoever runs the machine."""
    return Q() if viewer.via == "operator" else Q(hash_list__unit=None) | Q(hash_list__unit_id=viewer.unit_id)


def require_reader(viewer: Viewer) -> None:
    """Whoever reads referrals may read what stands on lists."""
    if viewer.via != "operator" and not viewer.may(Capability.MANAGE_LISTS):
        viewer.require(Capability.READ)


def require_officer(viewer: Viewer, *one_of: Capability) -> None:
    """A person decides (law, L11): no program does, and whoever runs the machine does it as an officer."""
    if viewer.via != "officer":
        raise Refused(_("An officer decides this, no program does."))
    if not any(viewer.may(capability) for capability in one_of):
        viewer.require(one_of[0])
