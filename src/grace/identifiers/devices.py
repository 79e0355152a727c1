"""Device identifiers: IMEI, hardware addresses and UUIDs in one spelling, everything else as it stands."""

from __future__ import annotations

import re

_UUID = re.compile(r"\{?([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})\}?")
_HARDWARE = re.compile(r"[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}")
_IMEI = re.compile(r"[0-9]{2}[ /-]?[0-9]{6}[ /-]?[0-9]{6}[ /-]?[0-9]")


def normal_device(text: str) -> str | None:
    """The identifier in one spelling: UUIDs and hardware addresses in lower case, IMEIs without separators."""
    text = text.strip()
    uuid = _UUID.fullmatch(text)
    if uuid:
        return uuid[1].lower()
    if _HARDWARE.fullmatch(text):
        return text.replace("-", ":").lower()
    if _IMEI.fullmatch(text):
        return re.sub(r"[^0-9]", "", text)
    return text or None


def is_device(text: str) -> bool:
    """Whether the text has the shape of a UUID, a hardware address or an IMEI."""
    return any(shape.fullmatch(text) for shape in (_UUID, _HARDWARE, _IMEI))
