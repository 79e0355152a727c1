"""What models estimate of the texts of a referral, as signals: of texts that stand, by models that count now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from grace.analysis import texts as analysis
from grace.analysis.passage import digest
from grace.analysis.register import infer
from grace.referrals import texts as referrals
from grace.sdk.signals import Basis, Signal

SOURCE = "texts"
OF_MODELS = "text.class"
"""The signal for each term that a model finds in any of the texts."""


def signals(unit_id: UUID, some: Sequence[UUID]) -> Mapping[UUID, list[Signal]]:
    """The signals of these referrals; those without any are left out. Only texts of which something was found are read."""
    found = analysis.classes_of(some)
    standing = referrals.of(unit_id, list(found)) if found else {}
    return {
        referral: [Signal(OF_MODELS, kind.removeprefix(infer.KIND), Basis.MODEL, SOURCE) for kind in kinds]
        for referral, texts in standing.items()
        if (kinds := sorted({kind for text in texts for kind in found[referral].get(digest(text), ())}))
    }


def is_text_signal(signal: Signal) -> bool:
    """Whether the signal came from here, and so is made anew when more is known of the texts."""
    return signal.source == SOURCE
