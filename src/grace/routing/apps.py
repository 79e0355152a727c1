"""Starting the room: an operator's table that is wrong stops the start, rather than the first referral."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings


class Routing(AppConfig):
    """The room of routing."""

    name = "grace.routing"

    def ready(self) -> None:
        """Read the operator's tables, where there are any. Raises ``Invalid`` with the line that is wrong."""
        if settings.GRACE_NETWORKS or settings.GRACE_MMDB:
            from grace.routing.places import places

            places()
