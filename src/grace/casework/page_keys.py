"""The key of a page of the queue: where its first or last row stands in the order, and its rank."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid
from grace.kernel.page_key import packed, unpacked


def key_of(turn: int, floor: int, score: int, referral: UUID, rank: int) -> str:
    """The key as it stands in addresses."""
    return packed(str(turn), str(floor), str(score), str(referral), str(rank))


def read_key(key: str) -> tuple[int, int, int, UUID, int]:
    """Turn, floor, score, referral and rank. Raises ``Invalid`` for a key that :func:`key_of` did not make."""
    try:
        turn, floor, score, referral, rank = unpacked(key)
        told = int(turn), int(floor), int(score), UUID(referral), int(rank)
    except ValueError as fault:
        raise Invalid(_("This page key was not made by the queue."), remedy=_("Start again at the first page.")) from fault
    if not (told[0] in {0, 1} and 0 <= told[1] <= 100 and 0 <= told[2] <= 10_000 and 0 < told[4] < 10**9):
        raise Invalid(_("This page key was not made by the queue."), remedy=_("Start again at the first page."))
    return told
