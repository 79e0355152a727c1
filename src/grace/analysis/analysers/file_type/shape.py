"""What a walk has found so far: it fills in more as it goes, so that a file that is cut is known as far as it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grace.analysis.analysers.walks.reading import Steps


@dataclass(slots=True)
class Shape:
    """A type with its reason; where its structure ends (None: it does not say), whether that lies behind the bytes, what is encrypted."""

    media_type: str
    name: str
    why: str
    end: int | None = None
    cut: str = ""
    encrypted: str = ""


Walk = Callable[[bytes, Shape, Steps], None]
"""Fills in a shape. ``Short`` means that the file is cut, ``Endless`` that nobody knows; ``WrongForm`` that it is something else."""


class WrongForm(ValueError):
    """The first bytes were a coincidence."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of file: its type, its name, the bytes that it has at a place, and the walk through it where there is one."""

    media_type: str
    name: str
    magic: bytes
    at: int = 0
    walk: Walk | None = None

    def matches(self, data: bytes) -> bool:
        """Whether the bytes stand at their place."""
        return data.startswith(self.magic, self.at)

    def shape(self, steps: Steps) -> Shape:
        """A shape to begin with."""
        steps.take()
        where = f" at byte {self.at}" if self.at else ""
        return Shape(
            self.media_type, self.name, f"begins with {self.magic[:16].hex(' ')}{where}" if not self.at else f"{self.magic.hex(' ')}{where}"
        )
