"""Trying what hostile bytes or somebody else's code may make fail in any way: this process exists to bear it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from grace.evidence.decoding.port import Reason
from grace.evidence.decoding.program.pictures import Unfit

T = TypeVar("T")


def attempt(deed: Callable[[], T]) -> tuple[T | None, str]:
    """What the deed gives; or the name of the reason why there is nothing, or else of what was raised."""
    try:
        return deed(), ""
    except Unfit as unfit:
        return None, unfit.reason.name
    except MemoryError:
        return None, Reason.MEMORY.name
    except Exception as error:  # noqa: BLE001 - codecs and plug-ins raise anything, and each must hurt only itself
        return None, type(error).__name__


def reason_of(failure: str, otherwise: Reason = Reason.DAMAGED) -> Reason:
    """The reason behind a failure's name."""
    return Reason.__members__.get(failure, otherwise)
