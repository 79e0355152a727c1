"""Groups as jobs find them: viral files, duplicates, bundles; one line each, and every member found."""

from __future__ import annotations

import json

import pytest

from grace.accounts.models import Unit
from grace.casework import queue
from grace.casework.models import QueueRow
from grace.casework.queue import Filters
from grace.custody import ledger
from grace.links.models import Group, Member, Pending
from grace.priority.models import Assessment
from grace.referrals.models import Sighting
from tests.support import floods
from tests.support.people import Person
from tests.support.programs import program

pytestmark = pytest.mark.django_db


def test_a_viral_file_makes_one_line_of_many_reports(alice: Person, harbour_unit: Unit) -> None:
    floods.define(harbour_unit)
    referrals = floods.take_in(harbour_unit, floods.reports(8))
    (group,) = Group.objects.all()
    assert (group.kind, group.members, bytes(group.key).hex()) == ("viral", 8, floods.VIRAL)
    (line,) = floods.lines(harbour_unit)
    assert line.stands
    assert line.group == group
    best = QueueRow.objects.order_by("-floor", "-score", "-referral_id")[0]
    assert line.referral_id == best.referral_id
    for referral in referrals:
        hits = queue.page(alice.viewer, Filters(status="", text=str(QueueRow.objects.get(referral_id=referral).number)))
        assert referral in [row.referral_id for row in hits.rows], "every member is found"
    told = ledger.history(f"referral:{referrals[3]}", 50)
    assert [entry.kind for entry in told if entry.act == "group.join"] == ["COMBINATION"]
    assert not Pending.objects.exists()


def test_below_the_threshold_nothing_is_grouped(harbour_unit: Unit) -> None:
    floods.define(harbour_unit, viral={"threshold": 9})
    floods.take_in(harbour_unit, floods.reports(8))
    assert not Group.objects.exists()
    assert len(floods.lines(harbour_unit)) == 8


def test_a_group_lowers_novelty_and_nothing_else(harbour_unit: Unit) -> None:
    floods.a_list()
    floods.define(harbour_unit, viral={"threshold": 4})
    documents = floods.reports(5)
    first = floods.take_in(harbour_unit, documents[:3])
    before = {each.referral_id: each for each in Assessment.objects.filter(referral_id__in=first)}
    floods.take_in(harbour_unit, documents[3:])
    for each in Assessment.objects.filter(referral_id__in=first):
        old = before[each.referral_id]
        assert each.novelty < old.novelty
        assert (each.completeness, each.actionability, each.urgency, each.floor) == (
            old.completeness,
            old.actionability,
            old.urgency,
            old.floor,
        )
        assert any(signal[0] == "group.viral" for signal in each.signals)


def test_what_a_floor_holds_up_is_lifted_out(harbour_unit: Unit) -> None:
    floods.define(harbour_unit)
    floods.take_in(harbour_unit, floods.reports(10, urgent=2))
    rows = floods.lines(harbour_unit)
    assert [row.floor > 0 for row in rows] == [True, True, False]
    assert [row.stands for row in rows] == [False, False, True]
    assert {row.group_id for row in rows} == {Group.objects.get().id}


def test_the_same_facts_under_another_number_are_exact_duplicates(harbour_unit: Unit) -> None:
    (document,) = floods.reports(1, viral=False)
    floods.take_in(harbour_unit, [document, floods.renumbered(document, 5), floods.renumbered(document, 6, floods.later(1))])
    (group,) = Group.objects.all()
    assert (group.kind, group.members) == ("duplicate", 3)
    assert all(member.evidence["exact"] for member in Member.objects.all())
    assert len(floods.lines(harbour_unit)) == 1


def test_nearly_the_same_is_a_near_duplicate_with_its_evidence(harbour_unit: Unit) -> None:
    (document,) = floods.reports(1, viral=False)
    other = floods.renumbered(document, 5).replace(b'"incidentDateTime":', b'"incidentDateTimeBefore":')
    floods.take_in(harbour_unit, [document, other])
    members = list(Member.objects.all())
    assert [member.kind for member in members] == ["duplicate", "duplicate"]
    evidence = members[0].evidence
    assert not evidence["exact"]
    assert evidence["shared_identifiers"] + evidence["shared_files"] >= 0.8 * evidence["of"]


