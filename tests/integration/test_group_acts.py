"""Acts on groups: decided once and taken back, split, joined late; and floods that wait in a bulk lane."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from grace.accounts.models import Unit
from grace.casework import lanes, queue
from grace.casework.decide import ConfirmationNeeded, Wish
from grace.casework.decide_group import GroupWish
from grace.casework.models import Decision, GroupDecision, Lane, QueueRow
from grace.casework.queue import Filters
from grace.custody import ledger
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.links.models import Group, Member
from grace.pipeline import desk, groups
from grace.pipeline import lanes as pipeline
from grace.pipeline.decide import decide
from tests.support import floods
from tests.support.jobs import run_due_jobs
from tests.support.people import Person, viewer_for

pytestmark = pytest.mark.django_db


def states(unit: Unit) -> list[str]:
    return sorted(QueueRow.objects.filter(unit=unit).values_list("status", flat=True))


def test_a_decision_on_a_group_is_one_on_each_member_and_is_taken_back_at_once(alice: Person, bob: Person, harbour_unit: Unit) -> None:
    floods.define(harbour_unit)
    referrals = floods.take_in(harbour_unit, floods.reports(6))
    group = Group.objects.get().id
    done = groups.decide_group(alice.viewer, group, GroupWish("known", "the file is known and worked"))
    assert (done.members, done.spared) == (6, 0)
    assert states(harbour_unit) == ["closed"] * 6
    assert Decision.objects.filter(part_of=done, act="known").count() == 6
    assert len(floods.lines(harbour_unit, "closed")) == 1
    assert any(entry.act == "group.known" for entry in ledger.history(f"referral:{referrals[2]}", 50))
    decide(bob.viewer, referrals[2], Wish("take_back", "this one wants a look"))
    back = groups.decide_group(bob.viewer, group, GroupWish("take_back", "too early"))
    assert (back.members, back.spared) == (5, 1), "who was taken back already is not taken back twice"
    assert states(harbour_unit) == ["open"] * 6
    assert len(floods.lines(harbour_unit)) == 1
    with pytest.raises(Conflict):
        groups.decide_group(bob.viewer, group, GroupWish("take_back", "again"))


def test_members_on_a_floor_are_never_closed_unasked(alice: Person, harbour_unit: Unit) -> None:
    floods.define(harbour_unit)
    floods.take_in(harbour_unit, floods.reports(10, urgent=2))
    group = Group.objects.get().id
    with pytest.raises(ConfirmationNeeded):
        groups.decide_group(alice.viewer, group, GroupWish("known", "seen"))
    assert states(harbour_unit) == ["open"] * 10
    done = groups.decide_group(alice.viewer, group, GroupWish("known", "seen", urgent="spare"))
    assert (done.members, done.spared) == (8, 2)
    assert all(row.floor for row in floods.lines(harbour_unit))
    groups.decide_group(alice.viewer, group, GroupWish("not_actionable", "looked at both", urgent="close"))
    assert states(harbour_unit) == ["closed"] * 10


def test_what_comes_after_the_decision_waits_and_says_so(alice: Person, harbour_unit: Unit) -> None:
    floods.define(harbour_unit)
    documents = floods.reports(6)
    floods.take_in(harbour_unit, documents[:4])
    group = Group.objects.get()
    groups.decide_group(alice.viewer, group.id, GroupWish("known", "seen"))
    late = floods.take_in(harbour_unit, documents[4:])
    (line,) = floods.lines(harbour_unit)
    assert line.referral_id in late
    assert line.stands
    found = desk.desk(alice.viewer, Filters())
    assert found.late[group.id].waiting == (2, False)
    text = alice.client.get("/queue/").text
    assert "2 came after the decision of" in text


def test_taking_the_line_keeps_the_group_out_of_the_way_of_colleagues(alice: Person, bob: Person, harbour_unit: Unit) -> None:
    floods.define(harbour_unit)
    floods.take_in(harbour_unit, floods.reports(5))
    taken = desk.take_next(alice.viewer)
    assert taken is not None
    assert floods.lines(harbour_unit) == []
    assert desk.take_next(bob.viewer) is None
    decide(alice.viewer, taken, Wish("take_back", "my shift ends"))
    assert [row.referral_id for row in floods.lines(harbour_unit)] == [taken]
    other = QueueRow.objects.filter(unit=harbour_unit, is_line=False)[0]
    decide(bob.viewer, other.referral_id, Wish("take"))
    assert len(floods.lines(harbour_unit)) == 1, "a member taken by itself leaves the line where it is"
    assert len(floods.lines(harbour_unit, "taken")) == 1


def test_a_member_is_split_off_with_a_reason_and_does_not_come_back(alice: Person, harbour_unit: Unit) -> None:
    floods.a_list()
    floods.define(harbour_unit)
    documents = floods.reports(6)
    referrals = floods.take_in(harbour_unit, documents[:5])
    group = Group.objects.get()
    with pytest.raises(Invalid):
        groups.split(alice.viewer, group.id, referrals[0], " ")
    groups.split(alice.viewer, group.id, referrals[0], "another file under the same digest")
    run_due_jobs()
    row = QueueRow.objects.get(referral_id=referrals[0])
    assert (row.group_id, row.is_line) == (None, True)
    group.refresh_from_db()
    assert group.members == 4
    floods.take_in(harbour_unit, documents[5:])
    assert QueueRow.objects.get(referral_id=referrals[0]).group_id is None
    assert Member.objects.get(referral_id=referrals[0]).split_because.startswith("another")
    assert any(entry.act == "group.split" for entry in ledger.history(f"referral:{referrals[0]}", 50))


def test_a_stranger_and_a_program_reach_no_group(charlie: Person, alice: Person, harbour_unit: Unit) -> None:
    floods.define(harbour_unit)
    referrals = floods.take_in(harbour_unit, floods.reports(4))
    group = Group.objects.get().id
    wish = GroupWish("known", "seen")
    for act in (
        lambda: groups.group_page(charlie.viewer, group),
        lambda: groups.decide_group(charlie.viewer, group, wish),
        lambda: groups.split(charlie.viewer, group, referrals[0], "not mine"),
    ):
        with pytest.raises(Missing):
            act()
    with pytest.raises(Refused):
        groups.decide_group(replace(alice.viewer, via="token"), group, wish)
    assert charlie.client.get(f"/groups/{group}/").status_code == 404


def test_a_bulk_lane_lets_a_flood_wait_behind_the_rest_and_bounds_what_is_unread(alice: Person, harbour_unit: Unit) -> None:
    floods.take_in(harbour_unit, floods.reports(60, viral=False, urgent=4))
    (sender, _) = Counter(QueueRow.objects.filter(floor=0).values_list("sender_id", flat=True)).most_common(1)[0]
    others = QueueRow.objects.exclude(sender_id=sender).count()
    lane = pipeline.open_lane(alice.viewer, sender, "hundreds an hour, all alike", share=300)
    rows = floods.lines(harbour_unit)
    behind = [row for row in rows if row.turn == 0]
    assert behind
    assert rows[-len(behind) :] == behind, "behind the rest"
    assert all(row.turn == 1 for row in rows if row.floor), "a floor lifts out"
    drawn = {row.referral_id for row in rows if row.lane_id and row.turn == 1 and not row.floor}
    mine = [row for row in rows if row.sender_id == sender and not row.floor]
    assert drawn == {row.referral_id for row in mine if lanes.is_drawn(lane.seed, 300, row.referral_id)}
    assert len(rows) == 60, "nothing is dropped"
    assert sum(row.sender_id != sender for row in rows) == others
    for referral in drawn:
        decide(alice.viewer, referral, Wish("not_actionable", "read"))
    ((_, figures),) = lanes.open_lanes(alice.viewer)
    assert (figures.n, figures.k, figures.read) == (len(drawn), 0, len(drawn))
    assert figures.bound <= figures.rest == len(mine) - len(drawn)
    with pytest.raises(Conflict):
        pipeline.open_lane(alice.viewer, sender, "again")
    pipeline.close_lane(alice.viewer, lane.id, "it is over")
    assert not QueueRow.objects.filter(turn=0).exists()
    assert Lane.objects.get().figures["size"] == len(mine)
    assert [entry.act for entry in ledger.history(f"lane:{lane.id}", 9)] == ["lane.close", "lane.open"]


def test_what_comes_into_an_open_lane_waits_too(alice: Person, harbour_unit: Unit) -> None:
    documents = floods.reports(12, viral=False)
    floods.take_in(harbour_unit, documents[:6])
    sender = QueueRow.objects.all()[0].sender_id
    pipeline.open_lane(alice.viewer, sender, "a flood", share=1)
    floods.take_in(harbour_unit, documents[6:])
    assert not QueueRow.objects.filter(sender_id=sender, lane=None).exists()
    assert QueueRow.objects.filter(lane__isnull=False, turn=1).count() <= 1


def test_only_whoever_may_opens_a_lane(bob: Person, charlie: Person, harbour_unit: Unit) -> None:
    floods.take_in(harbour_unit, floods.reports(2, viral=False))
    sender = QueueRow.objects.all()[0].sender_id
    bob.officer.capabilities = ["read", "decide"]
    with pytest.raises(Refused):
        pipeline.open_lane(viewer_for(bob.officer), sender, "a flood")
    with pytest.raises(Missing):
        pipeline.open_lane(charlie.viewer, sender, "not a sender of mine")
    assert not GroupDecision.objects.exists()
    assert queue.count(charlie.viewer, Filters()) == (0, False)
