"""User ids, screen names and the names of services."""

from __future__ import annotations

import unicodedata

from grace.identifiers.phones import normal_phone

_KNOWN_BY_PHONE = ("whatsapp", "signal messenger", "viber")


def normal_user_id(text: str, service: str | None = None) -> str | None:
    """The id without surrounding blanks: an id is opaque, its case and script belong to it.

    Services that know their users by phone number write it in many spellings; there a number with ``+`` becomes E.164.
    """
    text = text.strip()
    if service and text.startswith("+") and any(name in service.casefold() for name in _KNOWN_BY_PHONE):
        return normal_phone(text) or text
    return text or None


def normal_screen_name(text: str) -> str | None:
    """The name folded: compatibility forms joined, invisible characters and a leading ``@`` dropped, case folded."""
    text = text.strip()
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(character for character in text if unicodedata.category(character) != "Cf")
        text = unicodedata.normalize("NFKC", text.casefold())
    return text.strip().lstrip("@").strip().casefold() or None


def service_name(text: str) -> str:
    """The name of a service for comparing: case folded, blanks joined."""
    return " ".join(text.casefold().split())
