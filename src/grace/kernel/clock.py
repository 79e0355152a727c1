"""The time, from one place, so that tests can hold it still."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_held: ContextVar[datetime | None] = ContextVar("held_clock", default=None)


def now() -> datetime:
    """The present moment in UTC."""
    return _held.get() or datetime.now(UTC)


@contextmanager
def held(moment: datetime) -> Iterator[None]:
    """Hold the clock at ``moment`` (with a zone) inside the block."""
    token = _held.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _held.reset(token)
