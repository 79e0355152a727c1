"""Second looks: as if new to whom they come, without any effect, counted for the unit and for nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.casework import second_looks
from grace.casework.decide import ConfirmationNeeded, Wish
from grace.casework.discipline import Stated
from grace.casework.discipline_models import Answer, Confirmed, SecondLook
from grace.casework.models import Decision, Note, QueueRow
from grace.custody import ledger
from grace.kernel import clock
from grace.kernel.errors import Conflict, Refused
from grace.pipeline import desk
from grace.pipeline import discipline as pipeline
from grace.pipeline.decide import decide, write_note
from grace.priority.models import Assessment
from grace.routing.models import Correction
from tests.support import desks
from tests.support.deliveries import hand_in, sample
from tests.support.desks import waiting
from tests.support.people import Person, make_person

pytestmark = pytest.mark.django_db

NUMBERS = {"capacity": 0, "officers": 0, "patience": 24, "bound": 30, "second": 200, "seeded": 0, "hidden": 0, "most_a_day": 2}


class Lots:
    """What is drawn: whether a decision is, and which kind of work is given; each test says what it wants."""

    draw = 0

    def randbelow(self, _below: int) -> int:
        return self.draw


@pytest.fixture
def lots(monkeypatch: pytest.MonkeyPatch) -> Lots:
    found = Lots()
    monkeypatch.setattr(second_looks, "secrets", found)
    return found


@pytest.fixture
def tomorrow() -> Iterator[datetime]:
    """A decision has rested by then."""
    with clock.held(clock.now() + timedelta(hours=25)) as now:
        yield now or clock.now()


def stated(person: Person, *, with_files: bool = True, **changes: int) -> None:
    pipeline.state(person.viewer, Stated({**NUMBERS, **changes}, with_files))


def arrived(unit: Unit, name: str = "d5") -> UUID:
    return hand_in(unit, sample(name))[0].referrals[0]


def decided(unit: Unit, person: Person, act: str = "not_actionable", name: str = "d5") -> UUID:
    referral = arrived(unit, name)
    decide(person.viewer, referral, Wish("take"))
    write_note(person.viewer, referral, "Alice was here")
    decide(person.viewer, referral, Wish(act, "nothing to go on", recipient="Example Agency", confirmed=True))
    return referral


def everything(referral: UUID) -> list[Any]:
    """All that is kept of a referral but for who looked."""
    row = QueueRow.objects.filter(referral_id=referral).values().get()
    tables = (Decision, Note, Correction, Assessment)
    return [row, *(list(each.objects.filter(referral_id=referral).order_by("pk").values()) for each in tables)]


def _plain(html: str) -> str:
    """The words, without what differs from referral to referral."""
    return re.sub(r"\s+", " ", re.sub(r"\d+ \w{3} \d\d:\d\d", "AT", re.sub(r"<[^>]+>", " ", html)))


def acts_on(page: str) -> str:
    return _plain(page.partition('<div class="decide"')[2].partition("</section>")[0])


def decisions_on(page: str) -> str:
    return _plain(page.partition('id="h-decisions"')[2].partition("</section>")[0])


def given(person: Person) -> UUID:
    with clock.held(clock.now() + timedelta(hours=25)):
        found = desk.take_next(person.viewer)
    assert found is not None
    return found


def test_it_looks_as_if_it_were_new(harbour_unit: Unit, alice: Person, bob: Person, lots: Lots) -> None:
    """Beside one that is really new: the page of the second look has the same parts, badges and buttons."""
    stated(alice)
    second = decided(harbour_unit, alice)
    new = arrived(harbour_unit, "d6")
    assert SecondLook.objects.get().expected == "nothing"
    assert given(bob) == second
    decide(bob.viewer, new, Wish("take"))
    pages = {each: bob.client.get(f"/referrals/{each}/").text for each in (second, new)}
    assert acts_on(pages[second]) == acts_on(pages[new])
    assert "Taken by you" in acts_on(pages[second])
    assert decisions_on(pages[second]) == decisions_on(pages[new])
    head = pages[second].partition("popover")[0]
    assert not [tell for tell in ("closed:", "second look", "second_look") if tell in head]
    assert not [tell for tell in ("Alice was here", "nothing to go on") if tell in pages[second]]
    mine = bob.client.get("/queue/?status=taken&whose=mine")
    assert second in {row.referral_id for row in mine.context["desk"].page.rows}
    assert mine.context["desk"].lanes["mine"] == (2, False)
    assert second not in {row.referral_id for row in bob.client.get("/queue/?status=closed").context["desk"].page.rows}
    assert alice.client.get(f"/referrals/{second}/").context["row"].status == "closed", "to everybody else it is what it is"
    api = f"/api/v1/referrals/{second}"
    assert bob.client.get(api).json()["status"] == "taken"
    assert [each["act"] for each in bob.client.get(f"{api}/decisions").json()] == ["take"]


@pytest.mark.parametrize("act", ["duplicate", "known", "not_actionable", "not_criminal", "escalate", "hand_over"])
def test_an_answer_changes_nothing_and_names_nobody(harbour_unit: Unit, alice: Person, bob: Person, lots: Lots, act: str) -> None:
    stated(alice)
    referral = decided(harbour_unit, alice)
    before = everything(referral)
    assert given(bob) == referral
    assert decide(bob.viewer, referral, Wish(act, "it seems so", recipient="Example Agency", confirmed=True)).is_second_look
    assert everything(referral) == before
    found = Answer.objects.values().get()
    assert (found["kind"], found["expected"], found["answered"]) == ("double", "nothing", second_looks.CLASSES[act])
    assert not {"officer", "officer_id", "referral", "referral_id"} & found.keys()
    look = SecondLook.objects.get()
    assert (look.kind, look.expected, look.opened) == ("", "", False)
    assert look.ended_on is not None
    assert Confirmed.objects.filter(referral_id=referral).exists() == (act in {"not_actionable", "not_criminal"})
    assert bob.client.get(f"/referrals/{referral}/").context["row"].status == "closed", "afterwards it is told"


def test_the_page_tells_afterwards(harbour_unit: Unit, alice: Person, bob: Person, lots: Lots) -> None:
    stated(alice)
    referral = decided(harbour_unit, alice)
    given(bob)
    answer = bob.client.post(f"/referrals/{referral}/decide/", {"act": "not_actionable", "reason": "nothing"}, follow=True)
    assert "This was a second look" in answer.text
    taken_back = bob.client.post(f"/referrals/{referral}/decide/", {"act": "take_back", "reason": "a child may be in danger"}, follow=True)
    assert "The last decision is taken back." in taken_back.text, "whoever disagrees acts by the usual ways, in the own name"


def test_it_is_never_handed_over_assigned_or_changed(harbour_unit: Unit, alice: Person, bob: Person, lots: Lots) -> None:
    stated(alice)
    referral = decided(harbour_unit, alice)
    before = everything(referral)
    for wish in (Wish("assign", "yours", officer=alice.officer.id), Wish("take_back", "no")):
        SecondLook.objects.all().delete()
        SecondLook.objects.create(
            unit=harbour_unit,
            referral_id=referral,
            officer=bob.officer,
            kind="double",
            expected="nothing",
            drawn_at=clock.now(),
            given_at=clock.now(),
        )
        with pytest.raises(Conflict, match="second look"):
            decide(bob.viewer, referral, wish)
        assert SecondLook.objects.get().ended_on is not None
        assert everything(referral) == before
    assert not Answer.objects.exists()
    SecondLook.objects.update(ended_on=None, kind="double", expected="nothing")
    answer = bob.client.post(f"/referrals/{referral}/states/", {"act": "add", "recipient": "AT", "reason": "seen", "criterion": "offence"})
    assert answer.status_code == 409
    assert everything(referral) == before


def test_a_package_does_not_leave(harbour_unit: Unit, alice: Person, bob: Person, lots: Lots) -> None:
    from grace.exchange.models import Dispatch
    from grace.pipeline.hand_over import hand_over

    stated(alice)
    referral = decided(harbour_unit, alice)
    given(bob)
    order = SimpleNamespace(agency=UUID(int=1), reason="theirs", closes=True)
    with pytest.raises(Conflict, match="second look"):
        hand_over(bob.viewer, referral, order)  # type: ignore[arg-type]  # it never comes to the order
    assert not Dispatch.objects.exists()
    assert Answer.objects.get().answered == "lead"


def test_urgent_ones_come_first_and_no_more_than_the_unit_allows(
    harbour_unit: Unit, alice: Person, bob: Person, lots: Lots, tomorrow: datetime
) -> None:
    with clock.held(tomorrow - timedelta(hours=25)):
        stated(alice, most_a_day=1)
        looks = {decided(harbour_unit, alice, name=name) for name in ("d5", "d6")}
    (urgent,) = waiting(harbour_unit, 1, floor=9)
    (other,) = waiting(harbour_unit, 1, first=2)
    assert desk.take_next(bob.viewer) == urgent
    first = desk.take_next(bob.viewer)
    assert first in looks
    assert desk.take_next(bob.viewer) == other, "one a day"
    assert desk.take_next(bob.viewer) is None
    assert desk.take_next(alice.viewer) is None, "and never to whom decided it"


def test_what_has_files_comes_twice_only_where_the_unit_says_so(
    harbour_unit: Unit, alice: Person, bob: Person, lots: Lots, tomorrow: datetime
) -> None:
    from grace.evidence.files import Hold, hold_many
    from grace.evidence.vault import seal_many
    from grace.referrals.models import Attachment

    with clock.held(tomorrow - timedelta(hours=25)):
        stated(alice, with_files=False)
        with_file, without = (decided(harbour_unit, alice, name=name) for name in ("d5", "d6"))
    (sealed,) = seal_many([b"an invented text"])
    (held,) = hold_many([Hold(harbour_unit.id, sealed, "document:test", "a.txt")])
    version = QueueRow.objects.get(referral_id=with_file).referral.version_set.get()
    Attachment.objects.create(
        version=version, referral_id=with_file, ordinal=99, file_id=held.id, state="here", name="a.txt", path="/invented"
    )
    assert desk.take_next(bob.viewer) == without
    assert desk.take_next(bob.viewer) is None
    stated(alice, with_files=True)
    assert desk.take_next(bob.viewer) == with_file


def test_what_was_taken_back_meanwhile_is_ordinary_work(harbour_unit: Unit, alice: Person, bob: Person, lots: Lots) -> None:
    stated(alice)
    never, referral = decided(harbour_unit, alice, name="d6"), decided(harbour_unit, alice)
    decide(alice.viewer, never, Wish("take_back", "a mistake"))
    assert given(bob) == referral, "what does not stand is not given"
    decide(alice.viewer, referral, Wish("take_back", "a mistake"))
    page = bob.client.get(f"/referrals/{referral}/").context
    assert page["row"].officer_id == alice.officer.id
    assert "take_back" in [decision.act for decision, _words in page["decisions"]], "everything is shown again"
    decide(bob.viewer, referral, Wish("escalate", "a child may be in danger"))
    assert QueueRow.objects.get(referral_id=referral).outcome == "escalated"
    assert not Answer.objects.exists()


def test_it_is_given_to_nobody_who_may_not_decide_and_to_no_program(
    harbour_unit: Unit, alice: Person, bob: Person, lots: Lots, tomorrow: datetime
) -> None:
    with clock.held(tomorrow - timedelta(hours=25)):
        stated(alice)
        decided(harbour_unit, alice)
    reader = make_person("Carol", harbour_unit, frozenset({Capability.READ}))
    with pytest.raises(Refused):
        desk.take_next(reader.viewer)
    assert desk.take_next(replace(bob.viewer, via="token")) is None
    assert SecondLook.objects.get().officer_id is None


def test_two_answers_alike_seed_a_third_and_a_contradiction_ends_that(harbour_unit: Unit, alice: Person, bob: Person, lots: Lots) -> None:
    from tests.support.desks import colleagues

    stated(alice, seeded=100)
    lots.draw = 0
    referral = decided(harbour_unit, alice, name="d5")
    lots.draw = 150
    assert given(bob) == referral
    decide(bob.viewer, referral, Wish("not_criminal", "no offence"))
    carol, dave = colleagues(harbour_unit, 2)
    lots.draw = 0
    assert given(carol) == referral
    assert SecondLook.objects.get(officer=carol.officer).kind == "seeded"
    decide(carol.viewer, referral, Wish("not_actionable", "nothing"))
    assert given(dave) == referral
    decide(dave.viewer, referral, Wish("escalate", "a child may be in danger"))
    assert not Confirmed.objects.exists()
    assert sorted(Answer.objects.values_list("kind", "answered")) == [("double", "nothing"), ("seeded", "nothing"), ("seeded", "urgent")]
    with clock.held(clock.now() + timedelta(hours=25)):
        assert desk.take_next(alice.viewer) is None
        assert desk.take_next(bob.viewer) is None, "nobody gets it twice"


def test_opening_more_than_the_first_page_is_noted(harbour_unit: Unit, alice: Person, bob: Person, lots: Lots) -> None:
    stated(alice)
    referral = decided(harbour_unit, alice)
    given(bob)
    bob.client.get(f"/referrals/{referral}/")
    bob.client.get("/queue/?status=taken&whose=mine")
    assert not SecondLook.objects.get().opened
    alice.client.get(f"/referrals/{referral}/document/")
    assert not SecondLook.objects.get().opened, "what others open says nothing"
    bob.client.get(f"/referrals/{referral}/document/")
    assert SecondLook.objects.get().opened
    decide(bob.viewer, referral, Wish("not_actionable", "nothing"))
    assert Answer.objects.get().opened


def test_a_floor_asks_again_and_the_estimate_of_the_rest_is_withheld_alike(
    harbour_unit: Unit, alice: Person, bob: Person, lots: Lots, monkeypatch: pytest.MonkeyPatch
) -> None:
    stated(alice, hidden=500)
    referral, new = decided(harbour_unit, alice), arrived(harbour_unit, "d6")
    QueueRow.objects.update(floor=0)
    given(bob)
    decide(bob.viewer, new, Wish("take"))
    monkeypatch.setattr(second_looks, "sha256", lambda _text: SimpleNamespace(hexdigest=lambda: "0" * 64))
    for each in (referral, new):
        assert "The estimate comes after your decision" in bob.client.get(f"/referrals/{each}/").text
    QueueRow.objects.update(floor=9)
    for each in (referral, new):
        assert "The estimate comes after your decision" not in bob.client.get(f"/referrals/{each}/").text, "a floor is always shown"
    with pytest.raises(ConfirmationNeeded):
        decide(bob.viewer, referral, Wish("known", "it is known"))
    QueueRow.objects.update(floor=0)
    decide(bob.viewer, referral, Wish("known", "it is known"))
    assert not Answer.objects.get().shown
    decide(bob.viewer, new, Wish("known", "it is known"))
    assert "The estimate comes after your decision" not in bob.client.get(f"/referrals/{new}/").text


def test_it_waits_for_somebody_who_reads_it_however_long(harbour_unit: Unit, alice: Person, lots: Lots) -> None:
    """New work goes to anyone after a while, lest it starve; an answer of somebody who reads nothing of it would say nothing."""
    stated(alice)
    referral = decided(harbour_unit, alice)
    QueueRow.objects.update(language="ro")
    carol, dave = desks.reader(harbour_unit, "Carol", ["de"]), desks.reader(harbour_unit, "Dave", ["ro"])
    with clock.held(clock.now() + timedelta(days=10)):
        assert desk.take_next(carol.viewer) is None
        assert desk.take_next(dave.viewer) == referral


def test_old_ones_are_forgotten_and_an_erased_referral_takes_its_own_along(
    harbour_unit: Unit, alice: Person, bob: Person, lots: Lots
) -> None:
    stated(alice)
    decided(harbour_unit, alice, name="d5")
    decided(harbour_unit, alice, name="d6")
    given(bob)
    with clock.held(clock.now() + timedelta(days=63)):
        pipeline.tend()
    (left,) = SecondLook.objects.all()
    assert (left.officer_id, left.kind) == (bob.officer.id, "")


def test_the_ledger_says_that_it_was_given_and_answered_and_nothing_of_the_answer(
    harbour_unit: Unit, alice: Person, bob: Person, lots: Lots
) -> None:
    stated(alice)
    referral = decided(harbour_unit, alice)
    given(bob)
    decide(bob.viewer, referral, Wish("escalate", "a child may be in danger"))
    entries = [each for each in ledger.page(actor=bob.viewer.actor) if each.act.startswith("second_look.")]
    assert sorted(each.act for each in entries) == ["second_look.answer", "second_look.give"]
    assert all(each.detail == {} and not any(str(referral) in subject for subject in each.subjects) for each in entries)
    assert not [each for each in ledger.history(f"referral:{referral}", 100) if each.act.startswith("second_look.")]
