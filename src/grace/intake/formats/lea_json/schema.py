"""The keys of the document that are known, as data: what stands elsewhere is kept and shown as unknown."""

from __future__ import annotations

from collections.abc import Mapping

from grace.intake.formats.json_leaves import Shape

VALUE = Shape()


def _object(*values: str, **shapes: Shape) -> Shape:
    return Shape(members=dict.fromkeys(values, VALUE) | shapes)


def _list(items: Shape) -> Shape:
    return Shape(items=items)


def _wrapped(name: str, items: Shape) -> Shape:
    return _object(**{name: _list(items)})


PERSON_FIELDS: Mapping[str, str] = {
    "firstName": "first_name",
    "middleName": "middle_name",
    "lastName": "last_name",
    "preferredName": "preferred_name",
    "gender": "gender",
    "preferredPronouns": "pronouns",
    "dateOfBirth": "date_of_birth",
    "approximateAge": "age",
    "physicalDescription": "physical_description",
    "vehicleDescription": "vehicle_description",
    "vehicleTagNumber": "vehicle_tag_number",
    "occupation": "occupation",
    "espService": "service",
    "relationshipToReporter": "relationship_to_reporter",
    "relationshipToChildVictim": "relationship_to_child_victim",
    "accessToChildVictim": "access_to_child_victim",
    "accessToChildren": "access_to_children",
    "accessToFirearms": "access_to_firearms",
    "convictedSexOffender": "convicted_sex_offender",
    "awareOfReport": "aware_of_report",
    "gangAffiliation": "gang_affiliation",
    "additionalContactInformation": "additional_contact_information",
    "additionalDisabilityInformation": "additional_disability_information",
}
"""Single values of a person, and the key that each becomes in ``Person.fields``."""

PERSON_LISTS: Mapping[str, str] = {"languages": "languages", "races": "races", "disabilities": "disabilities"}
"""A list, a single text or ``N/A``."""

ADDRESS_FIELDS: Mapping[str, str] = {
    "street1": "street",
    "street2": "street_2",
    "city": "city",
    "state": "state",
    "postalCode": "postal_code",
    "country": "country",
}

_NOTE = _list(_object("value"))
_CAPTURES = _object(sourceCaptures=_list(_object("captureType", "value", "eventName", "dateTime", "port")))
_CONTACT = _object("value", "verified")

_PERSON = _object(
    *PERSON_FIELDS,
    "espUserId",
    "ipAddress",
    **{name: _list(VALUE) for name in PERSON_LISTS},
    screenName=_object("value"),
    emails=_wrapped("emails", _CONTACT),
    phones=_wrapped("phones", _CONTACT),
    addresses=_wrapped("addresses", _object(*ADDRESS_FIELDS)),
    sourceInformation=_CAPTURES,
    additionalInformations=_NOTE,
)

_FILE = _object(
    "filename",
    "originalFilename",
    "submittalId",
    "verificationHash",
    "viewedByEsp",
    "industryClassification",
    ncmecTags=_wrapped("groups", _wrapped("tags", _object("value"))),
    sourceInformation=_CAPTURES,
    espMetadata=_wrapped("metadatas", _object("name", "value")),
    additionalInformations=_NOTE,
)

DOCUMENT = _object(
    "reportId",
    "dateReceived",
    reportedInformation=_object(
        reportingEsp=_object("espName", "lastName"),
        incidentSummary=_object("incidentType", "incidentDateTime", "incidentDateTimeDescription"),
        additionalInformations=_NOTE,
        incidentDetails=_object(
            emailIncident=_list(_object(contents=_NOTE, sourceInformation=_CAPTURES, additionalInformations=_NOTE)),
            webpageIncident=_list(_object(sourceInformation=_CAPTURES, additionalInformations=_NOTE)),
        ),
        reportedPeople=_wrapped("reportedPersons", _PERSON),
        intendedRecipients=_wrapped("intendedRecipients", _PERSON),
        uploadedFiles=_wrapped("uploadedFiles", _FILE),
    ),
)

CARRIES = frozenset(
    {
        *("report.issuer", "report.number", "report.sender", "report.service", "report.received"),
        *("report.incident_type", "report.incident_at", "report.incident_time_note", "report.identifiers"),
        *("person.role", "person.recipient", "person.first_name", "person.middle_name", "person.last_name"),
        *("person.date_of_birth", "person.age", "person.address", "person.passage"),
        *("email", "email.verified", "phone", "phone.verified", "ip", "ip.event", "ip.at", "ip.port", "url"),
        *("user_id", "screen_name", "service", "device", "payment", "passage"),
        *("file.name", "file.original_name", "file.sender_file_id", "file.md5", "file.viewed", "file.classification"),
        *("file.uploaded_at", "file.tags", "file.identifiers"),
    }
)
"""What the document has a place for."""
