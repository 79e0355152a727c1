"""Whoever decides may follow the machine too far: that is measured over a unit and offered of nobody (AI Act, Article 14(4)(b); LED Article 25(2))."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from grace.accounts.models import Officer, Unit
from grace.casework import discipline, second_looks
from grace.casework.agreement import LEAST_ANSWERS
from grace.casework.decide import Wish
from grace.casework.discipline import Stated
from grace.casework.discipline_models import Answer, Confirmed, SecondLook
from grace.custody import ledger
from grace.kernel import clock
from grace.pipeline import desk
from grace.pipeline import discipline as pipeline
from grace.pipeline.decide import decide as carry_out
from tests.support.desks import closed, colleagues, waiting
from tests.support.people import Person

pytestmark = pytest.mark.django_db

STATED = {"capacity": 9, "officers": 5, "patience": 24, "bound": 30, "second": 200, "seeded": 0, "hidden": 0, "most_a_day": 20}


@pytest.fixture
def looked_at(harbour_unit: Unit, alice: Person, monkeypatch: pytest.MonkeyPatch) -> list[Person]:
    """Six officers had 24 second looks between them two months ago."""

    class Always:
        def randbelow(self, _below: int) -> int:
            return 0

    monkeypatch.setattr(second_looks, "secrets", Always())
    people = colleagues(harbour_unit, 6)
    with clock.held(clock.now() - timedelta(days=62)):
        pipeline.state(alice.viewer, Stated(STATED))
        closed(alice, waiting(harbour_unit, 24, novelty=0, score=10), "known")
    with clock.held(clock.now() - timedelta(days=60)):
        for turn in range(24):
            officer = people[turn % 6]
            referral = desk.take_next(officer.viewer)
            assert referral is not None
            carry_out(officer.viewer, referral, Wish("known" if turn % 4 else "escalate", "it seems so", confirmed=True))
    return people


def addresses(found: URLResolver, prefix: str = "") -> list[str]:
    """Every address without arguments that this installation answers."""
    some: list[str] = []
    for each in found.url_patterns:
        if isinstance(each, URLResolver):
            some += addresses(each, prefix + str(each.pattern))
        elif isinstance(each, URLPattern) and "<" not in prefix + str(each.pattern):
            some.append("/" + (prefix + str(each.pattern)).lstrip("^/").rstrip("$"))
    return some


def test_law_A6_following_is_measured_over_the_unit(alice: Person, looked_at: list[Person]) -> None:
    assert Answer.objects.count() == 24 >= LEAST_ANSWERS
    page = alice.client.get("/pace/")
    part = page.context["page"].agreement.parts["all"]
    assert (part.kappa.n, part.kappa.agreed, part.proposed, part.followed, part.unopened) == (24, 18, 24, 18, 18)
    assert "Agreed without opening" in page.text


def test_law_A6_nothing_of_an_answer_names_an_officer_or_a_referral(looked_at: list[Person]) -> None:
    """What is said and who said it stand in no table together."""
    assert {each.name for each in Answer._meta.get_fields()} == {
        "id", "unit", "month", "kind", "expected", "answered", "proposed", "shown", "opened",
    }  # fmt: skip
    assert not SecondLook.objects.exclude(kind="", expected="", opened=False).exists(), "who had one, and no more"
    assert {each.id.version for each in Answer.objects.all()} == {4}, "not even in their order"
    assert "officer" not in {each.name for each in Confirmed._meta.get_fields()}


def test_law_A6_no_page_export_or_answer_of_the_product_offers_it_by_officer(alice: Person, dora: Person, looked_at: list[Person]) -> None:
    """All addresses that need no argument, asked by who may do everything: where agreement is told, no officer is named."""
    names = [each.officer.display_name for each in looked_at] + [str(each.officer.id) for each in looked_at]
    telling = set()
    for address in set(addresses(get_resolver())) - {"/custody/verify_ledger.py"}:  # a program, the same for everybody
        for person in (alice, dora):
            answer = person.client.get(address, {"officer": looked_at[0].officer.username})
            text = "" if answer.streaming else answer.content.decode(errors="replace")
            if any(word in text.lower() for word in ("kappa", "agreed without opening")):
                telling.add(address)
                assert not [name for name in names if name in text], address
    assert telling == {"/pace/"}


def test_law_L3_the_ledger_measures_nobody(alice: Person, looked_at: list[Person]) -> None:
    """By actor, by kind, exported: entries tell that a second look was given and answered, never what, nor of which referral."""
    for person in looked_at:
        found = [each for each in ledger.page(actor=person.viewer.actor, limit=200) if each.act.startswith("second_look.")]
        assert {each.act for each in found} == {"second_look.give", "second_look.answer"}
        assert all(each.detail == {} and len(each.subjects) == 2 for each in found)
        assert not any(each.subjects[0].startswith("referral:") or each.subjects[1].startswith("referral:") for each in found)


def test_law_L3_no_table_of_the_product_counts_by_officer(looked_at: list[Person]) -> None:
    """The tables that hold numbers of the order of work hold no officer, and the figures that are kept name none."""
    kept = discipline.of(looked_at[0].officer.unit_id)
    assert kept is not None
    text = json.dumps(kept.figures)
    assert not [each for each in Officer.objects.all() if str(each.id) in text or each.display_name in text]
