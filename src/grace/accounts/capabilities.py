"""What an officer may do; capabilities are given one by one, and by default there are none (law, L13)."""

from __future__ import annotations

from enum import StrEnum


class Capability(StrEnum):
    """One thing that an officer may do within the own unit."""

    READ = "read"
    DECIDE = "decide"
    OPEN_FILES = "open_files"
    EDIT_RULES = "edit_rules"
    PUBLISH_RULES = "publish_rules"
    MANAGE_LISTS = "manage_lists"
    RECEIVE = "receive"
    QUARANTINE = "quarantine"
    AUDIT = "audit"
    ADMINISTER = "administer"


NEEDS_SECOND_FACTOR: frozenset[Capability] = frozenset({Capability.OPEN_FILES, Capability.ADMINISTER})
"""Whoever holds one of these signs in with a second factor."""
