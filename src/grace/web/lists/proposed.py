"""What waits for a second officer, as it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from grace.accounts.names import names_of
from grace.accounts.viewer import Viewer
from grace.matching.models import Proposal


def shown(viewer: Viewer, proposals: Iterable[Proposal]) -> list[dict[str, Any]]:
    """Each proposal with who made it, and whether that was the viewer."""
    waiting = list(proposals)
    names = names_of(each.proposed_by for each in waiting)
    return [
        {"it": each, "by": names.get(each.proposed_by, _("a former colleague")), "mine": each.proposed_by == viewer.actor}
        for each in waiting
    ]
