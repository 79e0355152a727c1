"""Writes a report as LEA-side CyberTip JSON, with the spellings and the ways of leaving out that real senders have."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from datetime import datetime

from grace.sdk.intake import Role
from grace.simulate.names import Provider
from grace.simulate.people import Account, Capture, home
from grace.simulate.referral import NamedFile, Referral

_UNSAID = (
    "preferredName",
    "gender",
    "preferredPronouns",
    "physicalDescription",
    "vehicleDescription",
    "vehicleTagNumber",
    "occupation",
    "ipAddress",
    "relationshipToReporter",
    "relationshipToChildVictim",
    "accessToChildVictim",
    "accessToFirearms",
    "convictedSexOffender",
    "awareOfReport",
    "gangAffiliation",
    "additionalContactInformation",
    "additionalDisabilityInformation",
    "languages",
    "races",
    "disabilities",
)

Json = Mapping[str, object]


def write(referral: Referral) -> bytes:
    """The document in UTF-8, with a byte-order mark where the provider puts one."""
    text = json.dumps(document(referral), ensure_ascii=False, indent=1)
    return text.encode("utf-8-sig" if referral.provider.marked else "utf-8")


def document(referral: Referral) -> dict[str, object]:
    """The document as JSON values, keys in the order of real exports."""
    number = referral.number
    return {
        "reportId": str(number) if referral.provider.text_numbers else number,
        "dateReceived": _utc(referral.received_at),
        "reportedInformation": {
            "reportingEsp": {"espName": referral.provider.name, "lastName": referral.division},
            "incidentSummary": {
                "incidentType": referral.incident_type,
                "incidentDateTime": _utc(referral.incident_at),
                "incidentDateTimeDescription": referral.note,
            },
            "additionalInformations": [] if referral.shows_page else [{"value": referral.text}],
            "incidentDetails": _details(referral),
            "reportedPeople": {"reportedPersons": [_person(referral, one) for one in referral.by_role(Role.REPORTED)]},
            "intendedRecipients": {"intendedRecipients": [_person(referral, one) for one in referral.by_role(Role.RECIPIENT)] or None},
            "uploadedFiles": {"uploadedFiles": [_file(referral, file) for file in referral.files]},
        },
    }


def _details(referral: Referral) -> Json | None:
    if referral.provider.incident == "mail":
        mail = {"contents": [{"value": referral.text}], "additionalInformations": []}
        return {"emailIncident": [mail], "webpageIncident": []}
    if not referral.shows_page:
        return None
    page = {"sourceInformation": {"sourceCaptures": [_bare("URL", referral.page)]}, "additionalInformations": [{"value": referral.text}]}
    return {"emailIncident": [], "webpageIncident": [page]}


def _person(referral: Referral, account: Account) -> Json:
    blank = referral.provider.blank
    return {
        "firstName": account.given or blank,
        "middleName": account.middle or blank,
        "lastName": account.family or blank,
        **dict.fromkeys(_UNSAID, blank),
        "dateOfBirth": account.born.isoformat() if account.born else blank,
        "approximateAge": blank if account.age is None else str(account.age),
        "accessToChildren": account.access or blank,
        "espService": referral.service,
        "espUserId": account.user_id,
        "screenName": {"value": account.screen_name} if account.screen_name else None,
        "emails": _wrapped("emails", account.email, verified=account.email_verified),
        "phones": _wrapped("phones", _spaced(account.phone), verified=account.phone_verified),
        "addresses": _addresses(account),
        "sourceInformation": _sources(referral, account),
        "additionalInformations": [{"value": account.bio}] if account.bio else [],
    }


def _wrapped(name: str, value: str | None, *, verified: bool | None) -> Json | None:
    return {name: [{"value": value, "verified": verified}]} if value else None


def _addresses(account: Account) -> Json | None:
    if account.street is None:
        return None
    city, country = home(account)
    line = {"street1": account.street, "street2": None, "city": city, "state": None, "postalCode": None, "country": country}
    return {"addresses": [line]}


def _sources(referral: Referral, account: Account) -> Json | None:
    captures = [_capture(referral, capture) for capture in account.captures]
    if account.device:
        captures.append(_bare("Device ID", account.device))
    if account.payment:
        captures.append(_bare("Cashtag", account.payment))
    return {"sourceCaptures": captures} if captures else None


def _bare(label: str, value: str) -> Json:
    """A capture of nothing but a mark."""
    return {"captureType": label, "value": value, "eventName": None, "dateTime": None, "port": None}


def _capture(referral: Referral, capture: Capture) -> Json:
    port = None if capture.port is None else str(capture.port) if referral.provider.text_ports else capture.port
    at = None if capture.at is None else _zoneless(capture.at) if referral.zoneless else _utc(capture.at)
    return {
        "captureType": "IP Address",
        "value": spelled(capture.ip, referral.provider),
        "eventName": capture.event,
        "dateTime": at,
        "port": port,
    }


def _file(referral: Referral, file: NamedFile) -> Json:
    return {
        "filename": file.name,
        "originalFilename": file.original_name,
        "submittalId": file.file_id,
        "verificationHash": file.digests.md5,
        "viewedByEsp": file.viewed,
        "industryClassification": file.category,
        "ncmecTags": {"groups": [{"tags": [{"value": tag} for tag in file.tags]}]} if file.tags else None,
        "sourceInformation": {"sourceCaptures": [_capture(referral, file.capture)]} if file.capture else None,
        "espMetadata": None,
        "additionalInformations": [],
    }


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _zoneless(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _spaced(phone: str | None) -> str | None:
    """Every other telephone number with spaces, as people write them."""
    return f"{phone[:3]} {phone[3:6]} {phone[6:]}" if phone and int(phone[-1]) % 2 else phone


def spelled(ip: str, provider: Provider) -> str:
    """IPv6 addresses in full and upper case at providers that write ports as text; as they are elsewhere."""
    if ":" in ip and provider.text_ports:
        return ipaddress.IPv6Address(ip).exploded.upper()
    return ip
