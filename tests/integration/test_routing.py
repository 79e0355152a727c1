"""The states concerned, from document to queue: found at intake, found anew with a version, corrected by officers, measured."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from django.urls import reverse

from grace.accounts.models import Unit
from grace.casework import queue
from grace.casework.queue import Filters
from grace.cli import house, routing
from grace.custody import ledger
from grace.host import environment
from grace.host.environment import Environment
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.pipeline.receive import Outcome
from grace.pipeline.route import correct_states
from grace.referrals.models import Sighting
from grace.routing.concerned import concerned
from grace.routing.correct import Word
from grace.routing.countries import members
from grace.routing.models import Correction, Proposal, Route
from grace.routing.words import EUROPOL
from grace.simulate.plan import Form, WorldPlan, load_plan
from tests.integration.web import story
from tests.support.deliveries import hand_in
from tests.support.jobs import run_due_jobs
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, Person, sign_in
from tests.support.programs import program
from tests.support.world import Taken, as_bytes, take_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_networks")]

SMALL = replace(load_plan(6, seed=9), days=2)


@pytest.fixture
def taken(harbour_unit: Unit) -> list[Taken]:
    return take_in(SMALL, harbour_unit.id)


def report(unit: Unit, *persons: dict[str, object], number: int = 1, note: str = "") -> UUID:
    """A report in LEA JSON with these reported persons."""
    said = {
        "reportId": number,
        "dateReceived": "2026-03-01T10:00:00Z",
        "reportedInformation": {
            "reportingEsp": {"espName": "Example Chat", "lastName": None},
            "incidentSummary": {
                "incidentType": "Online Enticement of Children for Sexual Acts",
                "incidentDateTimeDescription": note or None,
            },
            "reportedPeople": {"reportedPersons": list(persons)},
        },
    }
    (receipt,) = hand_in(unit, json.dumps(said).encode())
    (referral,) = receipt.referrals
    return referral


def living_in(*countries: str) -> dict[str, object]:
    return {"espUserId": "77", "addresses": {"addresses": [{"street1": "Example Quay 1", "country": country} for country in countries]}}


def route_of(referral: UUID) -> list[str]:
    found: list[str] = Route.objects.get(referral_id=referral).recipients
    return found


def rows(person: Person, **asked: str) -> set[UUID]:
    return {row.referral_id for row in queue.page(person.viewer, Filters(**asked), most=200).rows}  # type: ignore[arg-type]  # texts all


def test_a_world_is_routed_as_it_comes_in(alice: Person, taken: list[Taken]) -> None:
    for each in taken:
        (referral,) = each.receipt.referrals
        assert route_of(referral) == list(each.document.truth.states)
        assert referral in rows(alice, state=each.document.truth.states[0])
        assert "referral.route" in [entry.act for entry in ledger.history(f"referral:{referral}")]


def test_proposals_refer_to_the_document_and_copy_nothing_of_it(taken: list[Taken]) -> None:
    for each in taken:
        (referral,) = each.receipt.referrals
        told = json.dumps(list(Proposal.objects.filter(referral_id=referral).values_list("reasons", flat=True)))
        sightings = Sighting.objects.select_related("identifier").filter(referral_id=referral)
        assert not [value for one in sightings for value in (one.identifier.value, one.as_written) if f'"{value}"' in told]
        paths = {reason["path"] for reasons in json.loads(told) for reason in reasons}
        assert paths <= set(sightings.values_list("path", flat=True)) | {path for path in paths if "#" in path}


def test_a_new_version_is_routed_anew_and_the_old_proposals_stay(alice: Person, harbour_unit: Unit) -> None:
    referral = report(harbour_unit, living_in("AT"))
    assert route_of(referral) == ["AT"]
    assert report(harbour_unit, living_in("SE"), note="corrected") == referral
    assert route_of(referral) == ["SE"]
    assert set(Proposal.objects.filter(referral_id=referral).values_list("ordinal", "state")) == {(1, "AT"), (2, "SE")}
    assert [each.state for each in concerned(alice.viewer, referral).proposals] == ["SE"]
    assert rows(alice, state="SE") == {referral}
    assert rows(alice, state="AT") == set()


def test_nothing_known_goes_to_europol_and_can_be_listed(alice: Person, charlie: Person, harbour_unit: Unit) -> None:
    nowhere, somewhere = report(harbour_unit, {"espUserId": "1"}), report(harbour_unit, living_in("LU"), number=2)
    assert (route_of(nowhere), route_of(somewhere)) == ([EUROPOL], ["LU"])
    assert rows(alice, state=EUROPOL) == {nowhere}
    assert rows(charlie, state=EUROPOL) == set()
    assert queue.count(alice.viewer, Filters(state=EUROPOL)) == (1, False)
    assert story.total(alice.client, "/queue/?state=europol") == 1
    assert {name: number for _, name, number in story.lanes(alice.client.get("/queue/").text)}["europol"] == 1


def test_scoring_anew_keeps_the_states(alice: Person, harbour_unit: Unit) -> None:
    plan = WorldPlan(seed=3, referrals=4, days=1, forms=((Form.LEA_ZIP, 1.0),), truncated_share=0, incomplete_share=0, duplicate_share=0)
    taken = take_in(plan, harbour_unit.id)
    before = {row.referral_id: row.recipients for row in queue.page(alice.viewer, Filters()).rows}
    run_due_jobs()
    assert {row.referral_id: row.recipients for row in queue.page(alice.viewer, Filters()).rows} == before
    assert len(before) == len({referral for each in taken for referral in each.receipt.referrals})


def test_an_officer_adds_confirms_and_removes(alice: Person, harbour_unit: Unit) -> None:
    referral = report(harbour_unit, living_in("AT"))
    correct_states(alice.viewer, referral, Word("add", "fr", "A letter came from Lille.", "victim"))
    assert route_of(referral) == ["AT", "FR"]
    correct_states(alice.viewer, referral, Word("confirm", "AT", "Asked the registry."))
    correct_states(alice.viewer, referral, Word("remove", "FR", "The letter was of another case."))
    assert route_of(referral) == ["AT"]
    assert rows(alice, state="FR") == set()
    told = Correction.objects.order_by("corrected_at", "id").values_list("act", "recipient", "proposed")
    assert list(told) == [("add", "FR", None), ("confirm", "AT", 0.9), ("remove", "FR", None)]
    acts = [entry for entry in ledger.history(f"referral:{referral}") if entry.act == "referral.correct_states"]
    assert [entry.actor for entry in acts] == [alice.viewer.actor] * 3
    assert {entry.detail["recipient"] for entry in acts} == {"at", "fr"}


def test_an_officers_word_holds_for_the_next_version(alice: Person, harbour_unit: Unit) -> None:
    referral = report(harbour_unit, living_in("AT"))
    correct_states(alice.viewer, referral, Word("remove", "AT", "Moved away years ago."))
    assert route_of(referral) == [EUROPOL]
    correct_states(alice.viewer, referral, Word("add", "IT", "Lives there now."))
    report(harbour_unit, living_in("AT"), note="corrected")
    assert route_of(referral) == ["IT"]


def test_a_bundle_from_everywhere_is_routed_everywhere_and_once(harbour_unit: Unit) -> None:
    every = [living_in(code) for code in sorted(members())] * 2
    referral = report(harbour_unit, *every)
    assert route_of(referral) == sorted(members())
    assert Proposal.objects.filter(referral_id=referral).count() == len(members())


def test_the_last_word_on_a_state_holds(alice: Person, bob: Person, harbour_unit: Unit) -> None:
    referral = report(harbour_unit, living_in("AT"))
    correct_states(alice.viewer, referral, Word("remove", "AT", "Wrong."))
    correct_states(bob.viewer, referral, Word("add", "AT", "Right after all."))
    assert route_of(referral) == ["AT"]


def test_words_that_change_nothing_or_say_nothing_are_refused(alice: Person, harbour_unit: Unit) -> None:
    referral = report(harbour_unit, living_in("AT"))
    for word in (
        Word("add", "AT", "again"),
        Word("remove", "FR", "not there"),
        Word("confirm", "FR", "not there"),
    ):
        with pytest.raises(Conflict):
            correct_states(alice.viewer, referral, word)
    for wrong in (
        Word("add", "FR", " "),
        Word("add", "FR", "x" * 2_001),
        Word("add", "XX", "no such state"),
        Word("add", "\0", "no such state"),
        Word("shout", "FR", "no such act"),
        Word("add", "FR", "no such criterion", "nationality"),
    ):
        with pytest.raises(Invalid):
            correct_states(alice.viewer, referral, wrong)
    assert not Correction.objects.exists()


def test_europol_stays_while_no_member_state_is_known(alice: Person, harbour_unit: Unit) -> None:
    referral = report(harbour_unit, {"espUserId": "1"})
    with pytest.raises(Conflict):
        correct_states(alice.viewer, referral, Word("remove", EUROPOL, "no"))
    correct_states(alice.viewer, referral, Word("confirm", EUROPOL, "Nobody knows."))
    correct_states(alice.viewer, referral, Word("add", "US", "An address there."))
    assert route_of(referral) == ["US", EUROPOL]
    correct_states(alice.viewer, referral, Word("add", "MT", "And one there."))
    assert route_of(referral) == ["MT", "US", EUROPOL]
    correct_states(alice.viewer, referral, Word("remove", EUROPOL, "Known now."))
    assert route_of(referral) == ["MT", "US"]


def test_a_stranger_and_a_program_correct_nothing(alice: Person, charlie: Person, eve: Person, harbour_unit: Unit) -> None:
    referral = report(harbour_unit, living_in("AT"))
    with pytest.raises(Missing):
        correct_states(charlie.viewer, referral, Word("add", "FR", "curious"))
    with pytest.raises(Missing):
        correct_states(alice.viewer, uuid4(), Word("add", "FR", "no such referral"))
    with pytest.raises(Refused):
        correct_states(eve.viewer, referral, Word("add", "FR", "may not"))
    with pytest.raises(Refused):
        correct_states(replace(alice.viewer, via="token"), referral, Word("add", "FR", "a program"))
    with pytest.raises(Missing):
        concerned(charlie.viewer, referral)
    assert route_of(referral) == ["AT"]
    denied = [entry.actor for entry in ledger.history(f"referral:{referral}") if entry.denied]
    assert {charlie.viewer.actor, eve.viewer.actor} <= set(denied)


def test_the_page_shows_states_with_reasons_and_takes_corrections(alice: Person, bob: Person, harbour_unit: Unit) -> None:
    referral = report(harbour_unit, living_in("AT"), living_in("SE"))
    page = reverse("referral", args=[referral])
    text = alice.client.get(page).text
    assert "States concerned" in text
    assert "stated address of the reported account" in text
    assert "0.90" in text
    assert "Example Quay" not in text
    answer = bob.client.post(reverse("correct-states", args=[referral]), {"act": "remove", "recipient": "SE", "reason": "<i>moved</i>"})
    assert answer.headers["Location"] == f"{page}#states"
    assert route_of(referral) == ["AT"]
    shown = alice.client.get(page).text
    assert "&lt;i&gt;moved&lt;/i&gt;" in shown
    assert f"{reverse('queue')}?state=AT" in shown


def test_contradictory_evidence_shows_both_sides(alice: Person, harbour_unit: Unit) -> None:
    referral = report(harbour_unit, living_in("AT", "SE"))
    assert route_of(referral) == ["AT", "SE"]
    assert "against it:" in alice.client.get(reverse("referral", args=[referral])).text
    assert all(each.confidence < 0.6 for each in concerned(alice.viewer, referral).proposals)


def test_only_deciders_see_the_forms_and_strangers_see_no_page(charlie: Person, harbour_unit: Unit) -> None:
    referral = report(harbour_unit, living_in("AT"))
    assert charlie.client.get(reverse("referral", args=[referral])).status_code == 404
    assert (
        charlie.client.post(reverse("correct-states", args=[referral]), {"act": "add", "recipient": "FR", "reason": "x"}).status_code == 404
    )


def test_the_queue_shows_and_narrows_by_state(alice: Person, harbour_unit: Unit) -> None:
    report(harbour_unit, living_in("AT"))
    report(harbour_unit, living_in("SE"), living_in("AT"), living_in("FR"), number=2)
    text = alice.client.get(reverse("queue")).text
    assert 'class="iso" href="/queue/?state=AT"' in text
    assert "+1" in text
    assert story.total(alice.client, "/queue/?state=AT") == 2
    assert story.total(alice.client, "/queue/?state=SE") == 1
    assert story.total(alice.client, "/queue/?state=CY") == 0
    assert alice.client.get("/queue/?state=Atlantis").status_code == 400


def test_the_api_tells_states_and_takes_corrections_of_officers_only(alice: Person, harbour_unit: Unit) -> None:
    referral = report(harbour_unit, living_in("AT"))
    ours = program(harbour_unit)
    told = ours.get(f"/referrals/{referral}").json()["concerned"]
    assert told["recipients"] == ["AT"]
    (proposal,) = told["proposals"]
    assert (proposal["state"], proposal["criterion"], proposal["confidence"]) == ("AT", "suspect", 0.9)
    assert proposal["reasons"][0]["matter"] == "address"
    assert [row["recipients"] for row in ours.get("/referrals", state="AT").json()["items"]] == [["AT"]]
    assert ours.get("/referrals", state="FR").json()["items"] == []
    assert ours.get("/referrals", state="\0").status_code in {400, 422}
    word: dict[str, object] = {"act": "add", "recipient": "FR", "reason": "A letter."}
    assert ours.post(f"/referrals/{referral}/states", word).status_code == 403
    answer = sign_in(alice.officer).post(f"/api/v1/referrals/{referral}/states", json.dumps(word), content_type="application/json")
    assert (answer.status_code, answer.json()["recipient"], answer.json()["proposed"]) == (201, "FR", None)
    assert route_of(referral) == ["AT", "FR"]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The house stands already."""

    @contextmanager
    def open_house() -> Iterator[Environment]:
        yield environment.read()

    monkeypatch.setattr(house, "open_house", open_house)


