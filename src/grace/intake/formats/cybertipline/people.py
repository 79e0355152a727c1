"""Persons and accounts: reported, recipients, victims, associated accounts and those who report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grace.intake.formats.cybertipline.document import Node
from grace.sdk.intake import Claim, Kind, Passage, Person, Role

_SNAKE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_FIELDS = {
    "approximateAge": "age",
    "espService": "service",
    "address_address": "address_street",
    "address_zipCode": "address_postal_code",
    "address_nonUsaState": "address_state",
}
"""Names that differ from the element's own; those of an address are the same in every format."""
_TEXTS = {"profileBio": "bio", "additionalInfo": "note"}
_INNER = frozenset({"personOrUserReportedPerson", "intendedRecipientPerson", "victimPerson"})
_PRIOR = frozenset({"priorCTReports", "priorCTReport"})
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def snake(name: str) -> str:
    """``disabledDate`` becomes ``disabled_date``."""
    return _SNAKE.sub("_", name).lower()


def truth(text: str | None) -> bool | None:
    """True, False or None (not stated)."""
    return _TRUTH.get(text.strip().lower()) if text is not None else None


def persons(node: Node, role: Role, platform: str | None) -> Iterator[Person]:
    """The person or account, and then the accounts associated with it."""
    inner = next((child for child in node.children if child.name in _INNER), None)
    service = node.value("espService") or platform
    fields: dict[str, str] = {}
    claims: list[Claim] = []
    for part in (inner, node):
        if part is not None:
            flatten(part, fields)
            claims += claims_of(part, service)
    passages = tuple(
        Passage(child.text, child.path, _TEXTS[child.name]) for child in node.children if child.name in _TEXTS and child.stated()
    )
    yield Person(role, node.path, fields, tuple(claims), passages)
    for account in node.all("associatedAccount"):
        yield from persons(account, Role.ASSOCIATED, account.value("platform"))


def prior_numbers(node: Node) -> Iterator[str]:
    """Earlier reports that the sender names, here and in associated accounts."""
    for child in node.children:
        if child.name in _PRIOR and child.stated():
            yield child.text.strip()
        elif child.name == "associatedAccount":
            yield from prior_numbers(child)


def flatten(node: Node, fields: dict[str, str], prefix: str = "") -> None:
    """Put every statement that is no claim, text or person of its own into fields, under snake_case names."""
    for name, value in node.attributes.items():
        if not name.startswith("xsi:"):
            _put(fields, f"{prefix}{snake(name)}" if prefix else f"{snake(node.name)}_{snake(name)}", value)
    for child in node.children:
        if child.name in _CLAIMED or child.name in _TEXTS or child.name in _INNER or child.name == "associatedAccount":
            continue
        key = _FIELDS.get(prefix + child.name) or prefix + _FIELDS.get(child.name, snake(child.name))
        if child.stated() and not child.children:
            _put(fields, key, child.text.strip())
        if child.children or child.attributes:
            flatten(child, fields, f"{key}_")


def _put(fields: dict[str, str], key: str, value: str) -> None:
    name, count = key, 1
    while name in fields:
        count += 1
        name = f"{key}_{count}"
    fields[name] = value


def claims_of(node: Node, service: str | None) -> Iterator[Claim]:
    """The identifiers among the children of a person, account, file or incident."""
    for child in node.children:
        if child.name == "ipCaptureEvent":
            yield from _address(child)
        elif child.name == "deviceId":
            yield from _device(child)
        elif child.name in _SIMPLE and child.stated():
            kind, label = _SIMPLE[child.name]
            owner = service if kind in {Kind.USER_ID, Kind.SCREEN_NAME} else None
            yield _contact(child, kind, owner, label)


_SIMPLE: dict[str, tuple[Kind, str | None]] = {
    "email": (Kind.EMAIL, None),
    "emailAddress": (Kind.EMAIL, None),
    "phone": (Kind.PHONE, None),
    "phoneNumber": (Kind.PHONE, None),
    "espIdentifier": (Kind.USER_ID, None),
    "screenName": (Kind.SCREEN_NAME, None),
    "url": (Kind.URL, None),
    "profileUrl": (Kind.URL, "Profile URL"),
    "locationOfFile": (Kind.URL, "File URL"),
}
_CLAIMED = frozenset({"ipCaptureEvent", "deviceId", *_SIMPLE})


def _contact(node: Node, kind: Kind, service: str | None, label: str | None) -> Claim:
    facts = {snake(name): value for name, value in node.attributes.items() if name != "verified"}
    return Claim(
        kind, node.text.strip(), node.path, verified=truth(node.attributes.get("verified")), service=service, label=label, facts=facts
    )


def _address(node: Node) -> Iterator[Claim]:
    address = node.one("ipAddress")
    if address is not None and address.stated():
        proxy = node.value("possibleProxy")
        yield Claim(
            Kind.IP,
            address.text.strip(),
            address.path,
            event=node.value("eventName"),
            at=node.value("dateTime"),
            port=node.value("port"),
            facts={"possible_proxy": proxy} if proxy else {},
        )


def _device(node: Node) -> Iterator[Claim]:
    value = node.one("idValue")
    if value is not None and value.stated():
        yield Claim(
            Kind.DEVICE,
            value.text.strip(),
            value.path,
            event=node.value("eventName"),
            at=node.value("dateTime"),
            label=node.value("idType"),
        )
