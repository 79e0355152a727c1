"""Links as jobs, officers and corrections make them: circles, hubs, cuts, and what other units hold."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from grace.accounts.models import Unit
from grace.casework.decide import Wish
from grace.custody import ledger
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.links.models import Bearing, Circle, Circled
from grace.links.weights import weights
from grace.pipeline.decide import decide
from grace.pipeline.links import LinksPage, judge, links_page, way
from grace.referrals.models import Referral
from tests.support import floods
from tests.support.deliveries import hand_in
from tests.support.jobs import run_due_jobs
from tests.support.people import Person

pytestmark = pytest.mark.django_db


def take_in(unit: Unit, *documents: bytes) -> list[UUID]:
    return floods.take_in(unit, documents, name="report.zip")


def others(page: LinksPage) -> list[UUID]:
    return [each.other for each in page.hop.links]


def acts(referral: UUID) -> list[tuple[str, str]]:
    return [(entry.act, entry.kind) for entry in ledger.history(f"referral:{referral}", 50)]


def circles(unit: Unit) -> list[int]:
    return sorted(Circle.objects.filter(unit=unit, members__gt=0).values_list("members", flat=True))


def test_one_account_in_two_reports_links_them_and_says_why(alice: Person, harbour_unit: Unit) -> None:
    first, second, third = take_in(harbour_unit, floods.tip(701, "u-1"), floods.tip(702, "u-1"), floods.tip(703, "u-2"))
    page = links_page(alice.viewer, first)
    (link,) = page.hop.links
    (why,) = link.whys
    assert (link.other, why.kind, why.shared_by, why.basis, why.text) == (second, "user_id", 2, "reported", "")
    assert link.strength > 0.99
    assert (page.hop.members, links_page(alice.viewer, third).hop.links) == (2, [])
    assert ("circle.join", "COMBINATION") in acts(first)
    assert ("links.read", "CONSULTATION") in acts(second), "who is shown is told"


def test_the_value_shows_once_the_referral_is_taken(alice: Person, harbour_unit: Unit) -> None:
    first, _ = take_in(harbour_unit, floods.tip(701, "u-1"), floods.tip(702, "u-1"))
    decide(alice.viewer, first, Wish("take"))
    assert [why.text for link in links_page(alice.viewer, first).hop.links for why in link.whys] == ["u-1"]


def test_files_and_stated_numbers_link_whichever_came_first(alice: Person, harbour_unit: Unit) -> None:
    (naming,) = take_in(harbour_unit, floods.tip(801, "u-1", earlier=802))
    named, with_file = take_in(harbour_unit, floods.tip(802, "u-2", md5="ab" * 16), floods.tip(803, "u-3", md5="ab" * 16))
    found = {each.other: {why.kind for why in each.whys} for each in links_page(alice.viewer, named).hop.links}
    assert found == {naming: {"number", "bundle"}, with_file: {"file"}}
    assert circles(harbour_unit) == [3]


def test_what_another_unit_holds_makes_no_link_and_no_number(alice: Person, charlie: Person, harbour_unit: Unit, hill_unit: Unit) -> None:
    (mine,) = take_in(harbour_unit, floods.tip(701, "u-1", md5="ab" * 16))
    theirs = take_in(hill_unit, floods.tip(702, "u-1", md5="ab" * 16), floods.tip(703, "u-1"))
    page = links_page(alice.viewer, mine)
    assert (page.hop.links, page.hop.whole, page.hop.times, page.hop.members) == ([], 0, [], 0)
    for link in links_page(charlie.viewer, theirs[0]).hop.links:
        assert link.other == theirs[1]
        assert {why.shared_by for why in link.whys} == {2}
    for refused in (lambda: links_page(alice.viewer, theirs[0]), lambda: judge(alice.viewer, (mine, theirs[0]), "confirmed", "same")):
        with pytest.raises(Missing):
            refused()
    number = str(Referral.objects.get(id=theirs[0]).number)
    with pytest.raises(Missing):
        way(alice.viewer, mine, number)


def test_a_hub_links_nobody(alice: Person, harbour_unit: Unit) -> None:
    limit = weights().kinds["file"].limit
    few = take_in(harbour_unit, *(floods.tip(7000 + n, f"u-{n}", md5="ab" * 16) for n in range(3)))
    assert circles(harbour_unit) == [3]
    for place in range(3, limit):
        row = {"kind": "file", "value": UUID("ab" * 16), "basis": "observed", "weak": False, "in_text": False}
        referral = Referral.objects.get(id=few[0])
        referral.pk, referral.number, referral.external, referral._state.adding = None, 10_000_000 + place, f"other {place}", True
        referral.save()
        Bearing.objects.create(unit=harbour_unit, referral=referral, **row)
    assert limit == Bearing.objects.filter(value=UUID("ab" * 16)).count()
    take_in(harbour_unit, floods.tip(7999, "u-x", md5="ab" * 16))
    assert circles(harbour_unit) == [], "what half the world has joins nobody any more"
    assert others(links_page(alice.viewer, few[0])) == []
    assert ("circle.split", "COMBINATION") in acts(few[0])


def test_a_correction_takes_the_link_away(alice: Person, harbour_unit: Unit) -> None:
    first, second = take_in(harbour_unit, floods.tip(701, "u-1"), floods.tip(702, "u-1"))
    assert circles(harbour_unit) == [2]
    assert take_in(harbour_unit, floods.tip(702, "u-9")) == [second]
    assert others(links_page(alice.viewer, first)) == []
    assert circles(harbour_unit) == []


def test_an_officer_cuts_confirms_and_withdraws(alice: Person, harbour_unit: Unit) -> None:
    first, second, third = take_in(harbour_unit, floods.tip(701, "u-1"), floods.tip(702, "u-1"), floods.tip(703, "u-3"))
    judge(alice.viewer, (first, second), "cut", "two people use the account")
    assert circles(harbour_unit) == []
    (cut,) = links_page(alice.viewer, first).hop.links
    assert cut.is_cut
    assert cut.said is not None
    assert cut.said.reason == "two people use the account"
    assert {("link.cut", "ALTERATION"), ("circle.split", "COMBINATION")} <= set(acts(first))
    with pytest.raises(Conflict):
        judge(alice.viewer, (second, first), "cut", "again")
    judge(alice.viewer, (first, third), "confirmed", "the same flat in both pictures")
    assert circles(harbour_unit) == [2]
    assert ("link.confirmed", "COMBINATION") in acts(third)
    judge(alice.viewer, (first, second), "withdrawn", "it was one person")
    assert circles(harbour_unit) == [3]
    take_in(harbour_unit, floods.tip(704, "u-8"))
    assert Circled.objects.get(referral_id=third).circle_id == Circled.objects.get(referral_id=second).circle_id


def test_an_act_needs_a_reason_a_pair_and_an_officer(alice: Person, eve: Person, harbour_unit: Unit) -> None:
    first, second = take_in(harbour_unit, floods.tip(701, "u-1"), floods.tip(702, "u-1"))
    for pair, says, reason in (((first, second), "cut", " "), ((first, first), "cut", "x"), ((first, second), "burn", "x")):
        with pytest.raises(Invalid):
            judge(alice.viewer, pair, says, reason)
    for viewer in (eve.viewer, replace(alice.viewer, via="token")):
        with pytest.raises(Refused):
            judge(viewer, (first, second), "cut", "x")
    assert circles(harbour_unit) == [2]


def test_the_way_between_two_referrals(alice: Person, harbour_unit: Unit) -> None:
    documents = [
        floods.tip(701, "u-1", md5="ab" * 16),
        floods.tip(702, "u-2", md5="ab" * 16),
        floods.tip(703, "u-2"),
        floods.tip(704, "u-4"),
    ]
    first, second, third, alone = take_in(harbour_unit, *documents)
    numbers = dict(Referral.objects.values_list("id", "number"))
    found = way(alice.viewer, first, str(numbers[third])).links
    assert found is not None
    assert [(each.one, each.other, each.whys[0].kind) for each in found] == [(first, second, "file"), (second, third, "user_id")]
    assert way(alice.viewer, first, str(numbers[alone])).links is None
    assert way(alice.viewer, first, str(numbers[first])).links == []


def test_a_split_off_duplicate_follows(alice: Person, harbour_unit: Unit) -> None:
    (document,) = floods.reports(1, viral=False)
    hand_in(harbour_unit, document, floods.renumbered(document, 5))
    run_due_jobs()
    assert circles(harbour_unit) == [2]
