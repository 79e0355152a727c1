"""Writes a report as our own JSON (schema in ``docs/reference/report.schema.json``): a place for everything that this world knows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone

from grace.simulate.lea_json import spelled
from grace.simulate.people import Account, Capture, home
from grace.simulate.referral import NamedFile, Referral

Json = Mapping[str, object]

_ISSUER = "NCMEC"
"""Who gave the number that the other forms of the report carry too."""


def write(referral: Referral) -> bytes:
    """The document in UTF-8; times with the provider's own offset from UTC."""
    return json.dumps(document(referral), ensure_ascii=False, indent=1).encode()


def document(referral: Referral) -> Json:
    """The document as JSON values; what the sender does not say is left out."""
    page = [{"kind": "url", "value": referral.page}] if referral.shows_page else []
    return _stated(
        grace_report=1,
        issuer=_ISSUER,
        number=referral.number,
        sender=referral.provider.name,
        service=referral.division,
        received=_utc(referral.received_at),
        incident=_stated(type=referral.incident_type, at=_local(referral.incident_at, referral.provider.zone), time_note=referral.note),
        escalated=referral.escalation,
        annotations=list(referral.annotations) or None,
        bundled=referral.bundled,
        persons=[*(_person(referral, account) for account in referral.accounts), _desk(referral)],
        files=[_file(referral, file) for file in referral.files],
        identifiers=page or None,
        prior_numbers=list(dict.fromkeys(number for account in referral.accounts for number in account.earlier)) or None,
        passages=[{"about": "note", "text": referral.text}],
    )


def _stated(**said: object) -> dict[str, object]:
    return {name: value for name, value in said.items() if value is not None}


def _person(referral: Referral, account: Account) -> Json:
    street, city, country = (account.street, *home(account)) if account.street else (None, None, None)
    fields = _stated(
        first_name=account.given,
        middle_name=account.middle,
        last_name=account.family,
        date_of_birth=account.born.isoformat() if account.born else None,
        age=account.age,
        service=referral.service,
        access_to_children=account.access,
        address_street=street,
        address_city=city,
        address_country=country,
    )
    passages = [{"about": "bio", "text": account.bio}] if account.bio else None
    return _stated(role=account.role.value, fields=fields, identifiers=list(_identifiers(referral, account)), passages=passages)


def _desk(referral: Referral) -> Json:
    """The person who reports, the same as in every report of the provider."""
    mail = {"kind": "email", "value": f"safety@{referral.provider.domain}"}
    return {"role": "sender", "fields": {"first_name": "Safety", "last_name": "Desk"}, "identifiers": [mail]}


def _identifiers(referral: Referral, account: Account) -> Iterator[Json]:
    yield {"kind": "user_id", "value": account.user_id, "service": referral.service}
    if account.screen_name:
        yield {"kind": "screen_name", "value": account.screen_name, "service": referral.service}
    if account.email:
        yield {"kind": "email", "value": account.email, "verified": account.email_verified}
    if account.phone:
        yield {"kind": "phone", "value": account.phone, "verified": account.phone_verified}
    for capture in account.captures:
        yield _capture(referral, capture)
    if account.device:
        yield {"kind": "device", "value": account.device, "label": "Example device number"}
    if account.payment:
        yield {"kind": "payment", "value": account.payment, "label": "Example payment name"}


def _capture(referral: Referral, capture: Capture) -> Json:
    at = None if capture.at is None else f"{capture.at:%Y-%m-%dT%H:%M:%S}" if referral.zoneless else _utc(capture.at)
    return _stated(kind="ip", value=spelled(capture.ip, referral.provider), event=capture.event, at=at, port=capture.port)


def _file(referral: Referral, file: NamedFile) -> Json:
    digests = {kind: value for kind in referral.named if (value := getattr(file.digests, kind)) is not None}
    return _stated(
        name=file.name,
        original_name=file.original_name,
        sender_file_id=file.file_id,
        digests=digests,
        viewed=file.viewed,
        publicly_available=file.public,
        classification=file.category,
        relevance=file.relevance,
        uploaded_at=_utc(file.uploaded_at) if file.uploaded_at else None,
        tags=list(file.marks) or None,
        identifiers=[_capture(referral, file.capture)] if file.capture else None,
    )


def _utc(moment: datetime) -> str:
    return _local(moment, 0)


def _local(moment: datetime, hours: int) -> str:
    return moment.astimezone(timezone(timedelta(hours=hours))).isoformat()
