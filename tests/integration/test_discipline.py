"""The order of work: who is given what, what stays unread, what waits too long and for whom; nothing of it about one officer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from grace.accounts import competence
from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.accounts.viewer import Viewer
from grace.analysis.models import TextRun
from grace.casework import fit, languages
from grace.casework.decide import Wish
from grace.casework.discipline import Stated
from grace.casework.discipline_models import Discipline, Skill
from grace.casework.models import QueueRow
from grace.custody import ledger
from grace.kernel import clock
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.pipeline import accounts, desk
from grace.pipeline import discipline as pipeline
from grace.pipeline.decide import decide
from tests.support.desks import closed, colleagues, queued, reader, waiting
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, Person, make_person, make_unit
from tests.support.programs import program

STATED = {"capacity": 10, "officers": 2, "patience": 24, "bound": 30, "second": 0, "seeded": 0, "hidden": 0, "most_a_day": 2}


def stated(person: Person, **changes: int) -> Discipline:
    return pipeline.state(person.viewer, Stated({**STATED, **changes}))


@pytest.mark.django_db
def test_who_states_no_language_is_given_anything(harbour_unit: Unit, alice: Person) -> None:
    (romanian,) = waiting(harbour_unit, 1, language="ro")
    assert desk.take_next(alice.viewer) == romanian


@pytest.mark.django_db
def test_each_is_given_what_they_read_and_anyone_what_is_urgent_or_waits_for_long(harbour_unit: Unit) -> None:
    alice, bob = reader(harbour_unit, "Alice", ["de"]), reader(harbour_unit, "Bob", ["ro"])
    (high,) = waiting(harbour_unit, 1, first=1, language="ro", score=900)
    (unknown,) = waiting(harbour_unit, 1, first=2, score=500)
    assert desk.take_next(alice.viewer) == unknown
    assert desk.take_next(alice.viewer) is None
    assert "1 waits for another language" in alice.client.post("/queue/take-next/", follow=True).text
    assert desk.take_next(bob.viewer) == high
    (urgent,) = waiting(harbour_unit, 1, first=3, language="el", floor=5)
    assert desk.take_next(alice.viewer) == urgent
    (old,) = waiting(harbour_unit, 1, first=4, language="el", days=1.1)
    assert desk.take_next(bob.viewer) == old


@pytest.mark.django_db
def test_a_skill_is_asked_for_by_the_units_own_list(harbour_unit: Unit, alice: Person) -> None:
    bob = reader(harbour_unit, "Bob", [], ["journeys"])
    skill = pipeline.add_skill(alice.viewer, "journeys", ["travel"])
    (travel,) = waiting(harbour_unit, 1, incident_kind="travel")
    assert desk.take_next(alice.viewer) is None
    assert desk.take_next(bob.viewer) == travel
    with pytest.raises(Conflict):
        pipeline.add_skill(alice.viewer, "journeys", ["travel"])
    with pytest.raises(Invalid):
        pipeline.add_skill(alice.viewer, "other", [])
    pipeline.drop_skill(alice.viewer, skill.id)
    (later,) = waiting(harbour_unit, 1, first=2, incident_kind="travel")
    assert desk.take_next(alice.viewer) == later
    with pytest.raises(Missing):
        pipeline.drop_skill(alice.viewer, skill.id)


@pytest.mark.django_db
def test_the_language_is_that_of_most_texts_and_none_where_two_are_as_many(harbour_unit: Unit) -> None:
    referral, other = waiting(harbour_unit, 2)

    def says(which: UUID, *said: str) -> None:
        for place, value in enumerate(said):
            seen = [{"kind": "text.script", "value": "Latn"}, {"kind": "text.language", "value": value}]
            TextRun.objects.create(
                referral_id=which, sha256=f"{place}{value}".encode(), analyser="language", version="1", seen=seen, at=clock.now()
            )

    says(referral, "ro", "ro", "de", "unknown", "unknown", "unknown")
    says(other, "ro", "de")
    languages.tell([referral, other])
    told = dict(QueueRow.objects.values_list("referral_id", "language"))
    assert told == {referral: "ro", other: ""}


@pytest.mark.django_db
def test_what_nobody_on_duty_reads_is_shown_counted_and_led_to(harbour_unit: Unit) -> None:
    alice = reader(harbour_unit, "Alice", ["de"])
    waiting(harbour_unit, 3, language="ro")
    waiting(harbour_unit, 2, first=10, language="de")
    waiting(harbour_unit, 1, first=20, language="ro", floor=5)
    (need,) = fit.needs(harbour_unit.id, clock.now())
    assert (need.language, need.waiting) == ("ro", 3), "what is urgent waits for nobody"
    page = alice.client.get("/pace/").text
    assert "who reads Romanian" in page
    assert "waits=language&amp;language=ro" in page
    led = alice.client.get("/queue/?waits=language&language=ro")
    assert led.context["desk"].total == (3, False)
    assert "Written in Romanian" in led.text
    reader(harbour_unit, "Bob", ["ro"])
    assert fit.needs(harbour_unit.id, clock.now()) == []
    assert alice.client.get("/queue/?language=xxx").status_code == 400
    assert alice.client.get("/queue/?waits=nothing").status_code == 400


@pytest.mark.django_db
def test_who_is_on_duty_and_who_is_not(harbour_unit: Unit) -> None:
    alice, bob = reader(harbour_unit, "Alice", ["de"]), reader(harbour_unit, "Bob", ["ro"])
    assert set(competence.on_duty(harbour_unit.id, clock.now())) == {alice.officer.id, bob.officer.id}
    bob.client.post("/sign-out/")
    assert set(competence.on_duty(harbour_unit.id, clock.now())) == {alice.officer.id}
    later = clock.now() + timedelta(days=1)
    assert set(competence.on_duty(harbour_unit.id, later)) == {alice.officer.id, bob.officer.id}, "nobody is: all count"


@pytest.mark.django_db
def test_the_officer_or_an_administrator_states_languages_and_nobody_else(
    alice: Person, bob: Person, dora: Person, harbour_unit: Unit
) -> None:
    alice.client.post("/settings/languages/", {"languages": "de, EN ro"})
    alice.officer.refresh_from_db()
    assert alice.officer.languages == ["de", "en", "ro"]
    assert "Romanian" in alice.client.get("/settings/").text
    assert alice.client.post("/settings/languages/", {"languages": "german"}).status_code == 400
    pipeline.add_skill(alice.viewer, "journeys", ["travel"])
    dora.client.post(f"/accounts/officers/{bob.officer.id}/competence/", {"languages": "bg", "skill": ["journeys"]})
    bob.officer.refresh_from_db()
    assert (bob.officer.languages, bob.officer.skills) == (["bg"], ["journeys"])
    with pytest.raises(Refused):
        accounts.set_competence(alice.viewer, bob.officer.id, "de")
    assert alice.client.post(f"/accounts/officers/{bob.officer.id}/competence/", {"languages": "de"}).status_code == 403
    entry = next(each for each in ledger.history(f"officer:{bob.officer.id}", 10) if each.act == "accounts.competence" and not each.denied)
    assert entry.detail == {}, "the log says that it was stated, not what"


@pytest.mark.django_db
def test_what_stays_unread_at_this_pace_leads_to_it(harbour_unit: Unit, alice: Person) -> None:
    """Two a day: in thirty days the forty that stand high, and none of the seventy below, which stand at one place."""
    waiting(harbour_unit, 40, first=1, days=40, score=9_000)
    waiting(harbour_unit, 70, first=100, days=40, score=1_000)
    found = stated(alice, capacity=1, officers=2)
    tails = {each["days"]: each for each in found.figures["tails"]}
    assert found.figures["waiting"] == 110
    assert tails[30]["unread"] == 70
    assert tails[60]["unread"] == 0
    answer = alice.client.get(f"/queue/?below={tails[30]['position']}")
    assert answer.context["desk"].total == (70, False), "the number leads to what it counts"
    assert "stay unread for 60 days" in answer.text
    assert "is not shown of fewer than 5 officers" in alice.client.get("/pace/").text


@pytest.mark.django_db
def test_a_program_reads_the_same_and_nothing_of_second_looks(harbour_unit: Unit, alice: Person) -> None:
    ours = program(harbour_unit)
    assert ours.get("/pace").json() | {"needs": []} == {
        "counted_at": None,
        "waiting": 0,
        "a_day": 0.0,
        "coming": 0.0,
        "tails": [],
        "bound_days": None,
        "waits_too_long": {},
        "needs": [],
    }
    waiting(harbour_unit, 70, days=40)
    stated(alice, capacity=1)
    told = ours.get("/pace").json()
    assert [each["unread"] for each in told["tails"]] == [70, 0]
    assert told["waits_too_long"] == {"held": 0, "lane": 0, "language": 0, "skill": 0, "rank": 70}


@pytest.mark.django_db
def test_what_waits_too_long_is_told_by_reason_and_led_to(harbour_unit: Unit) -> None:
    alice = reader(harbour_unit, "Alice", ["de"])
    pipeline.add_skill(alice.viewer, "journeys", ["travel"])
    held, *_low = waiting(harbour_unit, 3, days=31)
    decide(alice.viewer, held, Wish("take"))
    waiting(harbour_unit, 4, first=10, days=31, language="ro")
    waiting(harbour_unit, 5, first=20, days=31, incident_kind="travel")
    waiting(harbour_unit, 6, first=30, days=31, turn=0)
    waiting(harbour_unit, 7, first=40, days=29)
    found = stated(alice).figures["starving"]
    assert found == {"held": 1, "language": 4, "skill": 5, "lane": 6, "rank": 2}
    page = alice.client.get("/pace/").text
    for reason, number in found.items():
        status = "&status=taken" if reason == "held" else ""
        assert f"older=30&amp;waits={reason}{status.replace('&', '&amp;')}" in page
        assert alice.client.get(f"/queue/?older=30&waits={reason}{status}").context["desk"].total == (number, False)


@pytest.mark.django_db
def test_what_an_officers_day_holds_is_measured_over_five_of_them(harbour_unit: Unit, alice: Person) -> None:
    few = colleagues(harbour_unit, 5)
    for place, each in enumerate(few[:4]):
        closed(each, waiting(harbour_unit, 2, first=10 * place + 1))
    assert stated(alice).figures["measured"] is None
    closed(few[4], waiting(harbour_unit, 7, first=100))
    assert stated(alice).figures["measured"] == 3.0


@pytest.mark.django_db
def test_only_who_may_publish_rules_states_it_and_no_program(harbour_unit: Unit, alice: Person, eve: Person) -> None:
    clerk = make_person("Carol", harbour_unit, EVERYTHING_BUT_ACCOUNTS - {Capability.PUBLISH_RULES})
    viewers: tuple[Viewer, ...] = (clerk.viewer, eve.viewer, replace(alice.viewer, via="token"))
    for viewer in viewers:
        with pytest.raises(Refused):
            pipeline.state(viewer, Stated(STATED))
        with pytest.raises(Refused):
            pipeline.add_skill(viewer, "journeys", ["travel"])
    assert not Discipline.objects.exists()
    assert not Skill.objects.exists()
    assert any(each.denied and each.act == "discipline.state" for each in ledger.page(actor=clerk.viewer.actor))
    with pytest.raises(Invalid):
        stated(alice, second=201)
    assert eve.client.get("/pace/").status_code == 403
    assert "Second looks" not in clerk.client.get("/pace/").text
    sent = {**{name: str(number) for name, number in STATED.items()}, "second": "2,5", "seeded": "0.5"}
    assert "This holds from now on." in alice.client.post("/pace/state/", sent, follow=True).text
    assert (Discipline.objects.get().second, Discipline.objects.get().seeded) == (25, 5)
    assert alice.client.post("/pace/state/", {**sent, "capacity": "many"}).status_code == 400


@pytest.mark.django_db
def test_another_unit_counts_for_nothing(harbour_unit: Unit, hill_unit: Unit, alice: Person, charlie: Person) -> None:
    stated(alice)
    before = alice.client.get("/pace/").context["page"]
    waiting(hill_unit, 5, days=40, language="ro")
    stated(charlie)
    pipeline.tend()
    after = alice.client.get("/pace/").context["page"]
    assert (after.starving, after.needs, after.stated.figures) == (before.starving, before.needs, before.stated.figures)


@pytest.mark.usefixtures("committed_db")
def test_no_two_officers_are_given_the_same_one() -> None:
    unit = make_unit("Harbour Unit")
    people = colleagues(unit, 4)
    for place in range(24):
        queued(unit, place + 1, clock.now(), score=place)

    def take(number: int) -> UUID | None:
        try:
            return desk.take_next(people[number % 4].viewer)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as many:
        given_out = [each for each in many.map(take, range(24)) if each is not None]
    assert len(given_out) == len(set(given_out)), "none twice"
    rest = sum(desk.take_next(people[0].viewer) is not None for _ in range(24))
    assert len(given_out) + rest == 24, "and none lost"
