"""Own lists: one officer proposes what belongs on them, another one puts it there (four eyes)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel.clock import now
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.matching.change import Change
from grace.matching.digests import LENGTHS, read_hex
from grace.matching.entries import reason_of
from grace.matching.formats.item import Item, unfit
from grace.matching.formats.ncmec import KINDS
from grace.matching.lists import locked
from grace.matching.load import list_to_fill
from grace.matching.models import Entry, HashList, Proposal

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is proposed: one thing by its hashes in hexadecimal, by algorithm; empty ones are not meant."""

    digests: Mapping[str, str]
    category: str
    reason: str
    note: str = ""
    kind: str = KINDS[0]
    values: dict[str, bytes] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for name, written in self.digests.items():
            text = written.strip().lower()
            if not text:
                continue
            value = read_hex(name, text)
            if value is None:
                raise Invalid(_("The %(name)s is not a hash of its kind.") % {"name": name[:20]})
            self.values[name] = value
        if not self.values:
            raise Invalid(_("At least one hash is needed."), remedy=_("Known are: %(all)s.") % {"all": ", ".join(LENGTHS)})
        if fault := unfit(self.category, "", self.note):
            raise Invalid(fault)
        if self.kind not in KINDS:
            raise Invalid(_("It is an image or a video."))


def make_own(name: str, source: str, meaning: str, unit_id: UUID | None, default_category: str = "") -> HashList:
    """A new list of the agency's own. Raises :class:`Conflict` where there is one of this name."""
    if HashList.objects.filter(name=name.strip()).exists():
        raise Conflict(_("There is a list of this name already."), remedy=_("Choose another name."))
    made = list_to_fill(name, source, default_category, unit_id, meaning=meaning)
    made.is_own = True
    made.save(update_fields=["is_own"])
    return made


def propose(viewer: Viewer, list_id: UUID, wanted: Wanted) -> Proposal:
    """Propose something for an own list. Raises :class:`Conflict` where it is there, or waits there, already."""
    _require(viewer, Capability.DECIDE, Capability.MANAGE_LISTS)
    hash_list = locked(list_id)
    if not hash_list.is_own or hash_list.unit_id not in {None, viewer.unit_id}:
        raise Missing(_("There is no such list of your own."))
    category = wanted.category.strip() or hash_list.default_category
    if not category:
        raise Invalid(_("A category is needed."))
    reason = reason_of(wanted.reason)
    _refuse_known(hash_list, wanted.values)
    return Proposal.objects.create(
        hash_list=hash_list,
        digests={name: value.hex() for name, value in wanted.values.items()},
        kind=wanted.kind,
        category=category,
        note=wanted.note.strip(),
        reason=reason,
        proposed_by=viewer.actor,
        proposed_at=now(),
    )


def approve(viewer: Viewer, proposal_id: UUID) -> Proposal:
    """Put a proposed thing on its list. Raises :class:`Refused` for whoever proposed it."""
    _require(viewer, Capability.MANAGE_LISTS)
    proposal = _waiting(viewer, proposal_id)
    if proposal.proposed_by == viewer.actor:
        raise Refused(_("Two officers put an entry on an own list: another one has to approve."), remedy=_("Ask a colleague."))
    hash_list = locked(proposal.hash_list_id)
    values = {name: bytes.fromhex(value) for name, value in proposal.digests.items()}
    _refuse_known(hash_list, values, but=proposal)
    change = Change(hash_list, viewer.actor, "approved")
    key = f"own:{proposal.id}"
    change.add(Item(1, tuple(sorted(values.items())), proposal.category, "", proposal.note, key, {"kind": proposal.kind}))
    change.finish()
    return _decide(viewer, proposal, Proposal.State.APPROVED, "")


def reject(viewer: Viewer, proposal_id: UUID, reason: str) -> Proposal:
    """Put a proposal aside, with a reason; whoever made it may take it back so."""
    _require(viewer, Capability.DECIDE, Capability.MANAGE_LISTS)
    proposal = _waiting(viewer, proposal_id)
    if proposal.proposed_by != viewer.actor:
        viewer.require(Capability.MANAGE_LISTS)
    return _decide(viewer, proposal, Proposal.State.REJECTED, reason_of(reason))


def waiting(viewer: Viewer) -> list[Proposal]:
    """What waits for a second officer on lists of the viewer's unit or the agency, the oldest first."""
    _require(viewer, Capability.DECIDE, Capability.MANAGE_LISTS)
    found = Proposal.objects.filter(_serving(viewer), state=Proposal.State.WAITING).select_related("hash_list").order_by("proposed_at")
    return list(found[:MOST_SHOWN])


def own_lists(viewer: Viewer) -> list[HashList]:
    """The own lists that the viewer may propose for."""
    serving = Q(unit=None) | Q(unit_id=viewer.unit_id)
    return list(HashList.objects.filter(serving, is_own=True).order_by("name"))


def _decide(viewer: Viewer, proposal: Proposal, state: str, reason: str) -> Proposal:
    proposal.state, proposal.decided_by, proposal.decided_at, proposal.decided_because = state, viewer.actor, now(), reason
    proposal.save(update_fields=["state", "decided_by", "decided_at", "decided_because"])
    return proposal


def _waiting(viewer: Viewer, proposal_id: UUID) -> Proposal:
    found = Proposal.objects.select_for_update().filter(_serving(viewer), id=proposal_id).first()
    if found is None:
        raise Missing(_("There is no such proposal."))
    if found.state != Proposal.State.WAITING:
        raise Conflict(_("This proposal is decided already."))
    return found


def _serving(viewer: Viewer) -> Q:
    return Q(hash_list__unit=None) | Q(hash_list__unit_id=viewer.unit_id)


def _refuse_known(hash_list: HashList, values: Mapping[str, bytes], but: Proposal | None = None) -> None:
    """The same hash is proposed once and stands on a list once."""
    waits = Proposal.objects.filter(hash_list=hash_list, state=Proposal.State.WAITING)
    if but is not None:
        waits = waits.exclude(id=but.id)
    for name, value in values.items():
        if Entry.objects.filter(hash_list=hash_list, algorithm=name, value=value).exists():
            raise Conflict(_("The %(name)s stands on this list already.") % {"name": name})
        if waits.filter(**{f"digests__{name}": value.hex()}).exists():
            raise Conflict(_("The %(name)s waits for a second officer already.") % {"name": name})


def _require(viewer: Viewer, *one_of: Capability) -> None:
    if viewer.via != "officer":
        raise Refused(_("An officer decides this, no program does."))
    if not any(viewer.may(capability) for capability in one_of):
        viewer.require(one_of[0])
