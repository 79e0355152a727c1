"""Time-based one-time passwords (RFC 6238): SHA-1, six digits, thirty seconds, which every authenticator understands."""

from __future__ import annotations

import hmac
import os
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20


def new_secret() -> bytes:
    """160 random bits, the length that RFC 4226 recommends."""
    return os.urandom(SECRET_BYTES)


def step_at(moment: datetime) -> int:
    """The number of the thirty-second step in which ``moment`` (with a zone) lies."""
    return int(moment.timestamp()) // STEP_SECONDS


def code_at(secret: bytes, step: int) -> str:
    """The six digits that a device shows in this step."""
    return _totp(secret).generate(step * STEP_SECONDS).decode()


def matching_step(secret: bytes, code: str, moment: datetime, *, after: int = 0) -> int | None:
    """The step whose code was typed, one step early or late included; ``None`` for a wrong code or one at or before step ``after``."""
    present = step_at(moment)
    found = None
    for step in (present - 1, present, present + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and step > after:
            found = step
    return found


def address_for_devices(secret: bytes, name: str, issuer: str) -> str:
    """The ``otpauth:`` address that goes into the QR picture."""
    return _totp(secret).get_provisioning_uri(name, issuer)


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 - RFC 6238's default, the one all devices know
