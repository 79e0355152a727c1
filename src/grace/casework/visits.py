"""Visits: what came since an officer last looked is new to them."""

from __future__ import annotations

from datetime import datetime, timedelta

from grace.accounts.viewer import Viewer
from grace.casework.models import Visit

PAUSE = timedelta(minutes=30)
"""After so long without opening the queue, the next opening is a new visit."""


def new_since(viewer: Viewer, now: datetime) -> datetime:
    """The end of the viewer's last visit; opening the queue again after a pause begins a new one."""
    visit, _ = Visit.objects.get_or_create(officer_id=viewer.officer_id, defaults={"seen_until": now - timedelta(days=1), "opened_at": now})
    if now - visit.opened_at > PAUSE:
        visit.seen_until = visit.opened_at
    visit.opened_at = now
    visit.save(update_fields=["seen_until", "opened_at"])
    return visit.seen_until
