"""Every rank is explained: its lines, what changed it last, where it would stand without something, and why one comes before another."""

from __future__ import annotations

from uuid import UUID

import pytest

from grace.accounts.models import Unit
from grace.casework import places
from grace.casework.models import QueueRow
from grace.custody import ledger
from grace.kernel import clock
from grace.kernel.errors import Missing
from grace.pipeline import beside as pipeline
from grace.pipeline import rankers
from grace.pipeline.referral_page import referral_page
from grace.pipeline.what_if import what_if
from grace.priority.assess import assess as write
from grace.priority.assess import signals_of, unpack
from grace.priority.changed import FACTS, RANKER, RULES, changed
from grace.priority.models import Assessment
from grace.priority.publish import in_force
from grace.priority.rankers import learned, rules_of
from grace.priority.rules import base_rules
from grace.priority.score import assess
from grace.sdk.signals import Basis, Signal
from tests.integration.test_ranker import BODY, promoted, rescore
from tests.integration.web.story import URGENT
from tests.support import floods
from tests.support.deliveries import hand_in, sample
from tests.support.people import Person
from tests.support.rule_bodies import publish_by_two

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(harbour_unit: Unit) -> list[UUID]:
    """Twenty-six referrals in Alice's queue, in the order in which they came."""
    documents = [sample("d1"), sample("d5"), sample("d6"), *floods.reports(23, viral=False)]
    return [each.referrals[0] for each in hand_in(harbour_unit, *documents)]


def ranked(unit: Unit) -> list[UUID]:
    found = QueueRow.objects.filter(unit=unit, status="open", is_line=True).order_by("-turn", "-floor", "-score", "-referral_id")
    return list(found.values_list("referral_id", flat=True))


def assessment(referral: UUID) -> Assessment:
    return Assessment.objects.select_related("rules").get(referral_id=referral)


def test_places_are_exact_for_any_height(alice: Person, harbour_unit: Unit, waiting: list[UUID]) -> None:
    order = ranked(harbour_unit)
    heights = [(0, 0), (0, 10_000), (100, 0), *QueueRow.objects.values_list("floor", "score")]
    for referral in (order[0], order[10], order[-1]):
        others = [row for row in QueueRow.objects.all() if row.referral_id != referral]
        told = [1 + sum((each.floor, each.score, each.referral_id) > (*height, referral) for each in others) for height in heights]
        assert places.ranks_if(alice.viewer, referral, 1, heights) == told
        assert places.rank_of(alice.viewer, referral) == (order.index(referral) + 1, False)
    assert places.ranks_if(alice.viewer, order[0], 1, []) == []


def test_what_if_tells_the_place_that_it_would_have(alice: Person, harbour_unit: Unit, waiting: list[UUID]) -> None:
    """Whoever takes the thing away for good finds the referral there."""
    asked = 0
    urgent = hand_in(harbour_unit, URGENT.read_bytes())[0].referrals
    for referral in [*waiting, *urgent]:
        row, now = QueueRow.objects.get(referral_id=referral), assessment(referral)
        for each in what_if(alice.viewer, row, now):
            if each.without not in {"escalation", "shared contacts"}:
                continue
            asked += 1
            kinds = {"escalation": ("sender.escalated", "sender.escalated_over_share"), "shared contacts": ("link.",)}[each.without]
            left = [signal for signal in now.signals if not signal[0].startswith(kinds)]
            found = assess(unpack(left), rules_of(now))
            QueueRow.objects.filter(referral_id=referral).update(floor=found.floor, score=found.score)
            assert ranked(harbour_unit).index(referral) + 1 == each.rank
            QueueRow.objects.filter(referral_id=referral).update(floor=row.floor, score=row.score)
    assert asked


def test_what_changed_it_last_is_told_line_by_line(alice: Person, bob: Person, harbour_unit: Unit, waiting: list[UUID]) -> None:
    first = waiting[0]
    assert changed(assessment(first)) is None
    rescore(harbour_unit)
    assert changed(assessment(first)) is None, "nothing has changed"
    body = base_rules()
    body["rules"] = [each for each in body["rules"] if each["id"] != "c-account"]
    publish_by_two(alice, bob, body)
    rescore(harbour_unit)
    found = changed(assessment(first))
    assert found is not None
    assert found.because == RULES
    assert ("completeness", "account named", 20, None) in [(each.part, each.text, each.before, each.after) for each in found.lines]
    sums = sum((each.after or 0) - (each.before or 0) for each in found.lines if each.part == "completeness")
    assert found.score[1] - found.score[0] == 10 * sums
    promoted(alice, bob, harbour_unit)
    again = changed(assessment(first))
    assert again is not None
    assert (again.because, again.lines) == (RANKER, ())
    assert again.score == (found.score[1], QueueRow.objects.get(referral_id=first).score)
    page = alice.client.get(f"/referrals/{first}/").content.decode()
    assert "What changed it last" in page
    assert "another ranker, or the rules alone, give the score" in page
    rankers.switch_off(alice.viewer, "for the test")
    off = changed(assessment(first))
    assert off is not None
    assert (off.because, off.score) == (RANKER, (again.score[1], again.score[0]))


