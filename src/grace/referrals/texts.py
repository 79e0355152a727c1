"""The free texts of referrals, as their standing documents tell them: for programs that act for all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from grace.referrals.models import Referral, Version
from grace.referrals.reconcile import unpacked


def of(unit_id: UUID, referrals: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The texts of each referral of the unit, each once, the newest document's first; referrals without any are left out."""
    found: dict[UUID, dict[str, None]] = {}
    some = Version.objects.filter(referral_id__in=list(referrals), referral__unit_id=unit_id, replaced_at__isnull=True)
    rows = some.order_by("referral_id", "-ordinal")
    for referral, canonical in rows.values_list("referral_id", "canonical"):
        found.setdefault(referral, {}).update(dict.fromkeys(_texts(unpacked(canonical))))
    return {referral: list(texts) for referral, texts in found.items() if texts}


def ever(referrals: Collection[UUID]) -> Iterator[tuple[UUID, str]]:
    """All texts of these referrals, each with its referral, also those of documents that were replaced; some come twice."""
    rows = Version.objects.filter(referral_id__in=list(referrals)).order_by("referral_id", "-ordinal")
    for referral, canonical in rows.values_list("referral_id", "canonical").iterator(chunk_size=20):
        yield from ((referral, text) for text in _texts(unpacked(canonical)))


def after(unit_id: UUID, referral_id: UUID | None, most: int) -> list[UUID]:
    """The next referrals of a unit in the order of their ids."""
    rows = Referral.objects.filter(unit_id=unit_id).order_by("id")
    return list((rows.filter(id__gt=referral_id) if referral_id else rows).values_list("id", flat=True)[:most])


def _texts(canonical: dict[str, Any]) -> Iterator[str]:
    for place in (canonical, *canonical["persons"], *canonical["attachments"]):
        yield from (each["text"] for each in place.get("passages", ()) if each["text"].strip())
