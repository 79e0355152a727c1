"""The states that a group concerns: counted on its page, each number leading to exactly those members, each member routed by itself."""

from __future__ import annotations

import re
from collections import Counter
from uuid import UUID

import pytest

from grace.accounts.models import Unit
from grace.casework import queue
from grace.casework.decide_group import GroupWish
from grace.casework.models import QueueRow
from grace.casework.queue import Filters
from grace.links.models import Group, Kind, Member
from grace.pipeline import groups
from grace.pipeline.route import correct_states
from grace.routing.correct import Word
from grace.routing.words import EUROPOL
from tests.support import floods
from tests.support.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_networks")]

_LEAD = re.compile(r'<a class="n" href="(/queue/[?]group=[^"]+)" aria-label="(\w+): (\d+) members?"')
_ROW = re.compile(r'<a href="/referrals/([0-9a-f-]{36})/" data-open>')


@pytest.fixture
def viral(harbour_unit: Unit) -> Group:
    """Eight reports of one file, and two of them once more under other numbers: a viral group, and duplicates within it."""
    floods.define(harbour_unit, viral={"threshold": 6})
    documents = floods.reports(8, urgent=1)
    floods.take_in(harbour_unit, [*documents, *(floods.renumbered(documents[0], 7 + place) for place in range(2))])
    return Group.objects.get(kind=Kind.VIRAL)


def members(group: Group) -> set[UUID]:
    return set(Member.objects.filter(group=group, split_at=None).values_list("referral_id", flat=True))


def by_state(group: Group) -> dict[str, set[UUID]]:
    told: dict[str, set[UUID]] = {}
    for row in QueueRow.objects.filter(referral_id__in=members(group)):
        for key in row.recipients:
            told.setdefault(key, set()).add(row.referral_id)
    return told


def shown(who: Person, group: Group) -> dict[str, tuple[str, int]]:
    text = who.client.get(f"/groups/{group.id}/").text.replace("&amp;", "&")
    return {label: (address, int(number)) for address, label, number in _LEAD.findall(text)}


@pytest.mark.parametrize("kind", [Kind.VIRAL, Kind.DUPLICATE])
def test_each_number_leads_to_exactly_those_members(alice: Person, viral: Group, kind: str) -> None:
    group = Group.objects.get(kind=kind)
    wanted = by_state(group)
    assert sum(len(each) for each in wanted.values()) >= len(members(group))
    found = shown(alice, group)
    assert {label: number for label, (_, number) in found.items()} == {
        ("Europol" if key == EUROPOL else key): len(each) for key, each in wanted.items()
    }
    for key, each in wanted.items():
        text = alice.client.get(found["Europol" if key == EUROPOL else key][0]).text
        assert {UUID(referral) for referral in _ROW.findall(text)} == each


def test_a_closed_member_still_counts_and_is_found(alice: Person, viral: Group) -> None:
    before = dict(groups.group_page(alice.viewer, viral.id).states)
    groups.decide_group(alice.viewer, viral.id, GroupWish("known", "seen", urgent="spare"))
    assert dict(groups.group_page(alice.viewer, viral.id).states) == before
    key, number = next(iter(before.items()))
    assert queue.count(alice.viewer, Filters(status="", group=viral.id, state=key)) == (number, False)
    assert queue.count(alice.viewer, Filters(status="open", group=viral.id, state=key))[0] < number


def test_one_member_is_routed_by_itself(alice: Person, viral: Group) -> None:
    before = Counter(dict(groups.group_page(alice.viewer, viral.id).states))
    one, *others = sorted(members(viral))
    stood = {row.referral_id: row.recipients for row in QueueRow.objects.filter(referral_id__in=others)}
    assert before["PT"] == 0
    correct_states(alice.viewer, one, Word("add", "PT", "A witness."))
    after = Counter(dict(groups.group_page(alice.viewer, viral.id).states))
    assert after["PT"] == 1
    assert {row.referral_id: row.recipients for row in QueueRow.objects.filter(referral_id__in=others)} == stood
    (row,) = queue.page(alice.viewer, Filters(status="", group=viral.id, state="PT")).rows
    assert row.referral_id == one


def test_a_member_that_was_split_off_counts_no_more(alice: Person, viral: Group) -> None:
    one = QueueRow.objects.filter(group=viral, floor=0)[0]
    before = dict(groups.group_page(alice.viewer, viral.id).states)
    groups.split(alice.viewer, viral.id, one.referral_id, "another file")
    after = dict(groups.group_page(alice.viewer, viral.id).states)
    assert {key: before[key] - after.get(key, 0) for key in before if before[key] != after.get(key, 0)} == dict.fromkeys(one.recipients, 1)


def test_a_stranger_finds_none_of_them(charlie: Person, alice: Person, viral: Group) -> None:
    for address, _number in shown(alice, viral).values():
        text = charlie.client.get(address).text
        assert _ROW.findall(text) == []
        assert "Viral file" not in text
    assert charlie.client.get("/queue/?group=nonsense&state=AT").status_code == 400
    assert alice.client.get("/queue/?group=nonsense").status_code == 400
