"""The unit page: what waits, how long it waited, what starves; each number leads to what it counts, and none counts another unit's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from grace.accounts.models import Unit
from grace.casework import unit_figures
from grace.casework.decide import Wish
from grace.casework.models import QueueRow, UnitFigures
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.kernel import clock
from grace.pipeline import unit as pipeline
from grace.pipeline.decide import decide
from tests.integration.test_escalations import escalated
from tests.integration.test_line import decided
from tests.integration.test_sender_pages import NOON, counted_at, numbers_on
from tests.support import floods
from tests.support.deliveries import hand_in, sample
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, Person, make_person, make_unit

pytestmark = pytest.mark.django_db

AGES_IN_DAYS = (0.5, 3, 10, 40, 80)


@pytest.fixture
def world(harbour_unit: Unit, alice: Person) -> Any:
    """Referrals of all ages, urgent ones among them; one was taken soon, one late, one against its floor, one was escalated."""
    documents = floods.reports(5, viral=False)
    for place, days in enumerate(AGES_IN_DAYS):
        with clock.held(NOON - timedelta(days=days)):
            hand_in(harbour_unit, *(floods.renumbered(documents[place], 1000 + 10 * place + more) for more in range(2)), escalated(place))
    with clock.held(NOON):
        (receipt, other, third) = hand_in(harbour_unit, sample("d1"), sample("d5"), escalated(20))
        with clock.held(NOON + timedelta(hours=2)):
            decide(alice.viewer, receipt.referrals[0], Wish("take"))
            decide(alice.viewer, other.referrals[0], Wish("escalate", "a child may be in danger"))
            decide(alice.viewer, third.referrals[0], Wish("not_actionable", "nothing in it"))
        oldest = QueueRow.objects.order_by("received_at").first()
        assert oldest is not None
        with clock.held(NOON + timedelta(hours=1)):
            decide(alice.viewer, oldest.referral_id, Wish("take"))
    with clock.held(NOON + timedelta(hours=3)):
        yield None


@pytest.mark.usefixtures("world")
def test_every_number_leads_to_what_it_counts(alice: Person) -> None:
    html = alice.client.get("/unit/").content.decode()
    found = numbers_on(html)
    assert len(found) > 90
    for address, number in found:
        if address.startswith(("/unit/referrals/", "/queue/")):
            assert counted_at(alice, address) == number, address
    told = dict(found)
    assert [told[f"/unit/referrals/?age={age}"] for age in range(5)] == [4, 3, 3, 3, 2]
    assert sum(told[f"/unit/referrals/?age={age}&urgent=1"] for age in range(5)) >= 3
    assert told["/unit/referrals/?what=let_go"] == told["/unit/referrals/?what=raised"] == 1
    assert told["/unit/referrals/?what=begun"] == 4


@pytest.mark.usefixtures("world")
def test_waits_are_told_and_the_late_ones_listed(alice: Person, harbour_unit: Unit) -> None:
    figures, _seconds = unit_figures.count(harbour_unit.id, clock.now())
    number, middle, most, longest = figures["waited"]["all"]
    assert (number, round(middle, 2)) == (4, 2.0)
    assert most == longest
    assert round(longest / 24) == 80
    assert counted_at(alice, f"/unit/referrals/?what=begun&over={int(most * 3600) - 10}") == 1
    assert counted_at(alice, "/unit/referrals/?what=begun&over=3600") == 4
    assert figures["against"] == {"decided": 2, "held": 1, "let_go": 1, "others": 1, "raised": 1}
    assert sum(figures["came"]) < len(QueueRow.objects.all()), "days of this week are not a whole week yet"


@pytest.mark.usefixtures("world")
def test_another_units_referrals_never_count(alice: Person, bob: Person, charlie: Person, harbour_unit: Unit) -> None:
    before = alice.client.get("/unit/").content
    far = make_unit("Far Unit")
    dan = make_person("Dan", far, EVERYTHING_BUT_ACCOUNTS)
    taken = hand_in(far, *floods.reports(3, viral=False), escalated(50), sample("d6"))
    decide(dan.viewer, taken[0].referrals[0], Wish("escalate", "now"))
    decide(dan.viewer, taken[3].referrals[0], Wish("not_actionable", "nothing"))
    UnitFigures.objects.all().delete()
    again = alice.client.get("/unit/").content
    assert numbers_on(again.decode()) == numbers_on(before.decode())
    assert sum(number for address, number in numbers_on(charlie.client.get("/unit/").content.decode()) if "age=" in address) == 0
    for address, _number in numbers_on(before.decode()):
        if address.startswith("/unit/referrals/"):
            assert counted_at(charlie, address) == 0
    mine = {str(row.referral_id) for row in QueueRow.objects.filter(unit=far)}
    assert not any(each in alice.client.get("/unit/referrals/").content.decode() for each in mine)
    assert UnitFigures.objects.count() == 2


def test_who_may_read_reads_and_nobody_else(alice: Person, eve: Person) -> None:
    assert eve.client.get("/unit/").status_code == 403
    assert eve.client.get("/unit/referrals/").status_code == 403
    assert alice.client.get("/unit/").status_code == 200
    acts = [entry.act for entry in ledger.page(actor=alice.viewer.actor)]
    assert "unit.read" in acts
    assert any(entry.denied for entry in ledger.page(actor=eve.viewer.actor) if entry.act == "unit.read")


@pytest.mark.parametrize(
    "query",
    [
        "what=all",
        "axis=height",
        "axis=urgency&band=7",
        "age=5",
        "age=-1",
        "age=%C2%B2",
        "over=1e9",
        "after=!",
        "after=bm90LWEta2V5",
        "band=99999999999",
    ],
)
def test_addresses_made_by_hand_are_refused(alice: Person, query: str) -> None:
    assert alice.client.get(f"/unit/referrals/?{query}").status_code == 400


def test_a_list_pages(alice: Person, harbour_unit: Unit) -> None:
    hand_in(harbour_unit, *floods.reports(60, viral=False))
    first = alice.client.get("/unit/referrals/")
    assert len(first.context["rows"]) == 50
    second = alice.client.get(f"/unit/referrals/{first.context['next_address']}")
    shown = {row.referral_id for page in (first, second) for row, _title in page.context["rows"]}
    assert len(shown) == 60
    assert second.context["next_address"] == ""


def test_figures_are_kept_and_counted_anew_in_time(alice: Person, harbour_unit: Unit) -> None:
    with clock.held(NOON):
        hand_in(harbour_unit, sample("d1"))
        assert alice.client.get("/unit/").context["total"].number == 1
        hand_in(harbour_unit, sample("d5"))
        assert alice.client.get("/unit/").context["total"].number == 1
    with clock.held(NOON + timedelta(seconds=55)):
        pipeline.count_units()
        assert alice.client.get("/unit/").context["total"].number == 2
        hand_in(harbour_unit, sample("d6"))
        pipeline.count_units()
        assert alice.client.get("/unit/").context["total"].number == 2, "counted a moment ago"
    with clock.held(NOON + timedelta(minutes=10)):
        assert alice.client.get("/unit/").context["total"].number == 3, "the job cannot have run"


def look(person: Person, at: Any, *, denied: bool = False) -> None:
    with clock.held(at):
        ledger.record(Line(Kind.CONSULTATION, "file.look", person.viewer.actor, "triage", (f"file:{'00' * 32}",), denied=denied))


def test_hours_of_looking_are_of_the_unit_and_never_of_one_person(harbour_unit: Unit, alice: Person, bob: Person, charlie: Person) -> None:
    with clock.held(NOON):
        look(alice, NOON - timedelta(minutes=30))
        look(alice, NOON - timedelta(minutes=30) + timedelta(seconds=15))
        look(alice, NOON - timedelta(days=40))
        look(bob, NOON - timedelta(minutes=5))
        look(bob, NOON - timedelta(minutes=4), denied=True)
        look(charlie, NOON - timedelta(minutes=4))
        page = alice.client.get("/unit/")
        assert (page.context["looks"]["number"], page.context["hours"]) == (3, None)
        carol = make_person("Carol", harbour_unit, EVERYTHING_BUT_ACCOUNTS)
        look(carol, NOON - timedelta(minutes=3))
        UnitFigures.objects.all().delete()
        page = alice.client.get("/unit/")
        assert page.context["looks"]["number"] == 4
        assert page.context["looks"]["hours"] == pytest.approx((15 + 60 + 60 + 60) / 3600)


def test_the_promise_and_its_state_are_told(alice: Person, harbour_unit: Unit) -> None:
    from grace.pipeline import line as lining

    lining.set_audit(alice.viewer, 1000, 100)
    found = [each.referrals[0] for each in hand_in(harbour_unit, *floods.reports(70, viral=False))]
    decided(alice, found[6:], found[:6])
    line = lining.set_line(alice.viewer, "population", 50, "the night is short")
    page = alice.client.get("/unit/")
    html = page.content.decode()
    assert "on the average over a long time" in html
    assert page.context["below"].address.endswith(f"below={line.position}")
    assert counted_at(alice, page.context["below"].address) == page.context["below"].number
