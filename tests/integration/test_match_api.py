"""Asking the lists by the API: digests, fingerprints and files of which nothing is kept; how the index stands; what is measured."""

from __future__ import annotations

import hashlib
import io
import os
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.accounts.viewer import operator
from grace.config import metrics
from grace.custody import ledger
from grace.evidence.decoding.testing import fractal, written
from grace.evidence.measure import measure
from grace.evidence.models import File
from grace.matching import follow
from grace.matching.models import Match
from grace.pipeline import lists
from grace.sdk.video import unpack
from tests.integration.test_api import assert_problem
from tests.support import relisting
from tests.support.films import film, scenes
from tests.support.people import Person
from tests.support.programs import Program, program

pytestmark = pytest.mark.django_db

KNOWN = os.urandom(32)
MD5, SHA1 = "5d41402abc4b2a76b9719d911017c592", "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"
"""Of the word hello."""
PICTURE = written(fractal()).getvalue()
PRINT: Any = measure(written(fractal())).found


@pytest.fixture
def ours(harbour_unit: Unit) -> Program:
    """A program that asks, and nothing else."""
    return program(harbour_unit, frozenset({Capability.MATCH}))


@pytest.fixture
def listed(harbour_unit: Unit) -> None:
    picture = PRINT.fingerprint.value
    relisting.load([("pdq", KNOWN), ("sha256", KNOWN), ("md5", bytes.fromhex(MD5)), ("pdq", relisting.flipped(picture, 5))])
    relisting.load([("sha1", bytes.fromhex(SHA1))], "Of the unit", harbour_unit)


def item(algorithm: str, value: str | bytes, quality: int | None = None) -> dict[str, object]:
    told: dict[str, object] = {"algorithm": algorithm, "value": value if isinstance(value, str) else value.hex()}
    return told if quality is None else told | {"quality": quality}


