"""The inbox: what other agencies hand to us. Checked and sealed when it comes, taken in when an officer says so."""

from __future__ import annotations

import hashlib
import io
import os
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.accounts.viewer import Viewer
from grace.agencies import directory
from grace.agencies.identity import own
from grace.agencies.models import Enrolment
from grace.evidence import vault
from grace.exchange import label as labels
from grace.exchange import manifest as manifests
from grace.exchange import receipts
from grace.exchange.errors import Rejected
from grace.exchange.label import Head, Label
from grace.exchange.manifest import Manifest
from grace.exchange.models import Arrival, Kind
from grace.exchange.unpack import Content, content_of
from grace.kernel.errors import Conflict, Invalid, Missing
from grace.kernel.strict import parse, spelled

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

State = Arrival.State
_CHUNK = 1 << 20
MOST_REASON = 2_000
TAKEN = (State.ACCEPTED, State.PARTLY)


@dataclass(frozen=True, slots=True)
class Came:
    """A package that is here; ``is_new`` is False where it was here before, unchanged."""

    arrival: Arrival
    is_new: bool


class _Behind(io.RawIOBase):
    """The body of a package in a file: all that stands behind the head, seekable."""

    def __init__(self, stream: BinaryIO, start: int) -> None:
        self._stream, self._start = stream, start
        self._stream.seek(start)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        place = self._stream.seek(offset + (self._start if whence == os.SEEK_SET else 0), whence)
        return place - self._start

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        chunk = self._stream.read(len(view))
        view[: len(chunk)] = chunk
        return len(chunk)


def check_head(head: Head, now: datetime) -> Enrolment:
    """The sender's keys, if the label is by a known agency, for us, and in time. Raises :class:`Rejected`."""
    keys = directory.in_force(head.label.sender)
    if keys is None and directory.was_known(head.label.sender):
        raise Rejected("revoked-key")
    labels.check(head, keys, own().agency, now, settings.GRACE_LARGEST_PACKAGE)
    if keys is None:
        raise Rejected("unknown-sender")
    return keys


def here_already(label: Label) -> Arrival | None:
    """The same package as it came before. Raises :class:`Rejected` where another one came under its number."""
    found = Arrival.objects.filter(agency_id=label.sender, package=label.package).first()
    if found is not None and bytes(found.sha256) != label.sha256:
        raise Rejected("differs")
    return found


def arrive(stream: BinaryIO, head: Head, now: datetime) -> Came:
    """Take a whole package (head and body) into the inbox, in the caller's transaction. Raises :class:`Rejected`.

    What is here already is told so and changes nothing: a package arrives once, however often it is sent.
    """
    keys = check_head(head, now)
    found = here_already(head.label)
    if found is not None:
        return Came(found, is_new=False)
    unit = receiving_unit()
    body = io.BufferedReader(_Behind(stream, head.length), _CHUNK)
    _check_digest(body, head.label)
    body.seek(0)
    with content_of(body, head.label, keys) as content:
        manifest, report = content.manifest, content.report
    if (manifest.made_at, manifest.expires_at) != (head.label.made_at, head.label.expires_at):
        raise Rejected("differs")
    earlier = _earlier(manifest)
    stream.seek(head.length)
    carries = report is not None
    sealed = vault.seal(stream) if carries else None
    receipt = receipts.write(receipts.Receipt(head.label.package, own().agency, head.label.sender, head.label.sha256, now), own())
    values: dict[str, Any] = {
        "kind": head.label.kind,
        "unit": earlier.unit if earlier else unit,
        "sha256": head.label.sha256,
        "size": head.label.size,
        "object_id": sealed.object_id if sealed else None,
        "manifest": zlib.compress(manifest.text(), 1),
        "report": zlib.compress(spelled(report), 1) if carries else None,
        "purpose": manifest.purpose,
        "conditions": list(manifest.conditions),
        "handling": manifest.handling,
        "reason": manifest.reason,
        "urgent": manifest.urgent,
        "replaces": earlier,
        "made_at": manifest.made_at,
        "received_at": now,
        "receipt": receipt,
        "referral": earlier.referral if earlier else None,
    }
    arrival, is_new = Arrival.objects.get_or_create(agency_id=head.label.sender, package=head.label.package, defaults=values)
    if not is_new and sealed is not None:  # another process was first: its copy stays
        vault.delete(sealed.object_id)
    return Came(arrival, is_new)


def receiving_unit() -> Unit:
    """The unit that the operator named for what other agencies hand over. Raises :class:`Rejected` where there is none."""
    found = Unit.objects.filter(slug=settings.GRACE_EXCHANGE_UNIT).first() if settings.GRACE_EXCHANGE_UNIT else None
    if found is None:
        raise Rejected("no-unit")
    return found


def _check_digest(body: BinaryIO, label: Label) -> None:
    running, size = hashlib.sha256(), 0
    while chunk := body.read(_CHUNK):
        running.update(chunk)
        size += len(chunk)
    if (size, running.digest()) != (label.size, label.sha256):
        raise Rejected("tampered")


