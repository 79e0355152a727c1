"""Serving lists to others: who comes in, what is told, each disclosure in the ledger; and letting readers in or no longer."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from grace.accounts import throttle
from grace.accounts.secrets import keyed_digest
from grace.accounts.viewer import Viewer
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.intake.credentials import wrong_attempts
from grace.kernel.errors import Missing
from grace.matching import entries, readers, served
from grace.matching.formats.ncmec_write import kind_of
from grace.matching.lists import locked
from grace.matching.models import Entry, Opinion, Reader, Sharing
from grace.matching.readers import OURSELVES, Guest
from grace.matching.served import Page, Span
from grace.pipeline.accounts import NOBODY
from grace.pipeline.consult import refusals_told
from grace.pipeline.lists import PURPOSE, record, reference, require_one

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def enter(name: str, login: str, secret: str, address: str) -> tuple[Sharing, Guest] | None:
    """The list and who reads it; None where there is no such list, or login and secret do not fit.

    Wrong attempts are written down until there are too many from one address in a quarter of an hour; then they are only
    refused. A right secret is always let in.
    """
    try:
        sharing = served.named(name)
        guest = readers.guest_of(sharing.hash_list, login, secret)
    except Missing:
        guest = None
    if guest is not None:
        return sharing, guest
    with transaction.atomic():
        if throttle.count(wrong_attempts(login, address)):
            detail = {"way": "hash-sharing", "name_digest": keyed_digest(login)[:32]}
            ledger.record(Line(Kind.DISCLOSURE, "list.read", NOBODY, PURPOSE, detail=detail, denied=True))
    return None


def may_ask(guest: Guest) -> bool:
    """Whether the guest has not asked too often within the minute."""
    with transaction.atomic():
        return throttle.count([guest.requests])


def page(sharing: Sharing, guest: Guest, span: Span) -> Page:
    """A page of what changed, and that it was told to whom. Raises ``Invalid`` for a span that ends in the future."""
    with transaction.atomic():
        served.stamp(sharing.hash_list_id, span.until)
    with transaction.atomic():
        found = served.page(sharing.hash_list_id, span)
        told = {
            "entries": str(len(found.changed)),
            "images": str(sum(each.item is not None and kind_of(each.item) == "image" for each in found.changed)),
            "gone": str(sum(each.item is None for each in found.changed)),
        }
        subject = (f"list:{sharing.hash_list_id}",)
        ledger.record(Line(Kind.DISCLOSURE, "list.read", guest.actor, PURPOSE, subject, told, recipient=guest.actor))
    return found


def hear(sharing: Sharing, guest: Guest, item: str, algorithm: str, *, is_right: bool, reason: str) -> Opinion:
    """What a reader thinks of a hash of an item: kept beside our officers' opinions. Raises :class:`Missing`."""
    with transaction.atomic():
        entry = Entry.objects.filter(hash_list_id=sharing.hash_list_id, item=item, algorithm=algorithm).first()
        if entry is None:
            raise Missing(_("There is no such entry."))
        stance = Opinion.Stance.CONFIRM if is_right else Opinion.Stance.DISPUTE
        opinion = entries.hold(entry, guest.actor, stance, reason)
        subjects = (f"list:{sharing.hash_list_id}", reference(entry))
        ledger.record(Line(Kind.ALTERATION, f"list.{stance.value}", guest.actor, PURPOSE, subjects))
    return opinion


def members(guest: Guest) -> list[tuple[int, str]]:
    """Who takes part: this agency, and whoever asks. Nobody is told of the other readers."""
    own = [(OURSELVES, agency_name())]
    return own if guest.number == OURSELVES else [*own, (guest.number, guest.name)]


def agency_name() -> str:
    """What this agency calls itself to readers."""
    return settings.GRACE_AGENCY_NAME or "GRACE"


def serve(viewer: Viewer, list_id: UUID, name: str) -> None:
    """Let others fetch a list under a name, or no longer."""
    with refusals_told(viewer, "list.serve", f"list:{list_id}"):
        require_one(viewer, list_id)
    with transaction.atomic():
        served.serve(locked(list_id), name.strip())
        record(viewer, "list.serve", list_id, {"served": "yes" if name.strip() else "no"})


def enrol(viewer: Viewer, list_id: UUID, login: str) -> Reader:
    """Let a sender read a list."""
    return _reader(viewer, list_id, login, "list.enrol")


def dismiss(viewer: Viewer, list_id: UUID, login: str) -> Reader:
    """Let a sender read a list no longer."""
    return _reader(viewer, list_id, login, "list.dismiss")


def _reader(viewer: Viewer, list_id: UUID, login: str, act: str) -> Reader:
    with refusals_told(viewer, act, f"list:{list_id}"):
        require_one(viewer, list_id)
    with transaction.atomic():
        hash_list = locked(list_id)
        found = readers.enrol(hash_list, login, viewer.actor) if act == "list.enrol" else readers.dismiss(hash_list, login)
        record(viewer, act, list_id, {}, f"login:{found.login_id}")
    return found
