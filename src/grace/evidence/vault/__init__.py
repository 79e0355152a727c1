"""The vault: bytes in, encrypted under a key of their own; bytes out, checked on every read.

``seal``, ``seal_many`` and ``store_many`` write bytes durably and their row in the caller's transaction. A transaction that is rolled
back leaves encrypted bytes without a row and so without a key; ``evidence.scrub`` finds and removes them.
"""

from __future__ import annotations

from grace.evidence.vault.place import Place, here, standing_in, sync_seconds
from grace.evidence.vault.seal import Sealed, Stored, delete, delete_many, seal, seal_many, store_many
from grace.evidence.vault.unseal import open_object, open_row, read, read_many

open = open_object  # noqa: A001 - `vault.open` is the verb of the contract

__all__ = [
    "Place",
    "Sealed",
    "Stored",
    "delete",
    "delete_many",
    "here",
    "open",
    "open_object",
    "open_row",
    "read",
    "read_many",
    "seal",
    "seal_many",
    "standing_in",
    "store_many",
    "sync_seconds",
]
