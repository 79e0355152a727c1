"""What a report can say, field by field: the names by which formats tell what they can carry, and documents are compared.

A format's ``carries`` lists the fields for which it has a place. What a document does not say in such a field is left
out by its sender; what it does not say in any other field was never asked, and is never held against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from grace.sdk.intake import Attachment, Claim, Kind, Person, Report, Role

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "report.issuer": "who numbers the report",
        "report.number": "the number that names the report for good",
        "report.sender": "the provider, hotline or agency that reports",
        "report.service": "the sender's service, where it is narrower than the sender",
        "report.received": "when the issuer received the report",
        "report.incident_type": "the sender's type of incident",
        "report.incident_at": "when it happened",
        "report.incident_time_note": "what the sender says of that time",
        "report.escalated": "that the sender calls it urgent, and why",
        "report.annotations": "the sender's marks on the report",
        "report.bundled": "that one report stands for many",
        "report.prior_numbers": "earlier reports that the sender names",
        "report.identifiers": "identifiers may stand at the report itself",
        "person.role": "the part of a person; reported persons can be named",
        "person.recipient": "recipients can be named",
        "person.victim": "victims can be named",
        "person.sender": "persons who report can be named",
        "person.associated": "associated accounts can be named",
        "person.first_name": "first name",
        "person.middle_name": "middle name",
        "person.last_name": "last name",
        "person.date_of_birth": "date of birth",
        "person.age": "age in years",
        "person.address": "postal address",
        "person.passage": "free text about a person",
        "email": "e-mail address",
        "email.verified": "whether the sender verified it",
        "phone": "telephone number",
        "phone.verified": "whether the sender verified it",
        "ip": "IP address",
        "ip.event": "what was done from it",
        "ip.at": "when",
        "ip.port": "from which port",
        "url": "address on the web",
        "user_id": "number of an account",
        "screen_name": "name of an account",
        "service": "the service at which an account stands",
        "device": "device",
        "payment": "account for payments",
        "file.name": "name of a file in the package",
        "file.original_name": "name of a file at its uploader",
        "file.sender_file_id": "the sender's own number of a file",
        "file.md5": "MD5 of a file",
        "file.sha1": "SHA-1 of a file",
        "file.sha256": "SHA-256 of a file",
        "file.pdq": "PDQ fingerprint of a file",
        "file.viewed": "whether the sender viewed the whole file",
        "file.publicly_available": "whether the file was open to the public",
        "file.classification": "the sender's class of a file",
        "file.relevance": "what the file is to the report",
        "file.uploaded_at": "when the file was uploaded",
        "file.tags": "marks on a file",
        "file.identifiers": "identifiers may stand at a file",
        "passage": "free text of the report",
    }
)
"""Every field and what it means, in the order in which officers read a report."""

DIGESTS = ("md5", "sha1", "sha256", "pdq")
NAMES = ("first_name", "middle_name", "last_name", "date_of_birth", "age")
VERIFIED = frozenset({Kind.EMAIL, Kind.PHONE})
ACCOUNTS = frozenset({Kind.USER_ID, Kind.SCREEN_NAME})
BOILERPLATE = "boilerplate"
"""What a passage is about that says nothing of the incident."""


def stated(report: Report) -> frozenset[str]:
    """The fields in which the report states something: never more than its format carries."""
    return frozenset(
        {
            *_of_report(report),
            *(name for person in report.persons for name in _of_person(person)),
            *(name for file in report.attachments for name in _of_file(file)),
        }
    )


def _of_report(report: Report) -> Iterator[str]:
    said: Mapping[str, object] = {
        "report.issuer": report.issuer,
        "report.number": report.number,
        "report.sender": report.sender,
        "report.service": report.service if report.service != report.sender else None,
        "report.received": report.received_at,
        "report.incident_type": report.incident_type,
        "report.incident_at": report.incident_at,
        "report.incident_time_note": report.incident_time_note,
        "report.escalated": report.escalated is not None,
        "report.annotations": report.annotations,
        "report.bundled": report.bundled,
        "report.prior_numbers": report.prior_numbers,
        "report.identifiers": report.claims,
        "passage": any(each.about != BOILERPLATE for each in report.passages),
    }
    yield from (name for name, value in said.items() if value)
    yield from _of_claims(report.claims)


def _of_person(person: Person) -> Iterator[str]:
    yield "person.role" if person.role is Role.REPORTED else f"person.{person.role.value}"
    yield from (f"person.{name}" for name in NAMES if person.fields.get(name))
    if any(name.startswith("address") for name in person.fields):
        yield "person.address"
    if any(each.about != BOILERPLATE for each in person.passages):
        yield "person.passage"
    yield from _of_claims(person.claims)


def _of_file(file: Attachment) -> Iterator[str]:
    said: Mapping[str, object] = {
        "name": file.name,
        "original_name": file.original_name,
        "sender_file_id": file.sender_file_id,
        **{name: file.digests.get(name) for name in DIGESTS},
        "viewed": file.viewed is not None,
        "publicly_available": file.publicly_available is not None,
        "classification": file.classification,
        "relevance": file.relevance,
        "uploaded_at": file.uploaded_at,
        "tags": file.tags,
        "identifiers": file.claims,
    }
    yield from (f"file.{name}" for name, value in said.items() if value)
    yield from _of_claims(file.claims)


def _of_claims(claims: Iterable[Claim]) -> Iterator[str]:
    for claim in claims:
        if claim.kind is Kind.OTHER or claim.mined:
            continue
        yield claim.kind.value
        if claim.kind in VERIFIED and claim.verified is not None:
            yield f"{claim.kind.value}.verified"
        if claim.kind in ACCOUNTS and claim.service:
            yield "service"
        if claim.kind is Kind.IP:
            parts = (("event", claim.event), ("at", claim.at), ("port", claim.port))
            yield from (f"ip.{name}" for name, value in parts if value)
