"""The states in which Directive (EU) 2016/680 or its equivalent holds; data for any other state leave on a recorded basis only (L17)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

EUROPEAN_UNION = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"}
    | {"IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)
WITHIN = EUROPEAN_UNION | {"IS", "LI", "NO"}
"""The European Union and the other states of the European Economic Area, by ISO 3166 code."""

TRANSFER_BASES: Mapping[str, Promise] = {
    "adequacy": gettext_lazy("adequacy decision (LED Art. 36)"),
    "safeguards": gettext_lazy("appropriate safeguards (LED Art. 37)"),
    "derogation": gettext_lazy("derogation for specific situations (LED Art. 38)"),
}


def is_within(state: str) -> bool:
    """Whether a transfer to this state needs no basis of its own."""
    return state in WITHIN
