"""What to do when the database does not take something: wait where it is away, give way where it will never take it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO, TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from grace.intake.understand import Told, Understood, understood

_LOG = logging.getLogger(__name__)
PATIENCE = 20.0
"""Seconds to wait for a database that is away before giving up."""
_TOO_LARGE = "54"
"""The class of SQLSTATE for values above a limit, such as an index row's; the driver counts it among the operational errors."""

REFUSED = (DatabaseError, TypeError, ValueError)
"""What a value raises that cannot be stored: refused by the database, or before, where it is spelled for it."""

Answer = TypeVar("Answer")
Reader = Callable[[str, bytes | Path | BinaryIO, Told], AbstractContextManager[Understood]]


def is_away(fault: Exception) -> bool:
    """Whether the database was away or busy, so that the same may succeed later; else it refuses the values themselves."""
    return isinstance(fault, OperationalError | InterfaceError) and not _state(fault).startswith(_TOO_LARGE)


def patiently(work: Callable[[], Answer]) -> Answer:
    """Do ``work``, again and again while the database is away; never inside somebody else's transaction."""
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            return work()
        except (OperationalError, InterfaceError) as fault:
            if connection.in_atomic_block or not is_away(fault) or time.monotonic() > give_up:
                raise
            _LOG.warning("the database is away; trying again")
            connection.close()
            time.sleep(0.2)


def read_and_store(work: Callable[[Reader], Answer]) -> Answer:
    """Read one document and store what it says, in a transaction; where the database refuses it, store only that this is so.

    ``work`` is told by which reader to read: the usual one, or one that says of anything that it cannot be stored.
    """
    try:
        with transaction.atomic():
            return work(understood)
    except REFUSED as fault:
        if is_away(fault):
            raise
        _LOG.exception("what a document says cannot be stored (SQLSTATE %s)", _state(fault) or "none")
    with transaction.atomic():
        return work(_not_storable)


def _not_storable(_name: str, _data: object, _told: Told) -> AbstractContextManager[Understood]:
    return nullcontext(Understood(reason_code="not-storable", reason="A value of this document cannot be stored."))


def _state(fault: Exception) -> str:
    """The SQLSTATE that the database gave; empty where it gave none, as when the connection broke."""
    return getattr(fault.__cause__, "sqlstate", None) or ""