def test_what_every_text_of_a_provider_says_makes_no_duplicates(harbour_unit: Unit) -> None:
    words = " ".join(f"Write to desk{n}@help.example.org or see https://help.example.org/{n} ." for n in range(20))
    documents = [
        json.dumps(
            {
                "reportId": 900 + n,
                "reportedInformation": {
                    "reportingEsp": {"espName": "Example Forum"},
                    "incidentSummary": {"incidentDateTime": "2025-03-04T21:10:09Z"},
                    "additionalInformations": [{"value": words}],
                    "reportedPeople": {
                        "reportedPersons": [{"espUserId": f"u-{n}", "emails": {"emails": [{"value": f"a{n}@example.org"}]}}]
                    },
                },
            }
        ).encode()
        for n in range(2)
    ]
    one, other = floods.take_in(harbour_unit, documents)
    assert Sighting.objects.filter(referral_id=one, in_text=True).count() >= 20
    assert not Group.objects.exists(), other


def test_far_apart_in_time_is_no_duplicate(harbour_unit: Unit) -> None:
    (document,) = floods.reports(1, viral=False)
    floods.take_in(harbour_unit, [document, floods.renumbered(document, 5, floods.later(100))])
    assert not Group.objects.exists()


def test_another_unit_has_groups_of_its_own(harbour_unit: Unit, hill_unit: Unit, charlie: Person) -> None:
    floods.define(harbour_unit)
    floods.define(hill_unit)
    documents = floods.reports(4)
    floods.take_in(harbour_unit, documents[:2])
    floods.take_in(hill_unit, documents[2:])
    assert not Group.objects.exists(), "no unit sees what another holds"


@pytest.mark.parametrize("turned", [False, True])
def test_a_report_and_the_earlier_one_that_it_names_are_a_bundle(harbour_unit: Unit, turned: bool) -> None:
    documents = [floods.tip(701, "u-1"), floods.tip(702, "u-2", earlier=701)]
    floods.take_in(harbour_unit, reversed(documents) if turned else documents, name="report.zip")
    (group,) = Group.objects.all()
    assert (group.kind, group.members) == ("bundle", 2)
    assert {member.basis for member in Member.objects.all()} == {"reported"}


def test_reports_that_the_sender_marks_as_one_bundle(harbour_unit: Unit) -> None:
    md5 = "ab" * 16
    documents = [floods.tip(701 + place, f"u-{place}", md5=md5, bundled=place < 3) for place in range(4)]
    floods.take_in(harbour_unit, documents, name="report.zip")
    (group,) = Group.objects.all()
    assert (group.kind, group.members) == ("bundle", 3)


def test_connecting_again_changes_nothing(harbour_unit: Unit) -> None:
    floods.define(harbour_unit)
    documents = floods.reports(6)
    floods.take_in(harbour_unit, documents)
    before = list(Group.objects.values()), list(Member.objects.values())
    for row in QueueRow.objects.all():
        Pending.objects.create(referral_id=row.referral_id, unit=harbour_unit, bundled=False, earlier=[])
    from grace.pipeline import groups

    assert groups.connect_waiting(harbour_unit.id) == 6
    assert (list(Group.objects.values()), list(Member.objects.values())) == before


def test_programs_list_groups_and_see_the_groups_of_a_referral(harbour_unit: Unit) -> None:
    floods.define(harbour_unit)
    referrals = floods.take_in(harbour_unit, floods.reports(4))
    asking = program(harbour_unit)
    (told,) = asking.get("/groups").json()["items"]
    assert (told["kind"], told["members"], told["digest"]) == ("viral", 4, floods.VIRAL)
    assert asking.get(f"/groups/{told['id']}").json() == told
    (membership,) = asking.get(f"/referrals/{referrals[0]}").json()["groups"]
    assert membership["group"]["id"] == told["id"]
    assert membership["evidence"]["digest"] == floods.VIRAL
    (line,) = asking.get("/referrals").json()["items"]
    assert line["stands_for_group"]
    assert len(asking.get("/referrals", group=told["id"]).json()["items"]) == 4
    assert len(asking.get("/referrals", every="true").json()["items"]) == 4
