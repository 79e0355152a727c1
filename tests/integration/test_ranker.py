"""The ranker on the real database: outcomes kept with the decision, training refused in numbers, shadow, two persons, back to the rules at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, transaction

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.casework.decide import Wish
from grace.casework.models import QueueRow
from grace.cli.priority import command
from grace.custody import ledger
from grace.kernel import clock
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.pipeline import line as lines
from grace.pipeline import rankers as pipeline
from grace.pipeline import rescore as rescoring
from grace.pipeline import rules as ruling
from grace.pipeline.decide import decide
from grace.priority import learn, rankers
from grace.priority import lines as verbs
from grace.priority.assess import signals_of
from grace.priority.features import valued
from grace.priority.models import Assessment, Outcome, Ranker, ShadowScore
from grace.priority.publish import in_force
from grace.priority.rules import base_rules, read_rules
from grace.priority.shapes import read_ranker
from tests.integration.test_line import decided
from tests.support import floods
from tests.support.deliveries import hand_in, sample
from tests.support.people import Person, make_person
from tests.support.rule_bodies import lifted

pytestmark = pytest.mark.django_db

BODY: dict[str, Any] = {
    "format": "grace-ranker",
    "start": 4_000,
    "shapes": [
        {"feature": "contact.email_count", "edges": [0.5], "points": [0, 700]},
        {"feature": "file.known_count", "edges": [0.5], "points": [0, -500]},
        {"feature": "file.named_count", "edges": [0.5, 1.5], "points": [0, 30, 2_000]},
    ],
    "pairs": [],
}
PASSPORT: dict[str, Any] = {
    "format": "grace-ranker-passport",
    "data": {
        "trained": {"outcomes": 300, "urgent": 60},
        "held": {"outcomes": 100, "urgent": 20},
        "from": "2026-03-01T00:00:00+00:00",
        "until": "2026-04-01T00:00:00+00:00",
        "largest_weight": 9.5,
        "unread": 0.0,
    },
    "measured": {
        "area": [0.91, 0.88, 0.94],
        "area_of_rules": [0.86, 0.83, 0.9],
        "caught": [0.7, 0.6, 0.8],
        "caught_by_rules": [0.6, 0.5, 0.7],
        "calibration_error": [0.01, 0.005, 0.02],
    },
    "features": [{"feature": "contact.email_count", "axis": "actionability", "direction": 1}],
    "denied": {"words": ["age"], "found": []},
    "rules": 1,
    "seed": 1,
}


@pytest.fixture
def waiting(harbour_unit: Unit) -> list[UUID]:
    """Twenty-six referrals in Alice's queue, three of them as different as samples are."""
    documents = [sample("d1"), sample("d5"), sample("d6"), *floods.reports(23, viral=False)]
    return [each.referrals[0] for each in hand_in(harbour_unit, *documents)]


def kept(person: Person, body: dict[str, Any] = BODY) -> Ranker:
    return rankers.keep(person.viewer, body, PASSPORT, clock.now())


def rescore(unit: Unit) -> None:
    """What the deferred job does."""
    after = None
    while (after := rescoring.rescore(unit.id, after)) is not None:
        pass


def promoted(alice: Person, bob: Person, unit: Unit, body: dict[str, Any] = BODY) -> Ranker:
    row = kept(alice, body)
    pipeline.begin_shadow(alice.viewer, row.number)
    rescore(unit)
    pipeline.propose(alice.viewer, row.number, "better in shadow")
    pipeline.promote(bob.viewer, row.number)
    rescore(unit)
    row.refresh_from_db()
    return row


def scores() -> dict[UUID, tuple[int, int]]:
    return {each.referral_id: (each.floor, each.score) for each in QueueRow.objects.all()}


