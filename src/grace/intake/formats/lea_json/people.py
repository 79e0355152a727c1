"""Reported persons and intended recipients: one shape, two parts."""

from __future__ import annotations

from collections.abc import Iterator

from grace.intake.formats.json_values import members, notes, stated, truth, wrapped
from grace.intake.formats.lea_json.captures import captures
from grace.intake.formats.lea_json.quirks import Quirk
from grace.intake.formats.lea_json.schema import ADDRESS_FIELDS, PERSON_FIELDS, PERSON_LISTS
from grace.sdk.intake import Claim, Kind, Person, Role


def read_person(holder: dict[str, object], role: Role, path: str, sender: str, quirk: Quirk) -> Person:
    """One person; ``sender`` is the service of the accounts where the person names none."""
    fields = _fields(holder)
    service = fields.get("service", sender) or None
    claims = [*_accounts(holder, path, service), *_contacts(holder, path), *captures(holder, path, service)]
    texts = [(path + below, text) for below, text in notes(holder)]
    more = quirk.person(texts)
    profile = next((claim.value for claim in claims if claim.label == "Profile URL"), None)
    if profile:
        fields["profile_url"] = profile
    return Person(role, path, fields | more.fields, (*claims, *more.claims), more.passages)


def _fields(holder: dict[str, object]) -> dict[str, str]:
    fields = {}
    for key, name in PERSON_FIELDS.items():
        text = stated(holder.get(key))
        if text is not None:
            fields[name] = text
    for key, name in PERSON_LISTS.items():
        texts = [text for _, item in wrapped(holder, key) if (text := stated(item)) is not None]
        if texts:
            fields[name] = "; ".join(texts)
    for index, (_, address) in enumerate(wrapped(holder, "addresses", "addresses")):
        fields |= _address(members(address), f"address_{index + 1}" if index else "address")
    return fields


def _address(holder: dict[str, object], prefix: str) -> dict[str, str]:
    parts = ((name, stated(holder.get(key))) for key, name in ADDRESS_FIELDS.items())
    return {f"{prefix}_{name}": text for name, text in parts if text is not None}


def _accounts(holder: dict[str, object], path: str, service: str | None) -> Iterator[Claim]:
    user_id = stated(holder.get("espUserId"))
    if user_id is not None:
        yield Claim(Kind.USER_ID, user_id, f"{path}.espUserId", service=service)
    screen_name = holder.get("screenName")
    wrapped_name = isinstance(screen_name, dict)
    name = stated(members(screen_name).get("value") if wrapped_name else screen_name)
    if name is not None:
        yield Claim(Kind.SCREEN_NAME, name, f"{path}.screenName{'.value' if wrapped_name else ''}", service=service)
    address = stated(holder.get("ipAddress"))
    if address is not None:
        yield Claim(Kind.IP, address, f"{path}.ipAddress")


def _contacts(holder: dict[str, object], path: str) -> Iterator[Claim]:
    for name, kind in (("emails", Kind.EMAIL), ("phones", Kind.PHONE)):
        for below, item in wrapped(holder, name, name):
            value = stated(item.get("value") if isinstance(item, dict) else item)
            if value is not None:
                yield _contact(kind, value, path + below, item)


def _contact(kind: Kind, value: str, path: str, item: object) -> Claim:
    if not isinstance(item, dict):
        return Claim(kind, value, path)
    said = item.get("verified")
    verified = truth(said)
    words = stated(said) if verified is None else None
    return Claim(kind, value, f"{path}.value", verified=verified, facts={"verified": words} if words else {})
