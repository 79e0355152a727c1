"""Identifiers that sort by time (UUID version 7, RFC 9562), made without asking the database."""

from __future__ import annotations

import os
import time
import uuid


def new_id() -> uuid.UUID:
    """A UUIDv7: 48 bits of milliseconds since 1970, then 74 random bits."""
    millis = time.time_ns() // 1_000_000
    tail = int.from_bytes(os.urandom(10), "big")
    value = (millis & 0xFFFFFFFFFFFF) << 80
    value |= 0x7 << 76 | (tail >> 68) << 64
    value |= 0b10 << 62 | (tail & 0x3FFFFFFFFFFFFFFF)
    return uuid.UUID(int=value)