def test_each_decision_is_an_outcome_with_what_was_known_before_it(alice: Person, waiting: list[UUID]) -> None:
    first, second, third = waiting[:3]
    decide(alice.viewer, first, Wish("take"))
    assert not Outcome.objects.exists()
    decide(alice.viewer, first, Wish("escalate", "danger now"))
    decide(alice.viewer, second, Wish("not_actionable", "no lead"))
    assert dict(Outcome.objects.values_list("referral_id", "is_urgent")) == {first: True, second: False}
    assert all(signal[2] != "officer" for each in Outcome.objects.all() for signal in each.signals)
    before = Outcome.objects.get(referral_id=second)
    decide(alice.viewer, second, Wish("take_back", "read again"))
    assert Outcome.objects.get(referral_id=second).is_urgent is None
    decide(alice.viewer, second, Wish("escalate", "danger after all"))
    after = Outcome.objects.get(referral_id=second)
    assert (after.is_urgent, after.signals, after.decided_at) == (True, before.signals, before.decided_at)
    decide(alice.viewer, third, Wish("hand_over", "theirs", recipient="Hill Unit", confirmed=True))
    assert Outcome.objects.get(referral_id=third).is_urgent is False


def test_too_few_outcomes_are_refused_in_numbers_and_change_nothing(alice: Person, waiting: list[UUID]) -> None:
    decided(alice, waiting[:2], waiting[2:5])
    with pytest.raises(Conflict, match="58 escalated and 237 other decided referrals are missing"):
        pipeline.train(alice.viewer)
    assert Outcome.objects.count() == 5, "what was decided before outcomes were kept is noted"
    assert not Ranker.objects.exists()
    told = CliRunner().invoke(command, ["train", "--unit", "harbour-unit"])
    assert told.exit_code != 0
    assert "58 escalated" in str(told.exception) + told.output


def test_a_ranker_is_trained_on_what_officers_decided(alice: Person, harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn, "LEAST_URGENT", 12)
    monkeypatch.setattr(learn, "LEAST_CALM", 20)
    found = [each.referrals[0] for each in hand_in(harbour_unit, *floods.reports(60, viral=False))]
    decided(alice, found[::3], [each for each in found if each not in found[::3]])
    made = pipeline.train(alice.viewer)
    assert (made.number, made.state, made.trained_by) == (1, "trained", alice.viewer.actor)
    assert made.passport["data"]["trained"]["outcomes"] + made.passport["data"]["held"]["outcomes"] == 60
    assert made.digest == made.passport["digest"]
    assert rankers.running(made.id) == read_ranker(made.body)
    entry = ledger.page(actor=alice.viewer.actor)[0]
    assert (entry.act, entry.detail["digest"]) == ("ranker.train", made.digest)


def test_a_shadow_run_is_kept_beside_the_order_and_moves_nothing(alice: Person, harbour_unit: Unit, waiting: list[UUID]) -> None:
    before = scores()
    row = kept(alice)
    with pytest.raises(Conflict, match="shadow run"):
        pipeline.propose(alice.viewer, row.number, "at once")
    pipeline.begin_shadow(alice.viewer, row.number)
    with pytest.raises(Conflict, match="it needs 20"):
        pipeline.propose(alice.viewer, row.number, "at once")
    rescore(harbour_unit)
    assert scores() == before
    assert ShadowScore.objects.filter(ranker=row).count() == len(waiting)
    assert not Assessment.objects.filter(ranker__isnull=False).exists()
    found = pipeline.ranker_page(alice.viewer).beside
    assert found is not None
    assert found.scored == len(waiting)
    assert found.up + found.down > 0
    ranker = read_ranker(BODY)
    told = {each.referral_id: each.score for each in ShadowScore.objects.all()}
    assert told == {referral: ranker.score(valued(given)) for referral, given in signals_of(waiting).items()}


