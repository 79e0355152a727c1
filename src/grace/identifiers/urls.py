"""URLs: the normal spelling of RFC 3986 section 6.2.2, defanged spellings undone."""

from __future__ import annotations

import re
from urllib.parse import quote

from grace.identifiers.addresses import normal_ip
from grace.identifiers.hosts import ascii_host

_SHAPE = re.compile(
    r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*)://(?:(?P<user>[^@/?#\s]*)@)?(?P<host>\[[^\]\s]*\]|[^:/?#\s@]+)(?::(?P<port>[0-9]*))?(?P<rest>[/?#].*)?",
    re.DOTALL,
)
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_DEFAULT_PORTS = {"http": "80", "https": "443", "ftp": "21"}
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT = "%!#$&'()*+,/:;=?@[]~"
_DEFANGED = (("[.]", "."), ("(.)", "."), ("[dot]", "."), ("[:]", ":"), ("[://]", "://"))


def normal_url(text: str) -> str | None:
    """The URL in its normal spelling, or None where scheme or host is missing.

    Scheme and host in lower case, the host in IDNA form, default ports dropped, an empty path ``/``, escapes in one
    spelling. Query and fragment stay as they are: with many services the fragment is the address.
    """
    found = _SHAPE.fullmatch(_refanged(text.strip()))
    if found is None:
        return None
    scheme = found["scheme"].lower()
    host = _host(found["host"])
    if host is None:
        return None
    port = (found["port"] or "").lstrip("0")
    user = f"{found['user']}@" if found["user"] else ""
    colon = f":{port}" if port and port != _DEFAULT_PORTS.get(scheme) else ""
    rest = _escaped(found["rest"] or "/")
    return f"{scheme}://{user}{host}{colon}{rest if rest.startswith('/') else '/' + rest}"


def _refanged(text: str) -> str:
    lowered = text[:4].lower()
    if lowered in {"hxxp", "hxtp", "htxp"}:
        text = "http" + text[4:]
    head, slash, tail = text.partition("://") if "[://]" not in text else text.partition("[://]")
    end = min((at for at in map(tail.find, "/?#") if at >= 0), default=len(tail))
    host = tail[:end]
    if slash and ("[" in host or "(" in host):
        for odd, plain in _DEFANGED:
            host = host.replace(odd, plain)
    return f"{head}://{host}{tail[end:]}" if slash else text


def _host(text: str) -> str | None:
    address = normal_ip(text)
    if address:
        return f"[{address}]" if ":" in address else address
    return ascii_host(text)


def _escaped(text: str) -> str:
    try:
        return _ESCAPE.sub(_one_spelling, quote(text, safe=_KEPT))
    except UnicodeEncodeError:  # a lone surrogate has no bytes to escape
        return text


def _one_spelling(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character in _UNRESERVED else f"%{found[1].upper()}"
