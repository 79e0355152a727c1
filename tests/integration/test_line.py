"""The line and its audit: drawn by nobody's choice, seen by nobody, set by a person, watched by the system."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.casework import alerts, out_of_turn
from grace.casework.decide import Wish
from grace.casework.decide_group import GroupWish
from grace.casework.models import Alert, Decision, QueueRow
from grace.custody import ledger
from grace.kernel import clock
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.links.models import Group
from grace.pipeline import desk, groups
from grace.pipeline import line as pipeline
from grace.pipeline import rules as ruling
from grace.pipeline.decide import decide
from grace.priority import audits
from grace.priority.models import Audit, AuditShare, Line
from grace.priority.publish import in_force
from grace.priority.tally import floor_and_score
from tests.support import floods
from tests.support.deliveries import hand_in, sample
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, Person, make_person
from tests.support.programs import program
from tests.support.rule_bodies import lifted

pytestmark = pytest.mark.django_db
_CHANGES = re.compile(
    rb'csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken[^}]+|nonce="[^"]+"|<li><time[^>]*>[^<]*</time><span><b>consultation</b>.*?</li>'
)
"""What differs each time: words against forgery, and that somebody looked."""


@pytest.fixture
def audited(harbour_unit: Unit, alice: Person) -> list[UUID]:
    """Three referrals of Alice's unit, which audits all that comes."""
    pipeline.set_audit(alice.viewer, 1000, 100)
    return [each.referrals[0] for each in hand_in(harbour_unit, sample("d1"), sample("d5"), sample("d6"))]


@pytest.fixture
def many(harbour_unit: Unit, alice: Person) -> list[UUID]:
    """Seventy audited referrals, all decided, six of them not urgent."""
    pipeline.set_audit(alice.viewer, 1000, 100)
    found = [each.referrals[0] for each in hand_in(harbour_unit, *floods.reports(70, viral=False))]
    decided(alice, found[6:], found[:6])
    return found


def decided(person: Person, urgent: list[UUID], calm: list[UUID]) -> None:
    """An officer's decisions, without the acts around them, and the job that reads them."""
    acts = [(each, "escalate") for each in urgent] + [(each, "not_actionable") for each in calm]
    told = {"officer": person.officer, "reason": "said so", "floor": 0, "before": {}, "decided_at": clock.now()}
    Decision.objects.bulk_create([Decision(referral_id=each, act=act, **told) for each, act in acts])
    pipeline.tend()


def labels(unit: Unit) -> list[bool | None]:
    return list(Audit.objects.filter(unit=unit).order_by("referral_id").values_list("is_urgent", flat=True))


def test_nothing_is_audited_and_nothing_out_of_turn_before_a_unit_says_so(alice: Person, harbour_unit: Unit) -> None:
    hand_in(harbour_unit, sample("d1"), sample("d5"))
    assert not Audit.objects.exists()
    assert desk.take_next(alice.viewer) == QueueRow.objects.order_by("-floor", "-score", "-referral_id")[0].referral_id


