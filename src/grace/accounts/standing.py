"""Who may read in a unit at this moment, for what programs do in somebody's name while nobody is signed in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from grace.accounts.capabilities import Capability
from grace.accounts.models import ApiToken, Officer


def who_may_read(unit_id: UUID, owners: Collection[UUID], now: datetime) -> set[UUID]:
    """Those of these officers and tokens that may read in the unit now: neither locked nor gone, neither moved nor over."""
    held = {"unit_id": unit_id, "id__in": owners, "capabilities__contains": [Capability.READ]}
    officers = Officer.objects.filter(is_active=True, locked_at=None, **held).values_list("id", flat=True)
    tokens = ApiToken.objects.filter(revoked_at=None, expires_at__gt=now, **held).values_list("id", flat=True)
    return {*officers, *tokens}
