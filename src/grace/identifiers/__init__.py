"""One normal spelling for e-mail, phone, IP, URL, handle and device, and finding them in text: pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grace.identifiers.accounts import normal_screen_name, normal_user_id, service_name
from grace.identifiers.addresses import normal_ip
from grace.identifiers.devices import normal_device
from grace.identifiers.mail import normal_email
from grace.identifiers.payments import normal_payment
from grace.identifiers.phones import normal_phone
from grace.identifiers.urls import normal_url
from grace.sdk.intake import Kind

__all__ = ["LONGEST", "normal", "service_name"]

LONGEST = 4096
"""Characters; no identifier is longer, and a longer text is not searched for one."""

_BY_KIND: Mapping[Kind, Callable[[str], str | None]] = {
    Kind.EMAIL: normal_email,
    Kind.IP: normal_ip,
    Kind.URL: normal_url,
    Kind.SCREEN_NAME: normal_screen_name,
    Kind.DEVICE: normal_device,
    Kind.PAYMENT: normal_payment,
}


def normal(kind: Kind, value: str, *, service: str | None = None, region: str | None = None) -> str | None:
    """The one normal spelling of ``value``, or None where it is no such identifier.

    Two spellings of one identifier give the same text, and the normal spelling of a normal spelling is itself.
    ``region`` (ISO 3166 alpha-2, or a calling code as ``+44``) reads phone numbers that are written without ``+``.
    ``service`` tells what a user id is made of (with some it is a phone number); accounts are compared by the pair of
    service and value.
    """
    if len(value) > LONGEST:
        return None
    if kind is Kind.PHONE:
        return normal_phone(value, region)
    if kind is Kind.USER_ID:
        return normal_user_id(value, service)
    reader = _BY_KIND.get(kind)
    return reader(value) if reader else value.strip() or None