def states(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.content
    return [(each["state"], each["answers"][0]["why"]) for each in answer.json()["items"]]


def send(program: Program, *contents: bytes) -> Any:
    files = [SimpleUploadedFile(f"f{place}", content) for place, content in enumerate(contents)]
    return program.client.post("/api/v1/match", {"files": files}, headers={"Authorization": f"Bearer {program.word}"})


def test_answers_come_in_order_and_say_why_not(ours: Program, listed: None) -> None:
    items = [
        item("sha256", KNOWN),
        item("sha256", os.urandom(32)),
        item("SHA1", bytes.fromhex(SHA1)),
        item("pdq", relisting.flipped(KNOWN, 31)),
        item("pdq", relisting.flipped(KNOWN, 32)),
        item("pdq", KNOWN, 49),
        item("pdq", KNOWN, 50),
        item("md5", "nonsense"),
        item("photodna", "00"),
        item("sha256", KNOWN),
    ]
    answer = ours.post("/match", {"items": items})
    assert states(answer) == [
        ("known", ""),
        ("no match", ""),
        ("known", ""),
        ("known", ""),
        ("no match", ""),
        ("not checked", "quality too low"),
        ("known", ""),
        ("not checked", "not a hash of its kind"),
        ("not checked", "this kind of hash cannot be checked"),
        ("known", ""),
    ]
    (near,) = answer.json()["items"][3]["answers"][0]["known"]
    assert {name: near[name] for name in ("list", "category", "source", "kind", "distance")} == {
        "list": "Known",
        "category": "A",
        "source": "hotline",
        "kind": "near",
        "distance": 31,
    }


def test_what_an_answer_is_worth_is_said_beside_it(ours: Program) -> None:
    relisting.load([("sha256", KNOWN), ("sha256", b"!" * 32)])
    relisting.load([("sha256", KNOWN)], "Not of interest", meaning="negative")
    relisting.load([("sha256", b"?" * 32)], "NSRL", meaning="known")
    told = ours.post("/match", {"items": [item("sha256", each) for each in (KNOWN, b"!" * 32, b"?" * 32, b"." * 32)]}).json()["items"]
    assert [(each["state"], each["standing"]) for each in told] == [
        ("known", "negative"),
        ("known", "known"),
        ("known", "common"),
        ("no match", "new"),
    ]
    assert {(each["list"], each["meaning"], each["aside"]) for each in told[0]["answers"][0]["known"]} == {
        ("Known", "alert", "negative"),
        ("Not of interest", "negative", ""),
    }


def test_each_answer_names_the_nearest_entries_as_many_as_are_asked_for(ours: Program) -> None:
    relisting.load([("pdq", relisting.flipped(KNOWN, bits)) for bits in range(20)])
    told = ours.post("/match", {"items": [item("pdq", KNOWN)]}, most=3).json()["items"][0]["answers"][0]["known"]
    assert [each["distance"] for each in told] == [0, 1, 2]
    assert_problem(ours.post("/match", {"items": [item("pdq", KNOWN)]}, most=51), 422)


def test_files_are_hashed_and_asked_and_not_kept(ours: Program, listed: None) -> None:
    answer = send(ours, b"hello", PICTURE, PICTURE[:500], b"")
    assert answer.status_code == 200, answer.content
    text, picture, torn, empty = answer.json()["items"]
    assert text["state"] == "known"
    assert text["hashes"]["md5"] == MD5
    assert text["hashes"]["not_decoded"] == "not decoded: no decoder for this format"
    assert [each["state"] for each in picture["answers"]] == ["no match", "no match", "no match", "known"]
    assert picture["answers"][3]["known"][0]["distance"] == 5
    assert (picture["hashes"]["pdq"], picture["hashes"]["pdq_quality"]) == (PRINT.fingerprint.value.hex(), PRINT.fingerprint.quality)
    assert torn["answers"][3] == {"algorithm": "pdq", "state": "not checked", "why": "not decoded: damaged or cut short", "known": []}
    assert empty["state"] == "no match"
    assert not File.objects.exists()
    assert not Match.objects.exists()


def test_a_video_is_recognised_by_its_pictures_and_not_kept(ours: Program, listed: None) -> None:
    content = film(scenes(4, 5))
    found: Any = measure(io.BytesIO(content)).found
    pictures = [each for each in unpack(found.fingerprint.value).frames if each.quality >= 50]
    told = [relisting.flipped(each.value, 3) for each in pictures]
    lines = ["algorithm,value,category,source,note,video", *(f"pdq,{each.hex()},A,,,Holiday" for each in told)]
    lists.import_list(operator(), io.BytesIO("\n".join(lines).encode()), "Videos", source="hotline")
    seen, broken = send(ours, content, content[:200]).json()["items"]
    (known,) = seen["answers"][3]["known"]
    assert (seen["answers"][3]["algorithm"], seen["standing"], known["kind"], known["distance"]) == ("vpdq", "near", "near", 3)
    assert (known["overlap"]["asked_share"], known["overlap"]["listed_share"], known["videos"]) == (100, 100, ["Holiday"])
    assert known["overlap"]["spans"][0][0] == 0
    assert (seen["hashes"]["video"]["pictures"], seen["hashes"]["pdq"]) == (len(unpack(found.fingerprint.value).frames), "")
    assert broken["answers"][3]["algorithm"] == "vpdq"
    assert broken["answers"][3]["state"] == "not checked"
    assert not File.objects.exists()


def test_the_ledger_says_that_it_was_asked_and_never_what(ours: Program, listed: None) -> None:
    ours.post("/match", {"items": [item("sha256", KNOWN), item("md5", "nonsense")]}, purpose="investigation")
    send(ours, b"hello")
    files, digests = ledger.page(actor=ours.actor)
    assert (digests.act, digests.kind, digests.purpose, digests.subjects) == ("match.ask", "CONSULTATION", "investigation", [])
    assert digests.detail["items"] == "2"
    assert (files.act, files.detail["items"]) == ("match.ask_files", "1")
    said = str([digests, files])
    assert not any(value in said for value in (KNOWN.hex(), hashlib.sha256(b"hello").hexdigest(), MD5))


def test_another_units_list_answers_nobody_else(ours: Program, hill_unit: Unit, listed: None) -> None:
    theirs = program(hill_unit)
    asked: dict[str, object] = {"items": [item("sha1", bytes.fromhex(SHA1)), item("sha256", KNOWN)]}
    assert [state for state, _ in states(ours.post("/match", asked))] == ["known", "known"]
    assert states(theirs.post("/match", asked)) == [("not checked", "no list holds this kind of hash"), ("known", "")]


def test_it_needs_the_capability_and_writes_a_refusal_down(harbour_unit: Unit, listed: None) -> None:
    reader = program(harbour_unit, frozenset({Capability.READ, Capability.RECEIVE}))
    assert_problem(reader.post("/match", {"items": [item("sha256", KNOWN)]}), 403)
    assert_problem(send(reader, b"hello"), 403)
    assert_problem(reader.get("/index"), 403)
    assert [each.denied for each in ledger.page(actor=reader.actor)] == [True, True, True]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b'{"items": []}', 422),
        (b'{"items": [{"algorithm": "md5"}]}', 422),
        (b'{"items": [{"algorithm": "pdq", "value": "abcdef", "quality": 101}]}', 422),
        (b'{"items": [{"algorithm": "md5", "value": "' + b"abcdef" * 400 + b'"}]}', 422),
        (b'{"items": [' + b",".join([b'{"algorithm": "md5", "value": "abcdef"}'] * 10_001) + b"]}", 422),
    ],
)
def test_what_does_not_fit_is_told_without_its_values(ours: Program, body: bytes, status: int) -> None:
    told = assert_problem(ours.post("/match", body), status)
    assert told["faults"]
    assert "abcdef" not in str(told["faults"])


