"""What somebody typed, read as an identifier: which kinds it is by its shape, each in the one normal spelling."""

from __future__ import annotations

import re

from grace.identifiers import normal
from grace.identifiers.devices import is_device
from grace.identifiers.payments import is_payment
from grace.sdk.intake import Kind

_ABROAD = re.compile(r"^00(?=[1-9])")
_LEAST_DIGITS = 7
_HANDLE = re.compile(r"@\S{2,64}")


def kinds_of(text: str, region: str | None = None) -> dict[Kind, str]:
    """The kinds whose shape the text has, with the normal spelling of each; ``region`` reads a national telephone number.

    A word without a shape may be a user id, a screen name or anything else: it is none of these.
    """
    text = text.strip()
    found = {kind: spelling for kind in (Kind.EMAIL, Kind.IP, Kind.URL) if (spelling := normal(kind, text))}
    phone = _phone(text, region)
    if phone and not found:
        found[Kind.PHONE] = phone
    for kind, has_shape in ((Kind.DEVICE, is_device), (Kind.PAYMENT, is_payment)):
        if has_shape(text) and (spelling := normal(kind, text)):
            found[kind] = spelling
    if _HANDLE.fullmatch(text) and (handle := normal(Kind.SCREEN_NAME, text)):
        found[Kind.SCREEN_NAME] = handle
    return found


def _phone(text: str, region: str | None) -> str | None:
    if sum(each.isdigit() for each in text) < _LEAST_DIGITS:
        return None
    return (
        normal(Kind.PHONE, text)
        or normal(Kind.PHONE, _ABROAD.sub("+", text))
        or (normal(Kind.PHONE, text, region=region) if region else None)
    )
