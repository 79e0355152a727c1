"""How Django finds the officer of a session. It checks no password: that is done, counted and written down in :mod:`grace.accounts.credentials`."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.backends import BaseBackend

from grace.accounts.models import Officer


class Officers(BaseBackend):
    """Officers who work here and are not locked; asked at every request, so that a lock holds at once."""

    def get_user(self, user_id: UUID) -> Officer | None:
        """The officer, with the unit, or None."""
        return Officer.objects.select_related("unit").filter(id=user_id, is_active=True, locked_at=None).first()
