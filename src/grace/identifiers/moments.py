"""Times as senders write them: to UTC where a zone is stated, else kept with the zone unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Zone = Literal["stated", "unknown"]
Precision = Literal["fraction", "second", "minute", "day"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as written, and what it says.

    ``at`` is UTC, None where no zone is known or the text is no time; ``wall`` is the time as it stands, without
    zone, None where the text is no time; ``precision`` is None in that case too.
    """

    as_written: str
    at: datetime | None = None
    wall: datetime | None = None
    zone: Zone = "unknown"
    precision: Precision | None = None
