"""Whose turn it is when an officer asks for the next: the first of the queue, or a fixed share out of turn, so that nothing waits for ever.

The one rule, for the queue of the product and for that of the laboratory: each is a :class:`Waiting` of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Waiting(Protocol[T_co]):
    """What waits, as the rule asks about it; ``None`` where there is no such referral."""

    def urgent(self) -> bool:
        """Whether a floor holds any up."""
        ...

    def oldest(self) -> T_co | None:
        """The one that has waited longest."""
        ...

    def audited(self) -> T_co | None:
        """Of the audited ones the one that has waited longest."""
        ...

    def any_by_lot(self) -> T_co | None:
        """Any one by lot over the time of coming."""
        ...


def out_of_turn(share: int, below: Callable[[int], int], waiting: Waiting[T]) -> T | None:
    """One out of turn, in ``share`` of a thousand cases; None where the first of the queue is to be given.

    It is the oldest, the audited one that waits longest, or any one by lot: ``below`` (a random whole number below its argument)
    decides which. What a floor holds up always comes first.
    """
    if below(1000) >= share or waiting.urgent():
        return None
    if (turn := below(3)) == 0:
        return waiting.oldest()
    found = waiting.audited() if turn == 1 else None
    return waiting.any_by_lot() if found is None else found
