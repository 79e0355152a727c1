"""The sample documents: every intended fact is read, none is invented, and every value keeps its path."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree

from grace.intake.canonical import canonical
from grace.intake.canonical_schema import SCHEMA
from grace.intake.formats import cybertipline, lea_json
from grace.intake.packages import open_package, package_of
from grace.intake.registry import read
from grace.sdk.intake import Unreadable

DATA = Path(__file__).parent.parent / "data"
LEA = sorted(path for path in (DATA / "lea-json").glob("*.json") if not path.name.endswith(".expected.json"))
XML = DATA / "cybertipline"
MANIFEST = json.loads((XML / "MANIFEST.json").read_text())
VALID = sorted(name for name, entry in MANIFEST.items() if entry["xsd_valid"])
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
FORMATS = (lea_json.FORMAT, cybertipline.FORMAT)


def canonical_of(path: Path) -> Any:
    with open_package(path) as package:
        (reading,) = read(package, FORMATS)
        spoken = canonical(reading)
    VALIDATOR.validate(spoken)
    return spoken


@pytest.fixture(params=LEA, ids=lambda path: path.stem[:2])
def sample(request: pytest.FixtureRequest) -> tuple[Any, Any]:
    path: Path = request.param
    expected = json.loads(path.with_suffix("").with_suffix(".expected.json").read_text())
    return canonical_of(path), expected["intended"]


def where(spoken: Any, sighting: Any) -> str:
    if sighting["attachment"] is not None:
        return str(spoken["attachments"][sighting["attachment"]]["name"])
    return {"reported": "person", "recipient": "recipient"}[spoken["persons"][sighting["person"]]["role"]]


def test_the_referral_itself(sample: tuple[Any, Any]) -> None:
    spoken, intended = sample
    referral = spoken["referral"]
    assert referral["number"] == intended["report_id"]
    assert referral["sender"] == intended["esp"]
    assert referral["incident_type"] == intended["incident_type"]
    assert referral["received"]["at"] == intended["received"]
    assert referral["incident"]["at"] == intended["incident_time"]
    assert referral["incident"]["at_utc"] == intended["incident_time_utc"]


def test_every_address_and_no_other(sample: tuple[Any, Any]) -> None:
    spoken, intended = sample
    found = [
        {
            "ip": sighting["value"],
            "ip_normal": sighting["normal"],
            "event": sighting["event"],
            "time": sighting["time"] and sighting["time"]["at"],
            "time_utc": sighting["time"] and sighting["time"]["at_utc"],
            "port_number": sighting["port"],
            "where": where(spoken, sighting),
        }
        for sighting in spoken["sightings"]
        if sighting["kind"] == "ip"
    ]
    assert found == [{key: value for key, value in entry.items() if key != "port"} for entry in intended["ips"]]
    assert set(spoken["ips"]) == {entry["ip_normal"] for entry in intended["ips"]}


def test_every_person_with_their_own_contacts(sample: tuple[Any, Any]) -> None:
    spoken, intended = sample

    def of(person: Any, kind: str) -> list[Any]:
        return [entry for entry in spoken["sightings"] if entry["kind"] == kind and entry["person"] == person["ordinal"]]

    found = [
        {
            "role": person["role"],
            "name": person["name"],
            "screen_name": next((entry["value"] for entry in of(person, "screen_name")), None),
            "user_id": next((entry["value"] for entry in of(person, "user_id")), None),
            "date_of_birth": person["fields"].get("date_of_birth"),
            "emails": [[entry["value"], entry["verified"]] for entry in of(person, "email")],
            "phones": [[entry["value"], entry["verified"]] for entry in of(person, "phone")],
        }
        for person in spoken["persons"]
    ]
    for person in intended["persons"]:
        person["phones"] = [phone for phone in person["phones"] if phone[0] != "N/A"]
    assert found == intended["persons"]


def test_every_file(sample: tuple[Any, Any]) -> None:
    spoken, intended = sample
    found = [
        {
            "filename": file["name"],
            "original_filename": file["original_name"],
            "md5": file["digests"]["md5"],
            "viewed_by_provider": file["viewed"],
            "industry_class": file["classification"],
            "ncmec_tags": file["tags"],
            "upload_time": file["uploaded"] and file["uploaded"]["at"],
            "upload_time_utc": file["uploaded"] and file["uploaded"]["at_utc"],
        }
        for file in spoken["attachments"]
    ]
    assert found == intended["files"]


def test_every_identifier_once_and_none_invented(sample: tuple[Any, Any]) -> None:
    spoken, intended = sample
    for name in ("urls", "emails", "emails_folded", "phones", "screen_names", "user_ids"):
        assert spoken[name] == intended[name], name
    found = [{"type": entry["type"], "value": entry["value"]} for entry in spoken["other_identifiers"]]
    assert found == intended.get("other_identifiers", [])
    assert spoken["identifiers_in_text"] == []
    assert spoken["counts"] == intended["counts"]


def test_what_only_the_text_says(sample: tuple[Any, Any]) -> None:
    spoken, intended = sample
    for name, facts in intended["text_only"].items():
        if name == "profile":
            fields = spoken["persons"][0]["fields"]
            assert {key: fields["profile_url" if key == "profile_url" else f"profile_{key}"] for key in facts} == facts
        elif name == "posts":
            said = [passage["text"] for passage in spoken["passages"] if passage["about"] == "post"]
            types = [spoken["referral"]["facts"][f"post_{number}_type"] for number in range(1, len(facts) + 1)]
            assert [{"type": type_, "text": text} for type_, text in zip(types, said, strict=True)] == facts
        else:
            file = next(file for file in spoken["attachments"] if file["name"] == name)
            free_text = [passage["text"] for passage in file["passages"] if passage["about"] == "note"]
            assert {key: free_text[0] if key == "free_text" else file["fields"][key] for key in facts} == facts


def test_unknown_keys_are_kept_and_shown() -> None:
    spoken = canonical_of(DATA / "lea-json" / "d6-snapchat-sparse-nulls.json")
    unknown = {leaf["path"]: leaf["value"] for leaf in spoken["leaves"] if not leaf["known"]}
    assert unknown == {"$.reportedInformation.newUpstreamField.keep[0]": "me", "$.schemaVersion": "9.9-fictitious"}


def scalars(tree: object, path: str = "$") -> dict[str, str]:
    if isinstance(tree, dict) and tree:
        return {at: text for key, item in tree.items() for at, text in scalars(item, f"{path}.{key}").items()}
    if isinstance(tree, list) and tree:
        return {at: text for index, item in enumerate(tree) for at, text in scalars(item, f"{path}[{index}]").items()}
    return {path: tree if isinstance(tree, str) else json.dumps(tree)}


@pytest.mark.parametrize("path", LEA, ids=lambda path: path.stem[:2])
def test_every_value_of_the_json_has_its_path(path: Path) -> None:
    expected = scalars(json.loads(path.read_text("utf-8-sig")))
    assert {leaf["path"]: leaf["value"] for leaf in canonical_of(path)["leaves"]} == expected


def xml_leaves(document: bytes, prefix: str) -> dict[str, str]:
    """Every text and attribute by lxml's own path: found without the format's code."""
    tree = etree.fromstring(document).getroottree()
    found = {}
    for element in tree.iter():
        path = prefix + tree.getpath(element)
        for key, value in element.attrib.items():
            found[f"{path}/@{str(key).replace('{http://www.w3.org/2001/XMLSchema-instance}', 'xsi:')}"] = str(value)
        if len(element) == 0:
            found[path] = element.text or ""
    return found


def test_there_are_57_valid_documents() -> None:
    assert len(VALID) == 57


@pytest.mark.parametrize("folder", sorted({name.split("/")[0] for name in VALID}))
def test_every_leaf_of_the_xml_has_its_path(folder: str) -> None:
    spoken = canonical_of(XML / folder)
    expected: dict[str, str] = {}
    for path in sorted((XML / folder).iterdir()):
        is_alone_or_report = path.name == "report.xml"
        expected |= xml_leaves(path.read_bytes(), "" if is_alone_or_report else f"{path.name}#")
    assert {leaf["path"]: leaf["value"] for leaf in spoken["leaves"]} == expected
    assert all(leaf["known"] for leaf in spoken["leaves"])
    assert spoken["notes"] == []
    assert sorted(spoken["documents"]) == sorted(path.name for path in (XML / folder).iterdir())


@pytest.mark.parametrize("name", VALID)
def test_each_valid_document_is_accepted_alone(name: str) -> None:
    spoken = canonical_of(XML / name)
    assert {leaf["path"]: leaf["value"] for leaf in spoken["leaves"]} == xml_leaves((XML / name).read_bytes(), "")
    codes = {note["code"] for note in spoken["notes"]}
    assert codes == (set() if name.endswith("report.xml") else {"report-missing"})


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("10_wrong_order", {"wrong-order"}),
        ("11_bad_datetime", {"bad-time"}),
        ("12_newer_element_ageAssertionDiscrepancy", {"unknown-element"}),
        ("13_newer_annotation_informational", {"unknown-element"}),
        ("14_flag_false", {"flag-false", "report-missing"}),
    ],
)
def test_deviating_documents_are_read_with_a_note(name: str, codes: set[str]) -> None:
    path = XML / "invalid" / f"{name}.xml"
    spoken = canonical_of(path)
    assert {note["code"] for note in spoken["notes"]} == codes
    assert {leaf["path"]: leaf["value"] for leaf in spoken["leaves"]} == xml_leaves(path.read_bytes(), "")


def test_a_flag_written_false_is_no_tag() -> None:
    assert canonical_of(XML / "invalid" / "14_flag_false.xml")["attachments"][0]["tags"] == []
    assert canonical_of(XML / "09_text_flags_genai")["attachments"][0]["tags"] == ["generativeAi", "viral"]


def test_a_newer_annotation_counts() -> None:
    assert canonical_of(XML / "invalid" / "13_newer_annotation_informational.xml")["referral"]["annotations"] == ["informational"]


@pytest.mark.parametrize(("name", "code"), [("15_xxe", "dtd"), ("16_billion_laughs", "dtd"), ("17_truncated", "truncated")])
def test_attacks_and_truncated_documents_are_refused(name: str, code: str) -> None:
    path = XML / "invalid" / f"{name}.xml"
    with open_package(path) as package, pytest.raises(Unreadable) as refused:
        read(package, FORMATS)
    assert refused.value.code == code


def test_zones_are_never_guessed() -> None:
    spoken = canonical_of(XML / "03_chat_many_ips_timezones")
    times = {entry["value"]: entry["time"] for entry in spoken["sightings"] if entry["kind"] == "ip"}
    assert times["203.0.113.200"] == {"at": "2026-01-09T03:15:00", "at_utc": None, "zone": "unknown", "precision": "second"}
    assert times["203.0.113.201"] is None
    assert times["198.51.100.14"]["at_utc"] == "2026-01-04T22:45:00Z"
    assert times["198.51.100.16"]["at_utc"] == "2026-01-06T16:15:00Z"


def test_one_address_in_four_spellings_is_one() -> None:
    spoken = canonical_of(XML / "03_chat_many_ips_timezones")
    normal = {entry["value"]: entry["normal"] for entry in spoken["sightings"] if entry["kind"] == "ip"}
    assert normal["2001:0db8:0000:0000:0000:0000:0000:0042"] == normal["2001:db8::42"] == "2001:db8::42"
    assert normal["::ffff:198.51.100.10"] == normal["198.51.100.10"] == "198.51.100.10"


def test_garbage_in_an_address_is_kept_and_is_no_address() -> None:
    spoken = canonical_of(XML / "06_unicode")
    assert spoken["ips"] == ["203.0.113.99"]
    assert [entry["normal"] for entry in spoken["sightings"] if entry["value"] == "not-an-ip"] == [None]
    phones = {entry["value"]: entry["normal"] for entry in spoken["sightings"] if entry["kind"] == "phone"}
    assert phones["0044 7700 900 461"] == "+447700900461"
    assert phones["(020) 7946 0199"] is None


def test_roles_and_urgency_of_a_full_report() -> None:
    spoken = canonical_of(XML / "07_all_sections_urgent")
    assert [person["role"] for person in spoken["persons"]] == ["reported", "associated", "recipient", "victim", "sender", "sender"]
    assert spoken["referral"]["escalated"].startswith("Company believes")
    assert spoken["referral"]["annotations"] == ["sextortion", "csamSolicitation"]
    assert spoken["referral"]["prior_numbers"] == ["4600555", "4600556"]
    assert spoken["referral"]["facts"]["law_enforcement_case_number"] == "GE-2026-000123"
    assert spoken["persons"][3]["fields"]["estimated_location_country_code"] == "BE"


def test_a_bundled_report_says_so() -> None:
    referral = canonical_of(XML / "04_viral_batched")["referral"]
    assert referral["bundled"]
    assert referral["facts"]["batched_report_reason"] == "VIRAL_POTENTIAL_MEME"


def test_reports_in_folders_of_their_own_are_read_one_by_one() -> None:
    one, two = XML / "02_web_typical", XML / "03_chat_many_ips_timezones"
    contents = {f"{folder.name}/{path.name}": path.read_bytes() for folder in (one, two) for path in folder.iterdir()}
    readings = read(package_of(contents), FORMATS)
    assert [(reading.report.number, len(reading.report.attachments)) for reading in readings] == [("4700002", 2), ("4700003", 1)]


def test_files_beside_two_reports_are_ambiguous() -> None:
    report, file = (XML / "02_web_typical" / name for name in ("report.xml", "fileDetails_1.xml"))
    contents = {"a.xml": report.read_bytes(), "b.xml": report.read_bytes(), "file.xml": file.read_bytes()}
    with pytest.raises(Unreadable) as refused:
        read(package_of(contents), FORMATS)
    assert refused.value.code == "ambiguous"


def test_files_that_name_different_reports_leave_the_number_open() -> None:
    report = (XML / "02_web_typical" / "report.xml").read_bytes()
    files = {
        f"{folder}.xml": (XML / folder / "fileDetails_1.xml").read_bytes() for folder in ("02_web_typical", "03_chat_many_ips_timezones")
    }
    (reading,) = read(package_of({"report.xml": report, **files}), FORMATS)
    assert reading.report.number is None
    assert "numbers-differ" in {note.code for note in reading.report.notes}


def test_the_published_schema_is_the_codes() -> None:
    published = Path(__file__).parent.parent.parent / "docs" / "reference" / "canonical.schema.json"
    assert json.loads(published.read_text()) == SCHEMA