def _earlier(manifest: Manifest) -> Arrival | None:
    """The package that this one corrects or is about. Raises :class:`Rejected` where it never came."""
    if manifest.replaces is None:
        return None
    found = Arrival.objects.filter(agency_id=manifest.sender, package=manifest.replaces, kind=Kind.HANDOVER).first()
    if found is None:
        raise Rejected("unknown-package")
    return found


def manifest_of(arrival: Arrival) -> Manifest:
    """What the sender said of the package."""
    return manifests.read(zlib.decompress(bytes(arrival.manifest)))


def report_of(arrival: Arrival) -> dict[str, Any] | None:
    """The canonical form of what came; None for a message, and once it was refused."""
    if arrival.report is None:
        return None
    raw = zlib.decompress(bytes(arrival.report))
    entries = parse(raw, len(raw))
    return {key: entries.take(key) for key in entries.keys(100)}


def content(arrival: Arrival, stack: Any) -> Content:
    """The content of a package that waits, opened again until the stack closes. Raises :class:`Conflict` where it has gone."""
    keys = directory.in_force(arrival.agency_id)
    if arrival.object_id is None or keys is None:
        raise Conflict(_("This package cannot be opened any more."), remedy=_("Ask the sender to hand it over again."))
    label = Label(
        arrival.package,
        arrival.kind,
        arrival.agency_id,
        own().agency,
        arrival.made_at,
        arrival.made_at,
        arrival.size,
        bytes(arrival.sha256),
    )
    found: Content = stack.enter_context(content_of(vault.open(arrival.object_id), label, keys))
    return found


def waiting(viewer: Viewer, *, decided: bool = False, most: int = 200) -> list[Arrival]:
    """The unit's packages that wait for an officer, urgent ones first, or those that were decided, newest first."""
    viewer.require(Capability.DECIDE)
    found = Arrival.objects.select_related("agency", "replaces", "referral").filter(unit_id=viewer.unit_id).exclude(kind=Kind.ANSWER)
    if decided:
        return list(found.exclude(state=State.WAITING).order_by("-received_at", "-id")[:most])
    return list(found.filter(state=State.WAITING).order_by("-urgent", "received_at", "id")[:most])


def waiting_count(viewer: Viewer) -> int:
    """How many packages of the unit wait."""
    viewer.require(Capability.DECIDE)
    return Arrival.objects.filter(unit_id=viewer.unit_id, state=State.WAITING).count()


def urgent_waiting(viewer: Viewer) -> tuple[int, datetime | None]:
    """How many urgent packages of the unit wait, and when the newest came."""
    viewer.require(Capability.DECIDE)
    found = Arrival.objects.filter(unit_id=viewer.unit_id, state=State.WAITING, urgent=True)
    told = found.aggregate(number=Count("id"), newest=Max("received_at"))
    return told["number"], told["newest"]


def one(viewer: Viewer, arrival_id: UUID) -> Arrival:
    """One package of the viewer's unit. Raises :class:`Missing`."""
    viewer.require(Capability.DECIDE)
    found = Arrival.objects.select_related("agency", "replaces", "referral").filter(id=arrival_id, unit_id=viewer.unit_id).first()
    if found is None:
        raise Missing(_("There is no such package."))
    return found


def hold(viewer: Viewer, arrival_id: UUID) -> Arrival:
    """One package that waits, locked. Raises :class:`Missing`, or :class:`Conflict` where it was decided."""
    viewer.require(Capability.DECIDE)
    found = (
        Arrival.objects.select_for_update(of=("self",)).select_related("agency", "replaces").filter(id=arrival_id, unit_id=viewer.unit_id)
    )
    row = found.first()
    if row is None:
        raise Missing(_("There is no such package."))
    if row.state != State.WAITING:
        raise Conflict(_("This package was decided already."), remedy=_("Read the inbox again."))
    return row


def settle(arrival: Arrival, state: Arrival.State, actor: str, reason: str, now: datetime, referral: UUID | None = None) -> None:
    """Note the decision; the sealed body goes, and of what is not kept here also what it says."""
    if len(reason) > MOST_REASON or "\0" in reason or (state in {State.REFUSED, State.PARTLY, State.NOTED} and not reason.strip()):
        raise Invalid(_("This act needs a reason."), remedy=_("Say in a few words why."))
    body, arrival.object_id = arrival.object_id, None
    arrival.state, arrival.decided_by, arrival.decided_at, arrival.decided_because = state, actor, now, reason.strip()
    arrival.referral_id = referral or arrival.referral_id
    if state in {State.REFUSED, State.SUPERSEDED}:
        arrival.report = None
    arrival.save(update_fields=["state", "decided_by", "decided_at", "decided_because", "referral", "object", "report"])
    if body is not None:
        vault.delete(body)


def of_referral(viewer: Viewer, referral_id: UUID) -> list[Arrival]:
    """What came about a referral of the viewer's unit from other agencies, newest first."""
    viewer.require(Capability.READ)
    found = Arrival.objects.select_related("agency").filter(unit_id=viewer.unit_id, referral_id=referral_id)
    return list(found.order_by("-received_at", "-id"))
