"""What a list means: data on the list, read wherever one of its entries answers."""

from __future__ import annotations

from enum import StrEnum


class Meaning(StrEnum):
    """What it says of a file that it stands on a list."""

    ALERT = "alert"
    """Material of interest to the agency: recognised, and therefore not new."""
    KNOWN = "known"
    """A file that somebody has collected before, such as those of published software: known, which is not to say good."""
    NEGATIVE = "negative"
    """Looked at and confirmed not to be of interest: it sets matches of alert lists aside, and is shown with its reason."""
