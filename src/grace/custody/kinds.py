"""The six kinds of processing that must be logged: Directive (EU) 2016/680, Article 25(1)."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What an entry of the ledger records."""

    COLLECTION = "COLLECTION"
    ALTERATION = "ALTERATION"
    CONSULTATION = "CONSULTATION"
    DISCLOSURE = "DISCLOSURE"
    COMBINATION = "COMBINATION"
    ERASURE = "ERASURE"
