from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest

from grace.sdk.intake import Kind
from grace.simulate.plan import Form, WorldPlan
from grace.simulate.truth import Flaw, SimulatedDocument
from grace.simulate.world import documents

PLAN = WorldPlan(
    seed=3,
    referrals=400,
    forms=((Form.LEA_JSON, 1.0),),
    listed_pictures=2,
    truncated_share=0.0,
    flaw_share=0.2,
    duplicate_share=0.0,
    version_share=0.0,
)
PERSON_LISTS = (("reportedPeople", "reportedPersons"), ("intendedRecipients", "intendedRecipients"))


@pytest.fixture(scope="module")
def papers() -> list[tuple[SimulatedDocument, dict[str, Any]]]:
    return [(document, read(document)) for document in documents(PLAN)]


def read(document: SimulatedDocument) -> dict[str, Any]:
    assert isinstance(document.content, bytes)
    paper: dict[str, Any] = json.loads(document.content.decode("utf-8-sig"))
    return paper


def persons(paper: dict[str, Any]) -> list[dict[str, Any]]:
    told = paper["reportedInformation"]
    return [person for outer, inner in PERSON_LISTS for person in told[outer][inner] or []]


def captures(paper: dict[str, Any]) -> Iterator[dict[str, Any]]:
    files = paper["reportedInformation"]["uploadedFiles"]["uploadedFiles"]
    pages = (paper["reportedInformation"]["incidentDetails"] or {}).get("webpageIncident", [])
    for holder in chain(persons(paper), files, pages):
        yield from (holder["sourceInformation"] or {"sourceCaptures": []})["sourceCaptures"]


def told_identifiers(paper: dict[str, Any]) -> set[tuple[Kind, str]]:
    found = set()
    for person in persons(paper):
        found |= {(Kind.EMAIL, mail["value"].lower()) for mail in (person["emails"] or {"emails": []})["emails"]}
        found |= {(Kind.PHONE, line["value"].replace(" ", "")) for line in (person["phones"] or {"phones": []})["phones"]}
        found |= {(Kind.USER_ID, person["espUserId"]), (Kind.SCREEN_NAME, person["screenName"]["value"])}
    kinds = {"Device ID": Kind.DEVICE, "URL": Kind.URL}
    for capture in captures(paper):
        value = capture["value"]
        found.add(
            (kinds[capture["captureType"]], value) if capture["captureType"] in kinds else (Kind.IP, str(ipaddress.ip_address(value)))
        )
    return found


def test_the_truth_tells_exactly_the_identifiers_that_are_written(papers: list[tuple[SimulatedDocument, dict[str, Any]]]) -> None:
    for document, paper in papers:
        assert told_identifiers(paper) == set(document.truth.identifiers)


def test_the_envelope_is_that_of_the_format(papers: list[tuple[SimulatedDocument, dict[str, Any]]]) -> None:
    for document, paper in papers:
        assert set(paper) == {"reportId", "dateReceived", "reportedInformation"}
        assert str(paper["reportId"]) == document.truth.number
        assert paper["reportedInformation"]["reportingEsp"]["espName"] == document.truth.sender
        assert paper["dateReceived"] == f"{document.truth.received_at:%Y-%m-%dT%H:%M:%SZ}"


def test_files_are_named_with_their_md5(papers: list[tuple[SimulatedDocument, dict[str, Any]]]) -> None:
    for document, paper in papers:
        files = paper["reportedInformation"]["uploadedFiles"]["uploadedFiles"]
        assert [(file["filename"], file["verificationHash"]) for file in files] == [(file.name, file.md5) for file in document.truth.files]
        assert not any(file.present for file in document.truth.files)


def test_times_have_no_zone_where_the_truth_says_so(papers: list[tuple[SimulatedDocument, dict[str, Any]]]) -> None:
    flawed = 0
    for document, paper in papers:
        written = [capture["dateTime"] for capture in captures(paper) if capture["captureType"] == "IP Address"]
        zoneless = Flaw.UNKNOWN_ZONE in document.truth.flaws
        shape = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d" if zoneless else r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
        assert all(re.fullmatch(shape, at) for at in written)
        flawed += zoneless
    assert flawed > 5


def test_senders_leave_out_in_different_ways(papers: list[tuple[SimulatedDocument, dict[str, Any]]]) -> None:
    assert any(isinstance(paper["reportId"], str) for _, paper in papers)
    assert any(isinstance(paper["reportId"], int) for _, paper in papers)
    assert any(document.content[:3] == b"\xef\xbb\xbf" for document, _ in papers if isinstance(document.content, bytes))
    gender = {person["gender"] for _, paper in papers for person in persons(paper)}
    ports = {type(capture["port"]) for _, paper in papers for capture in captures(paper)}
    assert gender == {None, "N/A"}
    assert ports == {type(None), int, str}


def test_access_is_stated_only_where_it_is_so_or_cried(papers: list[tuple[SimulatedDocument, dict[str, Any]]]) -> None:
    stated = [
        document.truth for document, paper in papers if any(person["accessToChildren"] not in {None, "N/A"} for person in persons(paper))
    ]
    assert len(stated) <= 4