def measured(unit: Unit, *words: str) -> str:
    done = CliRunner().invoke(routing.command, ["calibration", "--unit", unit.slug, *words])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.usefixtures("here")
def test_calibration_by_corrections_and_by_truth(alice: Person, harbour_unit: Unit, tmp_path: Path, taken: list[Taken]) -> None:
    assert "0 referrals" in measured(harbour_unit)
    referral = report(harbour_unit, living_in("AT"), living_in("SE"))
    correct_states(alice.viewer, referral, Word("confirm", "AT", "Right."))
    correct_states(alice.viewer, referral, Word("remove", "SE", "Wrong."))
    told = measured(harbour_unit)
    assert "1 referrals; 0 sets right" in told
    assert "precision: 0.500" in told
    assert "recall: 1.000" in told
    truth = tmp_path / "truth.jsonl"
    truth.write_text("".join(each.document.truth.as_json() + "\n" for each in taken), encoding="utf-8")
    assert f"{len(taken)} referrals; {len(taken)} sets right" in measured(harbour_unit, "--truth", str(truth))


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("line", ["{", "[]", '{"number": "1"}', '{"number": "1", "states": ["XX"]}', '{"number": "1", "states": [[]]}'])
def test_a_truth_that_cannot_be_read_is_refused_with_its_line(harbour_unit: Unit, tmp_path: Path, line: str) -> None:
    truth = tmp_path / "truth.jsonl"
    truth.write_text('{"number": "1", "states": ["AT"]}\n' + line + "\n", encoding="utf-8")
    done = CliRunner().invoke(routing.command, ["calibration", "--unit", harbour_unit.slug, "--truth", str(truth)])
    assert done.exit_code
    assert isinstance(done.exception, Invalid)
    assert "Line 2" in str(done.exception)


def test_a_double_is_not_routed_again(harbour_unit: Unit, taken: list[Taken]) -> None:
    before = Proposal.objects.count()
    (receipt,) = hand_in(harbour_unit, as_bytes(taken[0].document))
    assert receipt.outcome is Outcome.DOUBLE
    assert Proposal.objects.count() == before


def test_what_was_taken_in_before_there_was_routing_says_so(alice: Person, harbour_unit: Unit) -> None:
    referral = report(harbour_unit, living_in("AT"))
    Route.objects.all().delete()
    assert "Not routed yet" in alice.client.get(reverse("referral", args=[referral])).text
    with pytest.raises(Missing):
        correct_states(alice.viewer, referral, Word("add", "FR", "too early"))
    assert alice.viewer.capabilities <= EVERYTHING_BUT_ACCOUNTS
