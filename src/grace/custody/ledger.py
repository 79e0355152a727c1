"""The ledger's one door: other rooms write, read and prove through these names and no others.

>>> with transaction.atomic():
...     record(Line(Kind.COLLECTION, "referral.receive", actor="sender:<uuid>", subjects=("document:<uuid>",)))
"""

from __future__ import annotations

from grace.custody.canonical import EntryRow
from grace.custody.checkpoints import Signer, newest_note, public_pem, sign_checkpoint, signer, size_signed
from grace.custody.kinds import Kind
from grace.custody.line import Line, is_purpose
from grace.custody.proofs import Inclusion, prove_consistency, prove_inclusion
from grace.custody.pruning import Pruned, prune
from grace.custody.reading import entry, history, page, time_of
from grace.custody.reconcile import Reconciliation, reconcile
from grace.custody.sequencer import oldest_unsequenced_age, sequence, sequence_forever
from grace.custody.tree import size
from grace.custody.writing import record

__all__ = [
    "EntryRow",
    "Inclusion",
    "Kind",
    "Line",
    "Pruned",
    "Reconciliation",
    "Signer",
    "entry",
    "history",
    "is_purpose",
    "newest_note",
    "oldest_unsequenced_age",
    "page",
    "prove_consistency",
    "prove_inclusion",
    "prune",
    "public_pem",
    "reconcile",
    "record",
    "sequence",
    "sequence_forever",
    "sign_checkpoint",
    "signer",
    "size",
    "size_signed",
    "time_of",
]
