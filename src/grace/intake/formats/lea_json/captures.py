"""Source captures: an address, a URL or another mark that the provider caught, with event, time and port."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grace.identifiers import normal
from grace.intake.formats.json_values import stated, wrapped
from grace.sdk.intake import Claim, Kind

_IP = re.compile(r"\bips?\b", re.IGNORECASE)
_PAYMENT = re.compile(r"\b(?:cash ?tag|iban|wallet|payment (?:account|address|name|id))\b", re.IGNORECASE)
_KINDS: tuple[tuple[str, Kind], ...] = (
    ("url", Kind.URL),
    ("device", Kind.DEVICE),
    ("imei", Kind.DEVICE),
    ("email", Kind.EMAIL),
    ("e-mail", Kind.EMAIL),
    ("phone", Kind.PHONE),
    ("screen name", Kind.SCREEN_NAME),
    ("screenname", Kind.SCREEN_NAME),
    ("username", Kind.SCREEN_NAME),
    ("user id", Kind.USER_ID),
)


def captures(holder: object, path: str, service: str | None) -> Iterator[Claim]:
    """The captures of a person, file or web page; those whose value is not stated are left to the leaves."""
    for below, item in wrapped(holder, "sourceInformation", "sourceCaptures"):
        value = stated(item.get("value")) if isinstance(item, dict) else None
        if value is not None and isinstance(item, dict):
            yield _claim(item, value, f"{path}{below}", service)


def _claim(item: dict[str, object], value: str, path: str, service: str | None) -> Claim:
    label = stated(item.get("captureType"))
    kind = _kind(label, value)
    return Claim(
        kind,
        value,
        f"{path}.value",
        event=stated(item.get("eventName")),
        at=stated(item.get("dateTime")),
        port=stated(item.get("port")),
        service=service if kind in {Kind.USER_ID, Kind.SCREEN_NAME} else None,
        label=label,
    )


def _kind(label: str | None, value: str) -> Kind:
    """The kind that the sender's label names; without a label only an address speaks for itself."""
    if label == "IP Address":
        return Kind.IP
    if label is None:
        return Kind.IP if normal(Kind.IP, value) else Kind.OTHER
    folded = label.lower()
    named = next((kind for word, kind in _KINDS if word in folded), None)
    return named or next((kind for words, kind in ((_IP, Kind.IP), (_PAYMENT, Kind.PAYMENT)) if words.search(label)), Kind.OTHER)


def first_time(holder: object) -> str | None:
    """The time of the first capture, whatever it caught: that is when a file was uploaded, with most providers."""
    for _, item in wrapped(holder, "sourceInformation", "sourceCaptures"):
        return stated(item.get("dateTime")) if isinstance(item, dict) else None
    return None


def time_of_event(holder: object, event: str) -> str | None:
    """The time of the first capture with this event, compared without case."""
    for _, item in wrapped(holder, "sourceInformation", "sourceCaptures"):
        if isinstance(item, dict) and (stated(item.get("eventName")) or "").strip().casefold() == event.casefold():
            return stated(item.get("dateTime"))
    return None
