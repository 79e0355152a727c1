"""The decoder that this process uses, or a stand-in inside a block."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from django.conf import settings

from grace.evidence.decoding.pool import Pool
from grace.evidence.decoding.port import Decoder

_pool = Pool(is_strict=lambda: bool(settings.GRACE_DECODING_STRICT))
_stand_ins: list[Decoder] = []
atexit.register(_pool.close)
os.register_at_fork(after_in_child=_pool.abandon)


def decoder() -> Decoder:
    """The decoder in use."""
    return _stand_ins[-1] if _stand_ins else _pool


def together() -> AbstractContextManager[None]:
    """Inside, what this thread has decoded is of one referral, or texts of one unit: one worker may see it all, and nothing else."""
    return nullcontext() if _stand_ins else _pool.together()


def stop() -> None:
    """Decode no more in this process, and wait for no answer: it is about to end."""
    _pool.stop()


@contextmanager
def standing_in(other: Decoder) -> Iterator[Decoder]:
    """Use another decoder inside the block, for the whole process."""
    _stand_ins.append(other)
    try:
        yield other
    finally:
        _stand_ins.pop()
