"""IP addresses: every spelling of an address becomes one (RFC 5952 for IPv6; IPv4-mapped becomes IPv4)."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address

_DOTTED = re.compile(r"0*([0-9]{1,3})\.0*([0-9]{1,3})\.0*([0-9]{1,3})\.0*([0-9]{1,3})")
_WITH_PORT = re.compile(r"(?:\[(?P<six>[^\[\]]+)\]|(?P<four>[0-9.]+)):(?P<port>[0-9]{1,5})")
_LONGEST = 80


def normal_ip(text: str) -> str | None:
    """The address in its normal spelling, or None. Leading zeros are padding, never octal; a port is left aside."""
    return split_port(text)[0]


def split_port(text: str) -> tuple[str | None, int | None]:
    """The normal spelling, and the port where the text carries one (``192.0.2.1:443``, ``[2001:db8::1]:443``)."""
    if len(text) > _LONGEST:
        return None, None
    text = text.strip()
    plain = _normal(text)
    if plain:
        return plain, None
    found = _WITH_PORT.fullmatch(text)
    if found is None:
        return None, None
    address = _normal(found["four"] or found["six"])
    port = int(found["port"])
    return (address, port) if address and port <= 0xFFFF else (None, None)


def _normal(text: str) -> str | None:
    four = _DOTTED.fullmatch(text)
    if four:
        return _four(four)
    if ":" not in text:
        return None
    return _six(text.removeprefix("[").removesuffix("]") if text.startswith("[") and text.endswith("]") else text)


def _four(found: re.Match[str]) -> str | None:
    parts = [int(part) for part in found.groups()]
    return ".".join(map(str, parts)) if max(parts) <= 0xFF else None


def _six(text: str) -> str | None:
    text = text.partition("%")[0]  # the interface's name means nothing outside the machine that wrote it
    head, colon, tail = text.rpartition(":")
    if "." in tail:
        four = _DOTTED.fullmatch(tail)
        dotted = _four(four) if four else None
        if dotted is None:
            return None
        text = head + colon + dotted
    try:
        address = IPv6Address(text)
    except AddressValueError:
        return None
    return str(address.ipv4_mapped or address)
