"""What the documents of referrals lacked, as it was found when they came in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.models import Unit
from grace.accounts.viewer import Viewer
from grace.intake.feedback import Remark, kept
from grace.intake.models import Sender
from grace.kernel.errors import Missing
from grace.referrals.models import Version
from grace.referrals.read import referral_of

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Told:
    """What one document of a referral lacked; ``remarks`` None means that nobody looked. ``external`` is the report's own number."""

    number: int
    issuer: str
    external: str
    ordinal: int
    format: str
    known_at: datetime
    remarks: tuple[Remark, ...] | None


def of_referral(viewer: Viewer, referral_id: UUID) -> list[Told]:
    """By all documents that stand of a referral of the viewer's unit, the newest first. Raises ``Missing``."""
    found = Version.objects.select_related("referral").filter(referral=referral_of(viewer, referral_id), replaced_at=None)
    return list(_told(found.defer("canonical").order_by("-ordinal")))


def of_document(document_id: UUID) -> list[Told]:
    """By the reports of one document, whatever replaced them since. The caller answers for who may know it."""
    found = Version.objects.select_related("referral").filter(document_id=document_id)
    return list(_told(found.defer("canonical").order_by("id")))


def of_sender(viewer: Viewer, unit: Unit, name: str, since: date, until: date) -> tuple[UUID, Iterator[Told]]:
    """By all documents of a sender's referrals that a unit received in these days (UTC), in the order of their coming. Raises ``Missing``.

    Only an operator's viewer sees units that are not its own.
    """
    sender = Sender.objects.filter(name=name, senderday__unit=unit).first()
    if sender is None or (viewer.via != "operator" and viewer.unit_id != unit.id):
        raise Missing(_("No such sender ever reported to this unit."), remedy=_("The page “Senders” shows all, by their names."))
    begin, end = (datetime.combine(day, time.min, UTC) for day in (since, until + timedelta(days=1)))
    found = Version.objects.select_related("referral").filter(
        referral__unit=unit, referral__sender=sender, referral__received_at__gte=begin, referral__received_at__lt=end
    )
    return sender.id, _told(found.defer("canonical").order_by("known_at", "id").iterator(chunk_size=AT_ONCE))


def _told(versions: Iterable[Version]) -> Iterator[Told]:
    for each in versions:
        of, remarks = each.referral, None if each.remarks is None else kept(each.remarks)
        yield Told(of.number, of.issuer, of.external, each.ordinal, each.format, each.known_at, remarks)
