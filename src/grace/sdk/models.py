"""What runs a model's graph: the contract between GRACE, which keeps models and their thresholds, and the library that computes.

A runtime is found by the entry point group ``grace.runtimes`` and, as analysers do, works inside the decoding program alone: it is handed
the bytes of a graph and how its input is made, and answers with bare numbers. What they mean (calibration, thresholds, labels) is not its
business. Standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, Protocol

from grace.sdk.analysis import Subject, Takes
from grace.sdk.shape import Choice, Many, Real, Whole

MOST_OUTPUTS = 50
"""Labels of one model."""


@dataclass(frozen=True, slots=True)
class PictureInput:
    """A picture as a tensor of 32-bit floats, 1 x 3 x side x side (``nchw``) or 1 x side x side x 3 (``nhwc``), red, green, blue.

    The picture is made smaller until no side is longer than 512, then brought to ``side`` x ``side`` by the mean of the area that each new
    pixel covers: ``stretch`` whatever its proportions, ``pad`` with its proportions kept and the mean around it. Each value, 0 to 1, has
    ``mean`` subtracted and is divided by ``deviation``, channel by channel.
    """

    kind: Annotated[Literal["picture"], Choice(("picture",))]
    side: Annotated[int, Whole(8, 512)]
    fit: Annotated[str, Choice(("stretch", "pad"))]
    layout: Annotated[str, Choice(("nchw", "nhwc"))]
    mean: Annotated[tuple[float, ...], Many(Real(0, 1), 3, 3)]
    deviation: Annotated[tuple[float, ...], Many(Real(0.001, 10), 3, 3)]

    @property
    def takes(self) -> Takes:
        """What the runtime is handed."""
        return Takes.PICTURE

    @property
    def shape(self) -> tuple[int, ...]:
        """The sides of the tensor."""
        return (1, 3, self.side, self.side) if self.layout == "nchw" else (1, self.side, self.side, 3)


@dataclass(frozen=True, slots=True)
class TextInput:
    """A text as a tensor of 32-bit floats, 1 x buckets: how often its pieces of ``least`` to ``most`` characters fall into each bucket.

    The text in normal form C and lower case, blanks made one, with a blank before and after; of it the first 100,000 characters. The bucket
    of a piece is the CRC-32 of its UTF-8 modulo ``buckets``; the vector is divided by its length.
    """

    kind: Annotated[Literal["text"], Choice(("text",))]
    buckets: Annotated[int, Whole(16, 65_536)]
    least: Annotated[int, Whole(1, 8)]
    most: Annotated[int, Whole(1, 8)]

    @property
    def takes(self) -> Takes:
        """What the runtime is handed."""
        return Takes.TEXT

    @property
    def shape(self) -> tuple[int, ...]:
        """The sides of the tensor."""
        return (1, self.buckets)


ModelInput = PictureInput | TextInput
INPUTS: tuple[type[PictureInput], type[TextInput]] = (PictureInput, TextInput)


@dataclass(frozen=True, slots=True)
class Computed:
    """What a graph made of one subject: its outputs, bare, and the SHA-256 of the tensor that it was given (hexadecimal)."""

    outputs: tuple[float, ...]
    tensor: str


class Graph(Protocol):
    """A graph that is loaded."""

    def compute(self, subject: Subject) -> Computed:
        """The outputs for this subject: the same each time. Raises ``TypeError`` for a subject that its input is not made of."""
        ...


class Runtime(Protocol):
    """A library that computes graphs of one form."""

    name: str
    """Of the library, with its version: kept with each result."""

    def warm_up(self) -> None:
        """Load the library: afterwards nothing can be opened. Raises ``ImportError`` where it is not installed."""
        ...

    def load(self, content: bytes, made: ModelInput, outputs: int) -> Graph:
        """Load a graph that takes such an input and gives so many outputs. Raises for anything else."""
        ...