def test_no_file_and_too_many_files_are_told(ours: Program) -> None:
    headers = {"Authorization": f"Bearer {ours.word}"}
    assert "There is no file" in assert_problem(ours.client.post("/api/v1/match", {"other": "x"}, headers=headers), 422)["detail"]
    assert_problem(send(ours, *([b"x"] * 101)), 400)


def test_ten_thousand_at_once(ours: Program, listed: None) -> None:
    items = [item("pdq", os.urandom(32)) for _ in range(3_000)] + [item("md5", os.urandom(16)) for _ in range(6_999)] + [item("pdq", KNOWN)]
    told = states(ours.post("/match", {"items": items}))
    assert len(told) == 10_000
    assert told[-1] == ("known", "")
    assert {state for state, _ in told[:-1]} == {"no match"}


def test_an_officer_asks_with_the_session(alice: Person, eve: Person, listed: None) -> None:
    asked = {"items": [item("sha256", KNOWN)]}
    assert alice.client.post("/api/v1/match", asked, content_type="application/json").json()["items"][0]["state"] == "known"
    assert eve.client.post("/api/v1/match", asked, content_type="application/json").status_code == 403
    assert Client(enforce_csrf_checks=True).post("/api/v1/match", asked, content_type="application/json").status_code == 401


def test_how_the_index_stands(ours: Program, listed: None) -> None:
    before = ours.get("/index").json()
    assert before["lists"]["waiting"] == 5
    assert before["lists"]["kinds"] == []
    assert before["newest_entry_age_seconds"] >= 0
    follow.tend()
    after = ours.get("/index").json()
    assert {each["algorithm"]: each["entries"] for each in after["lists"]["kinds"]} == {"md5": 1, "sha1": 1, "sha256": 1, "pdq": 2}
    assert (after["lists"]["waiting"], after["lists"]["lost"], after["rematch_waiting"]) == (0, False, 5)
    assert after["newest_entry_at"] == before["newest_entry_at"]
    version = ours.post("/match", {"items": [item("sha256", KNOWN)]}).json()["index"]
    assert version["layout"] == after["layout"]
    assert version["generations"] == {
        "sha256": after["lists"]["kinds"][[each["algorithm"] for each in after["lists"]["kinds"]].index("sha256")]["generation"]
    }


def test_the_measures_tell_the_same(ours: Program, listed: None) -> None:
    follow.tend()
    ours.post("/match", {"items": [item("sha256", KNOWN)]})
    page = metrics.page().decode()
    assert 'grace_index_entries{index="lists",kind="pdq"} 2.0' in page
    assert 'grace_index_waiting{index="lists"} 0.0' in page
    assert 'grace_index_lost{index="lists"} 0.0' in page
    assert "grace_rematch_waiting 5.0" in page
    assert "grace_look_up_seconds_count" in page
    assert "grace_look_up_questions_total" in page
    assert "grace_database_up 1.0" in page