def test_a_share_is_drawn_once_of_what_is_new(harbour_unit: Unit, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.set_audit(alice.viewer, 20, 100)
    tickets = iter([0, 7, audits.TICKETS // 40, 0, 7])
    monkeypatch.setattr(audits, "secrets", SimpleNamespace(randbelow=lambda _below: next(tickets)))
    first, _second, third = (hand_in(harbour_unit, sample(name))[0].referrals[0] for name in ("d1", "d5", "d6"))
    assert set(Audit.objects.values_list("referral_id", flat=True)) == {first, third}
    hand_in(harbour_unit, sample("d5"))
    assert Audit.objects.count() == 2, "what comes again is not drawn again"
    assert set(Audit.objects.values_list("share", flat=True)) == {20}


def test_an_audited_referral_looks_like_any_other(harbour_unit: Unit, alice: Person, audited: list[UUID]) -> None:
    """Every surface of an officer and of a program says the same, byte by byte, whether there was a draw or not."""
    ours = program(harbour_unit)
    addresses = ["/queue/", "/queue/?status=open", *(f"/referrals/{each}/" for each in audited), "/groups/", "/senders/"]

    def looks() -> list[bytes]:
        pages = [_CHANGES.sub(b"", alice.client.get(address).content) for address in addresses]
        return [*pages, ours.get("/referrals").content, *(ours.get(f"/referrals/{each}").content for each in audited)]

    pipeline.tend()
    before = looks()
    assert all(b"audit" not in page.lower().replace(b"/custody/", b"") for page in before[len(addresses) :])
    assert Audit.objects.all().delete()[0] == 3
    assert looks() == before
    told = {entry.act for each in audited for entry in ledger.history(f"referral:{each}", 100)}
    assert not {act for act in told if act.startswith(("audit.", "line."))}
    (drawn,) = [entry for entry in ledger.page(actor="system:audit") if entry.act == "audit.draw"]
    assert list(drawn.subjects) == [f"unit:{harbour_unit.id}"]


def test_what_waits_at_the_end_is_given_out_of_turn_and_what_is_urgent_never_waits_for_it(
    harbour_unit: Unit, alice: Person, bob: Person, audited: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    ranked = list(QueueRow.objects.order_by("-floor", "-score", "-referral_id").values_list("referral_id", flat=True))
    Audit.objects.exclude(referral_id=ranked[-1]).delete()
    QueueRow.objects.filter(referral_id=ranked[0]).update(floor=50)
    monkeypatch.setattr(out_of_turn, "secrets", SimpleNamespace(randbelow=lambda below: 0 if below == 1000 else 1))
    assert desk.take_next(alice.viewer) == ranked[0], "a floor comes first"
    assert desk.take_next(bob.viewer) == ranked[-1], "then the audited one that waits longest"
    assert desk.take_next(bob.viewer) == ranked[1], "and any other where none is left"


def test_a_decision_becomes_a_label_and_is_taken_back_with_it(harbour_unit: Unit, alice: Person, audited: list[UUID]) -> None:
    first, second, _third = sorted(audited)
    decide(alice.viewer, first, Wish("escalate", "a child may be in danger"))
    decide(alice.viewer, second, Wish("not_actionable", "nothing to go on"))
    assert labels(harbour_unit) == [None] * 3, "nothing of the audit happens in the act itself"
    pipeline.tend()
    assert labels(harbour_unit) == [True, False, None]
    decide(alice.viewer, first, Wish("take_back", "a mistake"))
    pipeline.tend()
    assert labels(harbour_unit) == [None, False, None]
    read = audits.reading(harbour_unit.id, in_force(harbour_unit.id, clock.now()).rules)
    assert (read.drawn, read.read, len(read.reads)) == (3, 1, 0), "nothing counts behind one that nobody decided"


def test_a_decision_on_a_group_is_one_on_its_audited_members(harbour_unit: Unit, alice: Person) -> None:
    pipeline.set_audit(alice.viewer, 1000, 100)
    floods.define(harbour_unit)
    floods.take_in(harbour_unit, floods.reports(4))
    groups.decide_group(alice.viewer, Group.objects.get().id, GroupWish("known", "the file is known"))
    pipeline.tend()
    assert labels(harbour_unit) == [False] * 4


def test_a_line_is_refused_with_what_is_missing(alice: Person, audited: list[UUID]) -> None:
    with pytest.raises(Conflict, match="59 audited urgent referrals are missing"):
        pipeline.set_line(alice.viewer, "population", 50, "to see")
    answer = alice.client.get("/line/")
    assert b"This cannot be promised yet." in answer.content
    with pytest.raises(Invalid):
        pipeline.line_page(alice.viewer, 51, "batch")


def test_a_line_is_set_shown_and_retired(alice: Person, charlie: Person, many: list[UUID]) -> None:
    line = pipeline.set_line(alice.viewer, "population", 50, "the night is short")
    assert (line.figures["urgent"], line.figures["audited"], line.figures["rank"]) == (64, 70, 1)
    floor, score = floor_and_score(line.position)
    assert QueueRow.objects.filter(floor=floor, score=score).exists(), "it lies where an audited urgent one stands"
    page = pipeline.line_page(alice.viewer, 50, "population")
    assert page.line == line
    assert page.below[0] <= 6, "below it lies no audited urgent one"
    assert page.below[1] == 70
    html = alice.client.get("/line/?share=10").content.decode()
    assert "The line in force" in html
    assert "of it nothing is promised" in html
    assert f'?every=1&amp;below={line.position}">' in html
    assert len(alice.client.get(f"/queue/?every=1&below={line.position}").context["desk"].page.rows) == page.below[0]
    assert alice.client.get(f"/queue/?every=1&below={line.position + 1}").context["desk"].total[0] > page.below[0]
    assert pipeline.line_page(charlie.viewer, 50, "batch").line is None, "another unit has none"
    again = pipeline.set_line(alice.viewer, "population", 100, "less to read")
    assert again.position >= line.position
    pipeline.retire_line(alice.viewer, "the audit stops")
    assert list(Line.objects.filter(retired_at=None)) == []
    acts = [entry.act for entry in ledger.page(actor=alice.viewer.actor) if entry.act.startswith("line.") and entry.act != "line.read"]
    assert sorted(acts) == ["line.retire", "line.set", "line.set"]
    with pytest.raises(Missing):
        pipeline.retire_line(alice.viewer, "again")


def test_a_doubtful_line_raises_one_alert(alice: Person, bob: Person, harbour_unit: Unit, many: list[UUID]) -> None:
    line = pipeline.set_line(alice.viewer, "population", 50, "for the night")
    pipeline.tend()
    ruling.edit_rules(alice.viewer, lifted(), "others")
    ruling.publish_rules(bob.viewer, 2)
    pipeline.tend()
    assert not Alert.objects.filter(line=line.id).exists(), "one look a day"
    for days in (1.1, 2.2):
        with clock.held(clock.now() + timedelta(days=days)):
            pipeline.tend()
    line.refresh_from_db()
    assert list(line.alarms) == ["rules"]
    alert = Alert.objects.get(line=line.id)
    assert alerts.send(alert, clock.now()) == []
    assert "The rules changed" in alice.client.get("/line/").content.decode()


def test_urgent_ones_that_stand_lower_are_seen(alice: Person, harbour_unit: Unit, many: list[UUID]) -> None:
    """Fifteen more audited urgent ones come, about which nothing is known: far below those by which the line was drawn."""
    line = pipeline.set_line(alice.viewer, "population", 50, "for the night")
    with clock.held(clock.now() + timedelta(hours=5)):
        later = [
            each.referrals[0] for each in hand_in(harbour_unit, *(floods.renumbered(floods.reports(1)[0], 9000 + n) for n in range(15)))
        ]
        decided(alice, later, [])
    Audit.objects.filter(referral_id__in=later).update(signals=[], chance=audits.TICKETS // 4)
    with clock.held(clock.now() + timedelta(days=1.1)):
        pipeline.tend()
    line.refresh_from_db()
    assert "ranks" in line.alarms
    assert "age" not in line.alarms
    assert Alert.objects.filter(line=line.id).count() == 1


@pytest.mark.parametrize("act", [
    lambda viewer: pipeline.set_line(viewer, "population", 50, "because"),
    lambda viewer: pipeline.retire_line(viewer, "because"),
    lambda viewer: pipeline.set_audit(viewer, 20, 100),
])  # fmt: skip
def test_who_may_not_publish_rules_sets_nothing_and_no_program_does(harbour_unit: Unit, alice: Person, eve: Person, act: Any) -> None:
    clerk = make_person("Carol", harbour_unit, EVERYTHING_BUT_ACCOUNTS - {Capability.PUBLISH_RULES})
    for viewer in (clerk.viewer, eve.viewer, replace(alice.viewer, via="token")):
        with pytest.raises((Refused, Conflict)):
            act(viewer)
    assert not Line.objects.exists()
    assert not AuditShare.objects.exists()
    assert any(entry.denied for entry in ledger.page(actor=clerk.viewer.actor))
    assert eve.client.get("/line/").status_code == 403


def test_what_cannot_be_set(alice: Person, many: list[UUID]) -> None:
    for share, turn in ((1001, 100), (20, 501), (20, 0)):
        with pytest.raises(Invalid):
            pipeline.set_audit(alice.viewer, share, turn)
    with pytest.raises(Invalid, match="needs a reason"):
        pipeline.set_line(alice.viewer, "population", 50, "  ")
    answer = alice.client.post("/line/set/", {"share": "5", "promise": "population", "reason": "by the form"}, follow=True)
    assert "The line is in force." in answer.content.decode()
    alice.client.post("/line/audit/", {"share": "0,5", "out_of_turn": "10"})
    assert (AuditShare.objects.get().share, AuditShare.objects.get().out_of_turn) == (5, 100)
    alice.client.post("/line/retire/", {"reason": "by the form"})
    assert Line.objects.get().retired_at is not None


def test_before_anything_was_decided_nothing_is_said_of_how_many_are_urgent(alice: Person, audited: list[UUID]) -> None:
    page = alice.client.get("/line/").text
    assert "How many of them will be urgent cannot be said yet" in page
    assert "will be urgent." not in page


def test_a_line_grows_old(alice: Person, harbour_unit: Unit) -> None:
    """As many audited urgent ones since as it was drawn by: a change so slow would not be told from none."""
    pipeline.set_audit(alice.viewer, 1000, 100)
    documents = floods.reports(60, viral=False)
    decided(alice, [each.referrals[0] for each in hand_in(harbour_unit, *documents[:30])], [])
    line = pipeline.set_line(alice.viewer, "population", 100, "for the night")
    with clock.held(clock.now() + timedelta(days=1.1)):
        decided(alice, [each.referrals[0] for each in hand_in(harbour_unit, *documents[30:])], [])
    line.refresh_from_db()
    assert "age" in line.alarms
