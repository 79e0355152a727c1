"""The few words of routing: criteria, kinds of evidence, marks that make a piece count less, and the recipient that is no state."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

EUROPOL = "europol"
"""The recipient of what no member state fits. Lower case: no code of a state can be mistaken for it."""


class Criterion(StrEnum):
    """Why a state is concerned: the three criteria of the law, and the fallback of its second paragraph.

    The law speaks of the suspected offender; here that is the person whom a sender reports, who is no suspect by it (L7).
    """

    OFFENCE = "offence"
    SUSPECT = "suspect"
    VICTIM = "victim"
    ESTABLISHMENT = "establishment"


class Matter(StrEnum):
    """What a piece of evidence is made of."""

    STATEMENT = "statement"
    ADDRESS = "address"
    LOCATION = "location"
    PHONE = "phone"
    NETWORK = "network"
    TIME_ZONE = "time_zone"
    LANGUAGE = "language"
    ESTABLISHMENT = "establishment"


class Mark(StrEnum):
    """Why a piece counts less.

    A proxy by the sender's word, a network of computers for hire, found in free text, not verified; or only a code of two
    letters at the end of a printed address, which may be one of a province.
    """

    PROXY = "proxy"
    HOSTING = "hosting"
    IN_TEXT = "in_text"
    UNVERIFIED = "unverified"
    CODE_ALONE = "code_alone"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece: of which criterion it speaks, of whom, for which states, how strongly, and where it stands.

    ``person`` is the place of the person among those of the report, None for the incident itself. ``path`` is the place in
    the document; the value there is not copied. ``source`` names the register that turned it into a state. A time zone or
    a language may speak for several states.
    """

    criterion: Criterion
    person: int | None
    matter: Matter
    states: tuple[str, ...]
    weight: float
    path: str
    marks: tuple[Mark, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """What speaks for a state, or against it: pieces of one kind about one person together; ``count`` tells how many.

    ``for_state`` differs from the proposal's state where the reason speaks against it: the same person is also there.
    """

    matter: Matter
    person: int | None
    for_state: str
    weight: float
    count: int
    path: str
    marks: tuple[Mark, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A state, the criterion by which it is concerned, how sure that is (0 to 1), and why."""

    state: str
    criterion: Criterion
    confidence: float
    reasons: tuple[Reason, ...]
