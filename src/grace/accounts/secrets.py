"""Secrets that GRACE makes: random words of which only a digest is kept, and sealing of those that must be read again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from grace.kernel.errors import Unavailable

_NONCE = 12


def new_word() -> str:
    """256 random bits that fit into an address or a header."""
    return secrets.token_urlsafe(32)


def digest_of(word: str) -> bytes:
    """SHA-256 of a random word. Enough where the word has at least 80 random bits; never for a password."""
    return hashlib.sha256(word.encode()).digest()


def keyed_digest(text: str) -> str:
    """HMAC-SHA-256 under the installation's secret, in hex: tells equal names or addresses apart without keeping them."""
    return hmac.new(_key(settings.SECRET_KEY, b"grace accounts digest"), text.encode(), hashlib.sha256).hexdigest()


def seal(clear: bytes, *, bound_to: str) -> bytes:
    """AES-256-GCM under a key derived from the installation's secret; ``bound_to`` ties the text to one row."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_key(settings.SECRET_KEY, b"grace accounts seal")).encrypt(nonce, clear, bound_to.encode())


def unseal(sealed: bytes, *, bound_to: str) -> bytes:
    """Undo :func:`seal`; tries earlier secrets too. Raises :class:`Unavailable` where none fits."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return AESGCM(_key(secret, b"grace accounts seal")).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to.encode())
        except InvalidTag:
            continue
    raise Unavailable(
        _("A second factor cannot be read with the present secret key of this installation."),
        remedy=_("Name the earlier key in GRACE_SECRET_KEY_FALLBACKS, or reset the second factor of the officer."),
    )


def readable_code() -> str:
    """A recovery code of 80 random bits, in groups of four: ``abcd-efgh-ijkl-mnop``."""
    word = base64.b32encode(os.urandom(10)).decode().lower()
    return "-".join(word[start : start + 4] for start in range(0, len(word), 4))


def _key(secret: str, use: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=use).derive(secret.encode())
