"""The whole document to a :class:`Report`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grace.intake.formats.json_leaves import Walk
from grace.intake.formats.json_values import members, stated, wrapped
from grace.intake.formats.lea_json.files import read_file
from grace.intake.formats.lea_json.incident import read_incident
from grace.intake.formats.lea_json.people import read_person
from grace.intake.formats.lea_json.quirks import Quirk, Said, quirk_of
from grace.intake.formats.lea_json.schema import DOCUMENT
from grace.intake.formats.room import Room
from grace.sdk.intake import Attachment, Leaf, Note, Person, Report, Role, Unreadable

FORMAT_NAME = "lea-json"
ISSUER = "NCMEC"
"""Who numbers the reports; the sender is the provider."""

_INFORMATION = "$.reportedInformation"
_PEOPLE = ((Role.REPORTED, "reportedPeople", "reportedPersons"), (Role.RECIPIENT, "intendedRecipients", "intendedRecipients"))


def read_document(tree: dict[str, object], room: Room) -> Report:
    """What the document says. Raises :class:`Unreadable` where it is no report at all."""
    information = tree.get("reportedInformation")
    if not isinstance(information, dict):
        raise Unreadable("no-report", "The JSON document has no object reportedInformation, so it is no report.")
    walk = Walk(room)
    walk.document(tree, DOCUMENT)
    esp = members(information.get("reportingEsp"))
    sender = stated(esp.get("espName")) or ""
    quirk = quirk_of(sender)
    report = _report(tree, information, sender, quirk, tuple(walk.leaves))
    notes = (*_notes(report), *walk.notes, *_remarks(report, quirk))
    return replace(report, notes=notes) if notes else report


def _report(tree: dict[str, object], information: dict[str, object], sender: str, quirk: Quirk, leaves: tuple[Leaf, ...]) -> Report:
    summary = members(information.get("incidentSummary"))
    incident = read_incident(information, sender, quirk)
    persons = tuple(_persons(information, sender, quirk))
    persons, incident = _handed_over(persons, incident)
    last_name = stated(members(information.get("reportingEsp")).get("lastName"))
    return Report(
        FORMAT_NAME,
        ISSUER,
        stated(tree.get("reportId")),
        sender,
        service=last_name if quirk.last_name_is_service else None,
        received_at=stated(tree.get("dateReceived")),
        incident_type=stated(summary.get("incidentType")),
        incident_at=stated(summary.get("incidentDateTime")),
        incident_time_note=stated(summary.get("incidentDateTimeDescription")),
        facts={**incident.fields, **({"reporting_esp_last_name": last_name} if last_name else {})},
        persons=persons,
        attachments=tuple(_files(information, sender, quirk)),
        claims=incident.claims,
        passages=incident.passages,
        leaves=leaves,
        always_utc=True,
    )


def _persons(information: dict[str, object], sender: str, quirk: Quirk) -> Iterator[Person]:
    for role, outer, inner in _PEOPLE:
        for below, item in wrapped(information, outer, inner):
            if isinstance(item, dict):
                yield read_person(item, role, _INFORMATION + below, sender, quirk)


def _files(information: dict[str, object], sender: str, quirk: Quirk) -> Iterator[Attachment]:
    for below, item in wrapped(information, "uploadedFiles", "uploadedFiles"):
        if isinstance(item, dict):
            yield read_file(item, _INFORMATION + below, sender, quirk)


def _handed_over(persons: tuple[Person, ...], incident: Said) -> tuple[tuple[Person, ...], Said]:
    """Give report-level text to the reported person where the provider writes it so, and only one is reported."""
    reported = [index for index, person in enumerate(persons) if person.role is Role.REPORTED]
    subject = incident.subject
    if subject is None or len(reported) > 1:
        return persons, incident if subject is None else incident.joined(subject)
    if not reported:
        person = Person(Role.REPORTED, f"{_INFORMATION}.additionalInformations", subject.fields, subject.claims, subject.passages)
        return (person, *persons), incident
    person = persons[reported[0]]
    richer = replace(
        person,
        fields={**subject.fields, **person.fields},
        claims=(*person.claims, *subject.claims),
        passages=(*person.passages, *subject.passages),
    )
    return (*persons[: reported[0]], richer, *persons[reported[0] + 1 :]), incident


def _remarks(report: Report, quirk: Quirk) -> Iterator[Note]:
    return (remark.note for remark in quirk.remarks if remark.of(report))


def _notes(report: Report) -> Iterator[Note]:
    if report.number is None:
        yield Note("number-missing", "$.reportId", "The document carries no report number.")
    if not report.sender:
        yield Note("sender-missing", f"{_INFORMATION}.reportingEsp.espName", "The document does not name its sender.")
