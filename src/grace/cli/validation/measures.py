"""What a section of the report is: figures, each with its bar where there is one, and references to what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

MOST_EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. ``value`` is None where there was nothing to measure; ``of`` tells on how many things it rests.

    ``at_least`` or ``at_most`` is its bar. ``examples`` are references (numbers of invented documents), ten at most.
    """

    name: str
    value: float | int | str | None
    of: int | None = None
    at_least: float | None = None
    at_most: float | None = None
    examples: Sequence[str] = ()

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None where there is no bar, or nothing was measured."""
        if isinstance(self.value, str) or self.value is None or (self.at_least is None and self.at_most is None):
            return None
        return (self.at_least is None or self.value >= self.at_least) and (self.at_most is None or self.value <= self.at_most)

    @property
    def verdict(self) -> str:
        """``met``, ``failed``, ``not measured``, or ``no bar``."""
        if self.value is None:
            return "not measured"
        return {True: "met", False: "failed", None: "no bar"}[self.met]

    def told(self) -> dict[str, Any]:
        """As the report has it: what is not there is left out."""
        plain = {name: value for name, value in asdict(self).items() if value not in (None, ())}
        return plain | {"value": self.value, "verdict": self.verdict, "examples": list(self.examples)[:MOST_EXAMPLES]}


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report: its name, its figures, and tables of more figures for whoever wants to look closer."""

    name: str
    title: str
    measures: Sequence[Measure]
    tables: Mapping[str, Sequence[Sequence[object]]] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """As the report has it."""
        return {
            "name": self.name,
            "title": self.title,
            "verdict": verdict_of(each.verdict for each in self.measures),
            "measures": [each.told() for each in self.measures],
            "tables": {name: [list(row) for row in rows] for name, rows in self.tables.items()},
        }


def verdict_of(verdicts: Iterable[str]) -> str:
    """Of parts, what the whole is: ``failed`` where one is, ``met`` where one is and none failed, else the best that is left."""
    found = set(verdicts)
    return next((each for each in ("failed", "met", "no bar") if each in found), "not measured")


def share(name: str, judged: Iterable[tuple[str, bool]], *, at_least: float | None = None) -> Measure:
    """The share of things that are right, each given by its reference; not measured where there are none."""
    everything = list(judged)
    wrong = [reference for reference, right in everything if not right]
    value = round(1 - len(wrong) / len(everything), 4) if everything else None
    if wrong and value == 1:
        value = 0.9999  # rounding never hides a fault
    return Measure(name, value, len(everything), at_least=at_least, examples=tuple(wrong[:MOST_EXAMPLES]))


def none_of(name: str, faults: Iterable[str], of: int) -> Measure:
    """How many faults there are, of which there must be none."""
    found = list(faults)
    return Measure(name, len(found), of, at_most=0, examples=tuple(found[:MOST_EXAMPLES]))
