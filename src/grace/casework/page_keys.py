"""The key of a page of the queue: where its first or last row stands in the order, and its rank."""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid


def key_of(turn: int, floor: int, score: int, referral: UUID, rank: int) -> str:
    """The key as it stands in addresses."""
    return base64.urlsafe_b64encode(f"{turn}.{floor}.{score}.{referral}.{rank}".encode()).decode().rstrip("=")


def read_key(key: str) -> tuple[int, int, int, UUID, int]:
    """Turn, floor, score, referral and rank. Raises ``Invalid`` for a key that :func:`key_of` did not make."""
    try:
        turn, floor, score, referral, rank = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)).decode("ascii").split(".")
        told = int(turn), int(floor), int(score), UUID(referral), int(rank)
    except (ValueError, UnicodeDecodeError, binascii.Error) as fault:
        raise Invalid(_("This page key was not made by the queue."), remedy=_("Start again at the first page.")) from fault
    if not (told[0] in {0, 1} and 0 <= told[1] <= 100 and 0 <= told[2] <= 10_000 and 0 < told[4] < 10**9):
        raise Invalid(_("This page key was not made by the queue."), remedy=_("Start again at the first page."))
    return told
