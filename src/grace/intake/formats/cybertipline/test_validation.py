from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from grace.intake.formats.cybertipline.document import Node, Walk, parse
from grace.intake.formats.cybertipline.examples import EXAMPLES
from grace.intake.formats.cybertipline.schema import ROOTS
from grace.intake.formats.cybertipline.validation import file_faults, finishing_faults, report_faults
from grace.intake.formats.cybertipline.xsd import schema_of

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SAMPLES = Path(__file__).parents[5] / "tests" / "data" / "cybertipline"
SCHEMA = etree.XMLSchema(etree.fromstring(schema_of("reports.agency.example")))
START = "<incidentSummary><incidentType>Misleading Domain Name</incidentType><incidentDateTime>{}</incidentDateTime></incidentSummary>"
REPORTER = "<reporter><reportingPerson><email>a@example.com</email></reportingPerson></reporter>"


def node(content: bytes) -> Node:
    root = parse(io.BytesIO(content))
    return Walk().root(root, ROOTS[etree.QName(root).localname])


def faults(content: bytes) -> list[str]:
    found = node(content)
    return [str(each) for each in (report_faults(found, NOW) if found.name == "report" else file_faults(found))]


def report(inside: str = "", at: str = "2026-03-01T08:00:00Z", reporter: str = REPORTER) -> bytes:
    return f"<report>{START.format(at)}{reporter}{inside}</report>".encode()


def details(inside: str) -> bytes:
    return f"<fileDetails><reportId>1</reportId><fileId>2</fileId>{inside}</fileDetails>".encode()


VALID = sorted(path for path in SAMPLES.glob("*/*.xml") if path.parent.name != "invalid")


def test_there_are_samples() -> None:
    assert len(VALID) > 40


@pytest.mark.parametrize("path", VALID, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_valid_sample_is_taken_by_the_check_and_by_the_published_schema(path: Path) -> None:
    content = path.read_bytes()
    assert faults(content) == []
    assert SCHEMA.validate(etree.fromstring(content)), SCHEMA.error_log


def test_the_examples_of_the_format_are_taken() -> None:
    for each in (content for example in EXAMPLES for name, content in example.items() if name.endswith(".xml")):
        assert faults(each) == []
        assert SCHEMA.validate(etree.fromstring(each)), SCHEMA.error_log


@pytest.mark.parametrize(
    ("name", "taken"), [("10_wrong_order", False), ("11_bad_datetime", False), ("12_newer", True), ("13_newer", True), ("14_flag", True)]
)
def test_invalid_samples_are_refused_but_for_what_is_newer_or_a_false_flag(name: str, taken: bool) -> None:
    (path,) = (SAMPLES / "invalid").glob(f"{name}*.xml")
    assert (faults(path.read_bytes()) == []) is taken
    assert not SCHEMA.validate(etree.fromstring(path.read_bytes()))


BROKEN = {
    "order": (
        report("<victim><victimPerson/></victim><personOrUserReported/>"),
        "/report/personOrUserReported: personOrUserReported must stand before victim",
    ),
    "number": (report("<additionalInfo/><additionalInfo/>"), "/report/additionalInfo[2]: this element may stand here once"),
    "missing": (report("<victim/>"), "/report/victim: victimPerson is missing"),
    "whole number": (
        report("<victim><victimPerson><age>ten</age></victimPerson></victim>"),
        "/report/victim/victimPerson/age: a whole number is needed",
    ),
    "range": (
        report("<personOrUserReported><priorCTReports>99999999999999999999</priorCTReports></personOrUserReported>"),
        "a whole number is needed",
    ),
    "date": (
        report("<victim><victimPerson><dateOfBirth>2012-02-30</dateOfBirth></victimPerson></victim>"),
        "a date such as 2026-03-01 is needed",
    ),
    "truth": (details("<publiclyAvailable>perhaps</publiclyAvailable>"), "/fileDetails/publiclyAvailable: true or false is needed"),
    "flag": (details("<fileAnnotations><viral>often</viral></fileAnnotations>"), "/viral: empty or true is needed"),
    "value": (details("<fileRelevance>Some</fileRelevance>"), "one of these is needed: Reported; Supplemental Reported"),
    "attribute": (
        report(
            "<personOrUserReported><personOrUserReportedPerson><phone countryCallingCode='32'>1</phone></personOrUserReportedPerson></personOrUserReported>"
        ),
        "phone/@countryCallingCode: this must look like",
    ),
    "length": (details(f'<originalFileHash hashType="{"x" * 65}">aa</originalFileHash>'), "@hashType: at most 64 characters"),
    "exif": (details("<exifViewedByEsp>true</exifViewedByEsp>"), "fileViewedByEsp must be true"),
    "ahead": (report(at="2026-11-01T01:00:00Z"), "the incident must lie in the past"),
    "ahead without a zone": (report(at="2026-11-02T01:00:00"), "the incident must lie in the past"),
    "nobody": (
        report(reporter="<reporter><reportingPerson><email> </email></reportingPerson></reporter>"),
        "the reporting person needs an email",
    ),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_told_with_its_place(rule: str) -> None:
    content, told = BROKEN[rule]
    assert told in "; ".join(faults(content))


def test_exactly_one_kind_of_incident_or_a_newer_one() -> None:
    kinds = {"": 1, "<webPageIncident/>": 0, "<webPageIncident/><chatImIncident/>": 1, "<newerIncident/>": 0}
    for inside, expected in kinds.items():
        content = f"<report>{START.format('2026-03-01T08:00:00Z')}<internetDetails>{inside}</internetDetails>{REPORTER}</report>".encode()
        assert len(faults(content)) == expected, inside


def test_a_time_without_a_zone_may_stand_in_any() -> None:
    assert faults(report(at="2026-11-01T13:00:00")) == []


def test_faults_hold_no_value_of_the_document() -> None:
    said = "; ".join(faults(report("<victim><victimPerson><age>a secret</age></victimPerson></victim>", at="another secret")))
    assert said
    assert "secret" not in said


def test_what_the_published_schema_takes_the_check_takes() -> None:
    """But for the rules that stand beside the schema. Not the other way round: the check lets newer elements and two odd types pass."""
    beside = {"exif", "ahead", "ahead without a zone", "nobody"}
    assert {rule for rule, (content, _) in BROKEN.items() if SCHEMA.validate(etree.fromstring(content))} == beside


@pytest.mark.parametrize(
    "inside", ["<industryClassification>B2</industryClassification>", "<fileAnnotations><potentialMeme/></fileAnnotations>"]
)
def test_a_supplemental_file_takes_no_mark(inside: str) -> None:
    said = details(f"<fileRelevance>Supplemental Reported</fileRelevance>{inside}")
    assert len(list(finishing_faults(node(said)))) == 1
    assert list(finishing_faults(node(details(inside)))) == []