def test_two_persons_promote_and_the_order_follows_above_no_floor(
    alice: Person, bob: Person, harbour_unit: Unit, waiting: list[UUID]
) -> None:
    before = scores()
    row = kept(alice)
    pipeline.begin_shadow(alice.viewer, row.number)
    rescore(harbour_unit)
    with pytest.raises(Conflict, match="Nobody has proposed"):
        pipeline.promote(bob.viewer, row.number)
    pipeline.propose(alice.viewer, row.number, "better in shadow")
    with pytest.raises(Refused, match="You proposed"):
        pipeline.promote(alice.viewer, row.number)
    with pytest.raises(Refused, match="Only an officer"):
        pipeline.promote(replace(bob.viewer, via="operator"), row.number)
    with pytest.raises(Invalid, match="reason"):
        pipeline.propose(alice.viewer, row.number, " ")
    pipeline.promote(bob.viewer, row.number)
    rescore(harbour_unit)
    after = scores()
    assert {referral: floor for referral, (floor, _score) in after.items()} == {referral: floor for referral, (floor, _) in before.items()}
    assert after != before
    ranked = Assessment.objects.all()
    assert all(each.ranker_id == row.id for each in ranked)
    assert all(any(line[3] == "learned" for line in each.why) for each in QueueRow.objects.filter(floor=0))
    acts = [each.act for each in ledger.page(limit=200) if each.act.startswith("ranker.")]
    assert acts == ["ranker.promote"] * 3 + ["ranker.propose", "ranker.shadow"], "two attempts were refused"