def test_more_facts_are_told_as_facts(harbour_unit: Unit, waiting: list[UUID]) -> None:
    now, given = clock.now(), signals_of(waiting[:1])
    more = Signal("person.victim_under_13", value=True, basis=Basis.REPORTED, source="for the test")
    write({waiting[0]: [*given[waiting[0]], more]}, in_force(harbour_unit.id, now), now)
    found = changed(assessment(waiting[0]))
    assert found is not None
    assert found.because == FACTS
    assert [(each.text, each.before, each.after) for each in found.lines] == [("victim below 13", None, 10)]


@pytest.mark.parametrize("learnt", [False, True])
def test_two_are_compared_line_by_line_and_the_lines_make_the_difference(
    alice: Person, bob: Person, harbour_unit: Unit, waiting: list[UUID], *, learnt: bool
) -> None:
    if learnt:
        promoted(alice, bob, harbour_unit)
    order = ranked(harbour_unit)
    for place in range(1, len(order)):
        found = pipeline.beside(alice.viewer, order[place])
        assert [found.first.row.referral_id, found.second.row.referral_id] == order[place - 1 : place + 1]
        apart = found.first.row.score - found.second.row.score
        assert abs(sum(part.weighs for part in found.parts) - apart) <= 1e-9
        assert all(part.weighs == sum(line.weighs for line in part.lines) for part in found.parts)
        assert found.alike
        assert bool(found.axes) is learnt
        same = found.first.row.floor == found.second.row.floor
        assert found.because == ("floor" if not same else "score" if apart else "newer")
    assert pipeline.beside(alice.viewer, order[0]).first.row.referral_id == order[0], "the first one stands beside the second"
    entry = ledger.page(actor=alice.viewer.actor)[0]
    assert (entry.act, set(entry.subjects)) == ("referral.beside", {f"referral:{each}" for each in order[:2]})


def test_a_learned_score_is_the_sum_of_its_lines_on_the_page(alice: Person, bob: Person, harbour_unit: Unit, waiting: list[UUID]) -> None:
    promoted(alice, bob, harbour_unit)
    for referral in waiting:
        found = assessment(referral)
        assert abs(sum(each.points for each in learned(found)) - found.score) <= 1e-9
    page = referral_page(alice.viewer, waiting[0])
    assert sum(each.points for each in page.learned) == page.row.score
    told = alice.client.get(f"/referrals/{waiting[0]}/").content.decode()
    assert "The score, learned from outcomes" in told
    assert "what every referral starts with" in told
    assert str(BODY["start"]) in told


def test_pages_are_reached_from_queue_and_referral_and_name_any_other_by_number(
    alice: Person, charlie: Person, harbour_unit: Unit, hill_unit: Unit, waiting: list[UUID]
) -> None:
    order = ranked(harbour_unit)
    address = f"/referrals/{order[5]}/beside/"
    assert f'href="{address}" data-key="b"' in alice.client.get("/queue/").content.decode()
    assert f'href="{address}" data-key="b"' in alice.client.get(f"/referrals/{order[5]}/").content.decode()
    assert alice.client.get(address).status_code == 200
    last = QueueRow.objects.get(referral_id=order[-1])
    for typed in (str(last.number), f"R-26-{last.number:,}".replace(",", "\u00a0")):
        told = alice.client.get(address, {"number": typed}).content.decode()
        assert str(order[-1]) in told
    assert alice.client.get(address, {"with": str(order[-1])}).status_code == 200
    assert alice.client.get(address, {"with": "nonsense"}).status_code == 400
    assert alice.client.get(address, {"number": "nonsense"}).status_code == 400


def test_a_referral_of_another_unit_is_as_if_it_were_not(
    alice: Person, charlie: Person, harbour_unit: Unit, hill_unit: Unit, waiting: list[UUID]
) -> None:
    theirs = hand_in(hill_unit, *floods.reports(2, viral=False))[0].referrals[0]
    number = QueueRow.objects.get(referral_id=theirs).number
    address = f"/referrals/{waiting[0]}/beside/"
    nobody = UUID(int=7)
    answers = [
        alice.client.get(address, asked)
        for asked in ({"with": str(theirs)}, {"with": str(nobody)}, {"number": str(number)}, {"number": "999999999"})
    ]
    assert {each.status_code for each in answers} == {404}
    with pytest.raises(Missing):
        pipeline.beside(alice.viewer, theirs)
    with pytest.raises(Missing):
        pipeline.beside(charlie.viewer, waiting[0], theirs)
