"""Digests as people write them: hexadecimal in either case, in pairs or in one piece, or base64; the name may stand before."""

from __future__ import annotations

import base64
import re

_NAMED = re.compile(r"(md5|sha-?1|sha-?256|pdq)\s*[:=]?\s+|(md5|sha-?1|sha-?256|pdq)[:=]", re.IGNORECASE)
_HEX = re.compile(r"[0-9a-f]+", re.IGNORECASE)
_PAIRS = re.compile(r"[0-9a-f]{2}(?:[\s:-][0-9a-f]{2})+|[0-9a-f]{4,8}(?: [0-9a-f]{4,8})+", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={1,2}")
_OF_LENGTH = {16: ("md5",), 20: ("sha1",), 32: ("sha256", "pdq")}


def digests_of(text: str) -> list[tuple[str, bytes]]:
    """Algorithm (``md5``, ``sha1``, ``sha256``, ``pdq``) and raw value of all that the text could be; nothing where it is no digest.

    32 bytes without a name may be a SHA-256 or a fingerprint. Base64 is read with its padding only: without, it may be any word.
    """
    text = text.strip()
    named = _NAMED.match(text)
    wanted = (named[1] or named[2]).lower().replace("-", "") if named else ""
    value = _raw(text[named.end() :].strip() if named else text)
    return [(name, value) for name in _OF_LENGTH.get(len(value), ()) if not wanted or name == wanted]


def _raw(text: str) -> bytes:
    """The bytes, or none."""
    joined = re.sub(r"[\s:-]", "", text) if _PAIRS.fullmatch(text) else text
    if _HEX.fullmatch(joined) and joined.isascii() and len(joined) % 2 == 0:
        return bytes.fromhex(joined)
    if _BASE64.fullmatch(text) and text.isascii() and len(text) % 4 == 0:
        return base64.b64decode(text, altchars=b"-_") if "-" in text or "_" in text else base64.b64decode(text)
    return b""