def test_the_table_itself_wants_two_persons(alice: Person) -> None:
    row = kept(alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ranker.objects.filter(id=row.id).update(state="promoted", proposed_by="one", promoted_by="one")
    with pytest.raises(IntegrityError), transaction.atomic():
        Ranker.objects.filter(id=row.id).update(state="promoted")


def test_one_request_leads_back_to_the_rules_alone(alice: Person, bob: Person, harbour_unit: Unit, waiting: list[UUID]) -> None:
    before, whys = scores(), {each.referral_id: each.why for each in QueueRow.objects.all()}
    promoted(alice, bob, harbour_unit)
    same = waiting[3]
    QueueRow.objects.filter(referral_id=same).update(score=before[same][1])
    ranked = scores()
    moved = pipeline.switch_off(bob.viewer, "it looks wrong")
    assert scores() == before, "no job has run yet"
    assert moved >= sum(before[each] != ranked[each] for each in before) > 0
    assert not any(line[3] == "learned" for each in QueueRow.objects.all() for line in each.why)
    assert not Assessment.objects.filter(ranker__isnull=False).exists()
    with pytest.raises(Missing, match="rules order alone"):
        pipeline.switch_off(bob.viewer, "again")
    rescore(harbour_unit)
    assert scores() == before
    assert {each.referral_id: each.why for each in QueueRow.objects.all()} == whys


def test_roll_back_returns_to_the_one_before(alice: Person, bob: Person, harbour_unit: Unit, waiting: list[UUID]) -> None:
    first = promoted(alice, bob, harbour_unit)
    by_first = scores()
    with pytest.raises(Missing, match="no earlier ranker"):
        pipeline.roll_back(alice.viewer, "too new")
    second = promoted(bob, alice, harbour_unit, {**BODY, "start": 100})
    assert scores() != by_first
    assert pipeline.roll_back(alice.viewer, "worse").id == first.id
    rescore(harbour_unit)
    assert scores() == by_first
    second.refresh_from_db()
    assert (second.state, second.retire_reason) == ("retired", "worse")


def test_a_body_that_was_changed_in_the_table_runs_no_more(alice: Person, bob: Person, harbour_unit: Unit, waiting: list[UUID]) -> None:
    row = kept(alice)
    Ranker.objects.filter(id=row.id).update(body={**BODY, "start": 9_000})
    with pytest.raises(Invalid, match="not what was trained"):
        rankers.running(row.id)


def test_a_ranker_ends_what_a_line_says_and_the_next_rests_on_what_it_has_not_seen(alice: Person, bob: Person, harbour_unit: Unit) -> None:
    lines.set_audit(alice.viewer, 1000, 100)
    found = [each.referrals[0] for each in hand_in(harbour_unit, *floods.reports(70, viral=False))]
    decided(alice, found[6:], found[:6])
    line = lines.set_line(alice.viewer, "population", 50, "for the test")
    promoted(alice, bob, harbour_unit)
    assert verbs.look(line, in_force(harbour_unit.id, clock.now()), {}, clock.now()) == ["rules"]
    assert lines.line_page(alice.viewer, 50, "batch").surveyed.reading.drawn == 0


def test_only_who_may_sees_and_acts_and_units_are_apart(alice: Person, bob: Person, charlie: Person, harbour_unit: Unit) -> None:
    row = kept(alice)
    reader = make_person("Finn", harbour_unit, frozenset({Capability.READ})).viewer
    for act in (
        lambda: pipeline.ranker_page(reader),
        lambda: pipeline.train(reader),
        lambda: pipeline.begin_shadow(reader, row.number),
        lambda: pipeline.switch_off(reader, "no"),
    ):
        with pytest.raises(Refused):
            act()
    with pytest.raises(Missing):
        pipeline.begin_shadow(charlie.viewer, row.number)
    assert pipeline.ranker_page(charlie.viewer).rankers == []


def test_the_command_line_lists_shows_compares_and_switches_off(
    alice: Person, bob: Person, harbour_unit: Unit, waiting: list[UUID]
) -> None:
    def run(*args: str) -> str:
        told = CliRunner().invoke(command, ["ranker", *args, "--unit", "harbour-unit"], catch_exceptions=False)
        assert told.exit_code == 0, told.output
        return told.output

    kept(alice)
    assert "trained" in run("list")
    assert "held back and measured on 100 outcomes, 20 of them escalated" in run("show", "1")
    assert '"grace-ranker"' in run("show", "1", "--json")
    assert "shadow" in run("shadow", "1")
    rescore(harbour_unit)
    assert f"{len(waiting)} wait" in run("compare")
    pipeline.propose(alice.viewer, 1, "good")
    pipeline.promote(bob.viewer, 1)
    rescore(harbour_unit)
    assert "The rules order alone" in run("off", "--reason", "for the test")


def test_asking_what_is_in_force_stays_one_question(harbour_unit: Unit, django_assert_num_queries: Any) -> None:
    in_force(harbour_unit.id, clock.now())
    with django_assert_num_queries(1):
        assert in_force(harbour_unit.id, clock.now()).rules == read_rules(base_rules())


def test_the_page_leads_from_the_shadow_run_to_two_persons_and_back(
    alice: Person, bob: Person, harbour_unit: Unit, waiting: list[UUID]
) -> None:
    def told(person: Person, address: str = "/ranker/") -> str:
        answer = person.client.get(address)
        assert answer.status_code == 200
        return answer.content.decode()

    def act(person: Person, what: str, reason: str = "") -> int:
        return person.client.post("/ranker/1/act/", {"act": what, "reason": reason}).status_code

    assert "60 escalated and 240 other decided referrals are missing" in told(alice)
    kept(alice)
    assert "e-mail address" in told(alice, "/ranker/1/")
    assert act(alice, "shadow") == 302
    rescore(harbour_unit)
    assert "runs in shadow" in told(alice)
    assert act(alice, "propose") == 400, "without a reason"
    assert act(alice, "propose", "better") == 302
    assert "Another person has to promote it." in told(alice)
    assert act(alice, "promote") == 403
    assert "Proposed by" in told(bob)
    assert act(bob, "promote") == 302
    rescore(harbour_unit)
    assert "Ranker 1 makes the order" in told(bob)
    assert bob.client.post("/ranker/back/", {"reason": "x"}).status_code == 404
    assert alice.client.post("/ranker/off/", {"reason": "for the test"}).status_code == 302
    assert "The rules order alone" in told(alice)


def test_a_preview_of_rules_shows_what_floors_do_where_a_ranker_gives_the_scores(
    alice: Person, bob: Person, harbour_unit: Unit, waiting: list[UUID]
) -> None:
    promoted(alice, bob, harbour_unit)
    body = base_rules()
    body["weights"] = {"completeness": 100, "actionability": 0, "urgency": 0, "novelty": 0}
    assert ruling.preview_rules(alice.viewer, body).changes == []
    found = ruling.preview_rules(alice.viewer, lifted())
    assert found.floors_gained == len(found.changes) > 0
