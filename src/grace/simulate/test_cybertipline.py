from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, fromstring

import pytest

from grace.simulate.plan import Form, WorldPlan
from grace.simulate.truth import Flaw, Reason, SimulatedDocument
from grace.simulate.world import documents

PLAN = WorldPlan(
    seed=4,
    referrals=120,
    forms=((Form.TIP_FOLDER, 1.0),),
    listed_pictures=3,
    files_per_referral=0.5,
    urgent_share=0.2,
    flood_share=0.05,
    viral_share=0.1,
    truncated_share=0.0,
    flaw_share=0.2,
)

# The children of each element in the schema's order, as far as this world writes them (docs of the format, sections 3 and 4).
ORDER = {
    "report": (
        "batchedReport",
        "incidentSummary",
        "internetDetails",
        "lawEnforcement",
        "reporter",
        "personOrUserReported",
        "intendedRecipient",
        "victim",
        "additionalInfo",
    ),
    "incidentSummary": (
        "incidentType",
        "platform",
        "escalateToHighPriority",
        "reportAnnotations",
        "incidentDateTime",
        "incidentDateTimeDescription",
    ),
    "reporter": ("reportingPerson", "contactPerson", "companyTemplate", "termsOfService", "legalURL"),
    "person": ("firstName", "lastName", "phone", "email", "address", "age", "dateOfBirth"),
    "account": (
        "personOrUserReportedPerson",
        "intendedRecipientPerson",
        "victimPerson",
        "espIdentifier",
        "espService",
        "screenName",
        "ipCaptureEvent",
        "deviceId",
        "priorCTReports",
        "estimatedLocation",
        "additionalInfo",
    ),
    "ipCaptureEvent": ("ipAddress", "eventName", "dateTime", "possibleProxy", "port"),
    "deviceId": ("idType", "idValue", "eventName", "dateTime"),
    "estimatedLocation": ("city", "region", "countryCode"),
    "address": ("address", "city", "zipCode", "state", "nonUsaState", "country"),
    "fileDetails": (
        "reportId",
        "fileId",
        "fileName",
        "originalFileName",
        "uploadedToEspTimestamp",
        "locationOfFile",
        "fileViewedByEsp",
        "exifViewedByEsp",
        "publiclyAvailable",
        "fileRelevance",
        "fileAnnotations",
        "industryClassification",
        "originalFileHash",
        "ipCaptureEvent",
        "deviceId",
        "details",
        "additionalInfo",
    ),
}
ALIASES = dict.fromkeys(("personOrUserReported", "intendedRecipient", "victim"), "account") | dict.fromkeys(
    ("reportingPerson", "personOrUserReportedPerson", "intendedRecipientPerson", "victimPerson"), "person"
)


@pytest.fixture(scope="module")
def made() -> list[SimulatedDocument]:
    return list(documents(PLAN))


def report(document: SimulatedDocument) -> Element:
    return fromstring(document.members()["report.xml"])


def details(document: SimulatedDocument) -> Iterator[Element]:
    for name, content in document.members().items():
        if name.startswith("fileDetails_"):
            yield fromstring(content)


def test_children_stand_in_the_order_of_the_schema(made: list[SimulatedDocument]) -> None:
    for document in made:
        for root in (report(document), *details(document)):
            for element in root.iter():
                order = ORDER.get(ALIASES.get(element.tag, element.tag), ())
                if len(element) and order:
                    places = [order.index(child.tag) for child in element]
                    assert places == sorted(places), element.tag


def test_what_the_schema_requires_is_there(made: list[SimulatedDocument]) -> None:
    for document in made:
        root = report(document)
        for path in ("incidentSummary/incidentType", "incidentSummary/incidentDateTime", "reporter/reportingPerson/email"):
            assert root.findtext(path), path
        assert all(len(kind) == 1 for kind in root.findall("internetDetails"))
        assert all(event.findtext("ipAddress") for event in root.iter("ipCaptureEvent"))


def test_each_file_has_its_details(made: list[SimulatedDocument]) -> None:
    for document in made:
        told = [(detail.findtext("fileName"), detail.findtext("originalFileHash")) for detail in details(document)]
        assert told == [(file.name, file.md5) for file in document.truth.files]
        assert {detail.findtext("reportId") for detail in details(document)} <= {document.truth.number}


def test_only_a_report_with_files_has_a_number(made: list[SimulatedDocument]) -> None:
    assert {document.truth.number is None for document in made} == {True, False}
    for document in made:
        assert (document.truth.number is None) == (not document.truth.files)


def test_reasons_are_stated(made: list[SimulatedDocument]) -> None:
    by_reason = {reason: [document for document in made if document.truth.why is reason and document.truth.stated] for reason in Reason}
    for document in by_reason[Reason.YOUNG_VICTIM]:
        assert int(report(document).findtext("victim/victimPerson/age") or 99) < 13
    for document in by_reason[Reason.ESCALATED]:
        assert report(document).find("incidentSummary/escalateToHighPriority") is not None
    for document in by_reason[Reason.ANNOTATED]:
        assert report(document).find("incidentSummary/reportAnnotations/sextortion") is not None
    for document in by_reason[Reason.FRESH_FILE]:
        assert document.truth.files[0].present
    assert all(by_reason[reason] for reason in Reason if reason is not Reason.ACCESS_TO_CHILD)


def test_the_truth_tells_of_every_escalation(made: list[SimulatedDocument]) -> None:
    for document in made:
        assert document.truth.escalated == (report(document).find("incidentSummary/escalateToHighPriority") is not None)


def test_bundles_name_many_accounts(made: list[SimulatedDocument]) -> None:
    bundles = [report(document) for document in made if document.truth.bundled]
    assert bundles
    for root in bundles:
        batched = root.find("batchedReport")
        assert batched is not None
        assert batched.get("reason") == "VIRAL_POTENTIAL_MEME"
        assert len(root.findall("personOrUserReported")) == 25


def test_times_of_captures_have_no_offset_where_the_truth_says_so(made: list[SimulatedDocument]) -> None:
    for document in made:
        written = [event.findtext("dateTime") or "" for event in report(document).iter("ipCaptureEvent")]
        zone = "" if Flaw.UNKNOWN_ZONE in document.truth.flaws else "Z"
        assert all(re.fullmatch(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d{zone}", at) for at in written)


def test_states_stated_are_states_concerned(made: list[SimulatedDocument]) -> None:
    for document in made:
        assert set(document.truth.states_stated) <= set(document.truth.states)
        assert {node.text for node in report(document).iter("countryCode")} <= set(document.truth.states_stated)
