"""Writes a report as CyberTipline XML: ``report.xml``, one ``fileDetails_n.xml`` for each file; children in the schema's order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from hashlib import blake2b
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from grace.sdk.intake import Role
from grace.simulate.lea_json import spelled
from grace.simulate.people import Account, Capture, home
from grace.simulate.referral import NamedFile, Referral

_SCHEMA = "https://report.cybertip.org/ispws/xsd"
_TAGS = {
    Role.REPORTED: ("personOrUserReported", "personOrUserReportedPerson"),
    Role.RECIPIENT: ("intendedRecipient", "intendedRecipientPerson"),
    Role.VICTIM: ("victim", "victimPerson"),
}


def write(referral: Referral) -> Iterator[tuple[str, bytes]]:
    """The documents by name; the files themselves are not among them."""
    yield "report.xml", _octets(_report(referral))
    for position, file in enumerate(referral.files, 1):
        yield f"fileDetails_{position}.xml", _octets(_file_details(referral, file))


def _octets(root: Element) -> bytes:
    root.set("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
    root.set("xsi:noNamespaceSchemaLocation", _SCHEMA)
    indent(root)
    return bytes(tostring(root, encoding="UTF-8", xml_declaration=True))


def _add(parent: Element, tag: str, value: object = None, **attributes: str) -> Element:
    """A child with a text; nothing is written for None."""
    if value is None:
        return parent
    child = SubElement(parent, tag, attributes)
    child.text = str(value).lower() if isinstance(value, bool) else str(value)
    return child


def _report(referral: Referral) -> Element:
    root = Element("report")
    if referral.bundled:
        SubElement(root, "batchedReport", reason="VIRAL_POTENTIAL_MEME")
    _summary(root, referral)
    _internet_details(root, referral)
    _reporter(root, referral)
    for role in (Role.REPORTED, Role.RECIPIENT, Role.VICTIM):
        for account in referral.by_role(role):
            _account(root, referral, account)
    return root


def _summary(root: Element, referral: Referral) -> None:
    summary = SubElement(root, "incidentSummary")
    _add(summary, "incidentType", referral.incident_type)
    _add(summary, "platform", referral.provider.name)
    _add(summary, "escalateToHighPriority", referral.escalation)
    if referral.annotations:
        flags = SubElement(summary, "reportAnnotations")
        for annotation in referral.annotations:
            SubElement(flags, annotation)
    _add(summary, "incidentDateTime", _local(referral.incident_at, referral.provider.zone))
    _add(summary, "incidentDateTimeDescription", referral.note)


def _internet_details(root: Element, referral: Referral) -> None:
    details = SubElement(root, "internetDetails")
    kind = referral.provider.incident
    if kind == "web":
        page = SubElement(details, "webPageIncident")
        _add(page, "url", referral.page)
        _add(page, "additionalInfo", referral.text)
    elif kind == "mail":
        _add(SubElement(details, "emailIncident"), "content", referral.text)
    elif kind == "game":
        game = SubElement(details, "onlineGamingIncident")
        _add(game, "gameName", "Example Regatta")
        _add(game, "content", referral.text)
    elif kind == "phone":
        _add(SubElement(details, "cellPhoneIncident"), "additionalInfo", referral.text)
    else:
        chat = SubElement(details, "chatImIncident")
        _add(chat, "chatClient", referral.provider.name)
        _add(chat, "content", referral.text)


def _reporter(root: Element, referral: Referral) -> None:
    reporter = SubElement(root, "reporter")
    person = SubElement(reporter, "reportingPerson")
    _add(person, "firstName", "Safety")
    _add(person, "lastName", "Desk")
    _add(person, "email", f"safety@{referral.provider.domain}", type="Business")
    _add(reporter, "legalURL", f"https://{referral.provider.domain}/legal")


def _account(root: Element, referral: Referral, account: Account) -> None:
    tag, person_tag = _TAGS[account.role]
    node = SubElement(root, tag)
    _person(SubElement(node, person_tag), account)
    _add(node, "espIdentifier", account.user_id)
    _add(node, "espService", referral.service)
    _add(node, "screenName", account.screen_name)
    for capture in account.captures:
        _capture(node, referral, capture)
    if account.device:
        device = SubElement(node, "deviceId")
        _add(device, "idType", "Example device number")
        _add(device, "idValue", account.device)
    for number in account.earlier:
        _add(node, "priorCTReports", number)
    if account.street and account.role is not Role.VICTIM:
        place, country = home(account)
        location = SubElement(node, "estimatedLocation", verified="false")
        _add(location, "city", place)
        _add(location, "countryCode", country)
    _add(node, "additionalInfo", account.bio)


def _person(node: Element, account: Account) -> None:
    _add(node, "firstName", account.given)
    _add(node, "lastName", account.family)
    _add(node, "phone", account.phone, type="Mobile", **_verified(flag=account.phone_verified))
    _add(node, "email", account.email, type="Home", **_verified(flag=account.email_verified))
    if account.street:
        place, country = home(account)
        address = SubElement(node, "address", type="Home")
        _add(address, "address", account.street)
        _add(address, "city", place)
        _add(address, "country", country)
    _add(node, "age", account.age)
    _add(node, "dateOfBirth", account.born.isoformat() if account.born else None)


def _verified(*, flag: bool | None) -> dict[str, str]:
    return {} if flag is None else {"verified": str(flag).lower()}


def _capture(node: Element, referral: Referral, capture: Capture) -> None:
    event = SubElement(node, "ipCaptureEvent")
    _add(event, "ipAddress", spelled(capture.ip, referral.provider))
    _add(event, "eventName", capture.event.capitalize() if capture.event else None)
    at = capture.at
    _add(event, "dateTime", None if at is None else f"{at:%Y-%m-%dT%H:%M:%S}" if referral.zoneless else _local(at, 0))
    _add(event, "possibleProxy", capture.proxy)
    _add(event, "port", capture.port)


def _file_details(referral: Referral, file: NamedFile) -> Element:
    root = Element("fileDetails")
    _add(root, "reportId", referral.number)
    _add(root, "fileId", file.file_id or blake2b(f"{referral.number}/{file.name}".encode(), digest_size=16).hexdigest())
    _add(root, "fileName", file.name)
    _add(root, "originalFileName", file.original_name)
    _add(root, "uploadedToEspTimestamp", _local(file.uploaded_at, 0) if file.uploaded_at else None)
    _add(root, "fileViewedByEsp", file.viewed)
    _add(root, "publiclyAvailable", file.public)
    _add(root, "fileRelevance", file.relevance)
    if file.marks:
        flags = SubElement(root, "fileAnnotations")
        for mark in file.marks:
            SubElement(flags, mark)
    _add(root, "industryClassification", file.category)
    for kind in referral.named:
        _add(root, "originalFileHash", getattr(file.digests, kind), hashType=kind.upper())
    if file.capture:
        _capture(root, referral, file.capture)
    return root


def _local(moment: datetime, hours: int) -> str:
    """The moment with its offset from UTC; ``Z`` where there is none."""
    if hours == 0:
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.astimezone(timezone(timedelta(hours=hours))).isoformat()
