"""Acts on the ledger itself: they are entries too, and each has the transactions that it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from grace.custody import export, ledger
from grace.custody.ledger import Kind, Line, Pruned
from grace.custody.verify_ledger import Report, verify


def export_ledger(file: BinaryIO, *, actor: str, purpose: str, recipient: str) -> None:
    """Write the whole ledger, signed; the last entry in it tells of this export: who, why, for whom."""
    by = ledger.signer()
    with transaction.atomic():
        ledger.record(Line(Kind.DISCLOSURE, "ledger.export", actor, purpose, recipient=recipient))
    ledger.sequence(wait=True)
    with export.snapshot():
        file.writelines(export.lines(by))


def verify_ledger(held: Iterable[str] = ()) -> Report:
    """Check the ledger as it stands in the database, as an authority would check its export. Raises ``verify_ledger.Fault``."""
    by = ledger.signer()
    ledger.sequence(wait=True)
    with export.snapshot():
        return verify(export.lines(by), [by.key.public_key()], list(held))


def sign_checkpoint() -> str:
    """Sign the ledger as it stands; returns the note, to be kept in another place."""
    by = ledger.signer()
    ledger.sequence(wait=True)
    with transaction.atomic():
        return ledger.sign_checkpoint(by).note


def prune_ledger(before: datetime, *, actor: str, reason: str) -> Iterator[Pruned]:
    """Prune all entries of before the moment, a transaction for every 50,000; to be run as the owner of the database."""
    while True:
        with transaction.atomic():
            pruned = ledger.prune(before, actor=actor, reason=reason)
        if not pruned.now:
            return
        yield pruned
