"""E-mail addresses: case folded, the domain in its ASCII form."""

from __future__ import annotations

import re
import unicodedata

from grace.identifiers.hosts import ascii_host

_PLAIN = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_LOCAL = re.compile(r"[^\s@\"<>(),:;\\\[\]]+")
_LONGEST = 320  # 64 before the @, 255 behind it (RFC 5321)


def normal_email(text: str) -> str | None:
    """The address with its case folded, or None. Dots and ``+tags`` stay: only some providers ignore them."""
    if len(text) > _LONGEST + 9:
        return None
    folded = text.strip().lower().removeprefix("mailto:")
    if folded.startswith("<") and folded.endswith(">"):
        folded = folded[1:-1]
    if _PLAIN.fullmatch(folded):
        return folded
    return _international(unicodedata.normalize("NFC", folded).casefold())


def _international(text: str) -> str | None:
    if len(text) > _LONGEST:
        return None
    local, at, domain = text.rpartition("@")
    host = ascii_host(domain) if at and _LOCAL.fullmatch(local) else None
    return f"{local}@{host}" if host and "." in host else None
