from __future__ import annotations

import json
import re
import time
from collections import Counter
from dataclasses import replace
from statistics import fmean

import pytest

from grace.sdk.intake import Kind
from grace.simulate.plan import load_plan
from grace.simulate.test_lea_json import captures, persons, read, told_identifiers
from grace.simulate.truth import Reason, SimulatedDocument, Standing
from grace.simulate.world import World, documents

PLAN = load_plan(3_000)


@pytest.fixture(scope="module")
def made() -> list[SimulatedDocument]:
    return list(documents(PLAN))


def test_bare_documents_are_small_and_of_one_shape(made: list[SimulatedDocument]) -> None:
    assert 6_500 < fmean(len(document.content) for document in made) < 8_500
    for document in made[::50]:
        paper = read(document)
        assert len(persons(paper)) == 2
        assert sum(capture["captureType"] == "IP Address" for capture in captures(paper)) == 12
        assert len(paper["reportedInformation"]["uploadedFiles"]["uploadedFiles"]) == 4


def test_no_mark_is_left(made: list[SimulatedDocument]) -> None:
    for document in made[::50]:
        assert isinstance(document.content, bytes)
        text = document.content.decode()
        assert "«" not in text
        assert not re.search(r"19\d\d-01-01T|\b900\d\d\b|\b999000999\b", text)
        assert all(
            capture["port"] is None or int(capture["port"]) < 65_536 for capture in captures(json.loads(text.removeprefix("\ufeff")))
        )


def test_the_truth_tells_exactly_the_identifiers_that_are_written(made: list[SimulatedDocument]) -> None:
    for document in made[::20]:
        assert told_identifiers(read(document)) == set(document.truth.identifiers)


def test_numbers_and_digests_are_those_of_the_truth(made: list[SimulatedDocument]) -> None:
    for document in made[::50]:
        paper = read(document)
        files = paper["reportedInformation"]["uploadedFiles"]["uploadedFiles"]
        assert str(paper["reportId"]) == document.truth.number
        assert [file["verificationHash"] for file in files] == [file.md5 for file in document.truth.files]


def test_ten_identifiers_of_each_referral_are_new(made: list[SimulatedDocument]) -> None:
    seen = Counter(pair for document in made for pair in document.truth.identifiers if pair[0] is not Kind.URL)
    assert 10 * len(made) < len(seen) < 12 * len(made)


def test_known_digests_are_listed_and_new_ones_are_not(made: list[SimulatedDocument]) -> None:
    listed = {row.value for _, row in World(PLAN).catalogue.rows()}
    for document in made:
        for file in document.truth.files:
            assert (file.md5 in listed) == (file.standing is Standing.KNOWN)


def test_urgent_ones_are_there_and_stated(made: list[SimulatedDocument]) -> None:
    urgent = [document for document in made if document.truth.urgent]
    assert len(urgent) == round(3_000 * PLAN.urgent_share)
    crowd = list(documents(replace(PLAN, referrals=300, urgent_share=0.2, quiet_share=0.0)))
    for document in crowd:
        stated = persons(read(document))[0]["accessToChildren"] not in {None, "N/A"}
        assert stated or document.truth.why is not Reason.ACCESS_TO_CHILD


def test_a_bare_resend_is_the_same_bytes() -> None:
    world = World(replace(PLAN, referrals=200, duplicate_share=0.1))
    resends = [document for index in range(200) if (document := world.document(index)).truth.resend]
    assert len(resends) == 20
    for document in resends:
        assert document.truth.resend_of is not None
        assert world.document(document.truth.resend_of).content == document.content


def test_making_one_costs_little_beside_reading_it(made: list[SimulatedDocument]) -> None:
    """Relative, because the machine's speed is not ours: at most 15 times ``json.loads`` of the same documents."""
    world = World(PLAN)
    world.document(0)
    making = min(_cpu(lambda: [world.document(index) for index in range(500)]) for _ in range(3))
    loading = min(_cpu(lambda: [read(document) for document in made[:500]]) for _ in range(3))
    assert making < 15 * loading


def _cpu(work: object) -> float:
    start = time.process_time()
    assert callable(work)
    work()
    return time.process_time() - start
