"""Why somebody looks: a closed list, kept in the session and written to the ledger with every act (law, L5)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from grace.accounts.capabilities import Capability


class Purpose(StrEnum):
    """The reasons for which an officer may look at referrals."""

    TRIAGE = "triage"
    INVESTIGATION = "investigation"
    QUALITY = "quality"
    AUDIT = "audit"


LABELS: Mapping[Purpose, Promise] = {
    Purpose.TRIAGE: gettext_lazy("triage"),
    Purpose.INVESTIGATION: gettext_lazy("investigation"),
    Purpose.QUALITY: gettext_lazy("quality check"),
    Purpose.AUDIT: gettext_lazy("audit"),
}


def purposes_for(capabilities: AbstractSet[Capability]) -> list[Purpose]:
    """The purposes that may be stated with these capabilities: an audit is only for those who audit."""
    return [purpose for purpose in Purpose if purpose is not Purpose.AUDIT or Capability.AUDIT in capabilities]
