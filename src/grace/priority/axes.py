"""The four axes."""

from __future__ import annotations

from enum import StrEnum


class Axis(StrEnum):
    """The four questions that are never mixed: can it be worked, is there a lead here, is there harm now, is it new."""

    COMPLETENESS = "completeness"
    ACTIONABILITY = "actionability"
    URGENCY = "urgency"
    NOVELTY = "novelty"
