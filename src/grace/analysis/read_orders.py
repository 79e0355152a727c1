"""Read orders: those of a unit page by page, one of them, its files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.analysis.models import Order, Ordered
from grace.kernel.errors import Invalid, Missing

MOST_ORDERS, MOST_SHOWN = 50, 200


@dataclass(frozen=True, slots=True)
class OrderedFile:
    """A file of an order, or a referral whose texts are in it, and when it was shown to the analysers."""

    file_id: UUID | None
    sha256: bytes
    media_type: str
    referral_id: UUID | None
    done_at: datetime | None


def newest(unit_id: UUID, before: str = "") -> tuple[list[Order], str]:
    """A page of a unit's orders, the newest first, and the key of the next page, or nothing."""
    rows = Order.objects.filter(unit_id=unit_id).order_by("-made_at", "-id")
    if before:
        made_at, order_id = _key(before)
        rows = rows.filter(made_at__lte=made_at).filter(Q(made_at__lt=made_at) | Q(id__lt=order_id))
    found = list(rows[: MOST_ORDERS + 1])
    shown = found[:MOST_ORDERS]
    return shown, f"{shown[-1].made_at.isoformat()}_{shown[-1].id}" if len(found) > MOST_ORDERS else ""


def order_of(viewer: Viewer, order_id: UUID) -> Order:
    """One order of the viewer's unit. Raises ``Missing`` for any other, whether it exists or not."""
    viewer.require(Capability.READ)
    order = Order.objects.filter(id=order_id, unit_id=viewer.unit_id).first()
    if order is None:
        raise Missing(_("There is no such order."))
    return order


def files_of(order_id: UUID, most: int) -> list[OrderedFile]:
    """Some of what an order names: what was shown last first, then what still waits."""
    rows = Ordered.objects.filter(order_id=order_id).order_by(F("done_at").desc(nulls_last=True), "place")[:most]
    told = rows.values_list("file_id", "file__sha256", "file__media_type", "referral_id", "done_at")
    return [OrderedFile(file, bytes(digest or b""), kind or "", referral, done_at) for file, digest, kind, referral, done_at in told]


def _key(text: str) -> tuple[datetime, UUID]:
    made_at, _sign, order_id = text.partition("_")
    try:
        return datetime.fromisoformat(made_at), UUID(order_id)
    except ValueError:
        raise Invalid(_("This address cannot be read.")) from None
