"""The layers that stand between a decoder that was taken over and the machine. Standard library only: both sides speak of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

_SHIFT = 8


class Layer(IntFlag):
    """One layer; each may be missing where the kernel, or whoever runs the container, does not allow it."""

    NAMESPACES = 1
    """A network of its own without any interface."""
    LIMITS = 2
    """No new descriptor, no byte written to a file, memory and processor time bounded."""
    LANDLOCK = 4
    """No file, and from newer kernels on no TCP port and no signal to others either."""
    SECCOMP = 8
    """Only the system calls that decoding needs; any other one ends the worker."""


ALL = Layer.NAMESPACES | Layer.LIMITS | Layer.LANDLOCK | Layer.SECCOMP


@dataclass(frozen=True, slots=True)
class Walls:
    """What is in force around each worker, as its program tried out, and the version of Landlock (0: none)."""

    layers: Layer
    landlock: int = 0

    @property
    def missing(self) -> Layer:
        """The layers that are not in force."""
        return ALL & ~self.layers

    @property
    def of_each(self) -> Walls:
        """What each worker puts up by itself: all but the name spaces, which its program entered for it."""
        return Walls(self.layers & ~Layer.NAMESPACES, self.landlock)

    def packed(self) -> int:
        """As one number, for the control socket."""
        return int(self.layers) | self.landlock << _SHIFT


def unpacked(number: int) -> Walls:
    """What :meth:`Walls.packed` made."""
    return Walls(ALL & Layer(number & ((1 << _SHIFT) - 1)), number >> _SHIFT)
