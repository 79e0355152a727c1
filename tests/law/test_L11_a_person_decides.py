"""LED Article 11: no code path closes a referral or escalates it against a person without an officer's decision."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grace.accounts.models import Unit
from grace.accounts.viewer import operator
from grace.casework.decide import Wish
from grace.casework.models import Decision, QueueRow
from grace.kernel.errors import Refused
from grace.matching.models import Entry
from grace.matching.proposals import Wanted
from grace.pipeline import list_entries
from grace.pipeline.decide import decide
from grace.priority.rules import base_rules
from grace.simulate.plan import WorldPlan
from tests.support.jobs import run_due_jobs
from tests.support.people import Person
from tests.support.world import take_in

pytestmark = pytest.mark.django_db


def test_a_whole_world_with_its_jobs_closes_nothing(harbour_unit: Unit) -> None:
    take_in(WorldPlan(seed=11, referrals=60, days=5, known_share=0.9, viral_share=0.2), harbour_unit.id)
    run_due_jobs()
    assert set(QueueRow.objects.values_list("status", "outcome")) == {("open", "")}
    assert not Decision.objects.exists()


def test_a_program_decides_nothing(alice: Person) -> None:
    take_in(WorldPlan(seed=11, referrals=2, days=1), alice.viewer.unit_id)
    program = replace(alice.viewer, via="token")
    with pytest.raises(Refused):
        decide(program, QueueRow.objects.values_list("referral_id", flat=True)[0], Wish("not_criminal", "because"))
    assert set(QueueRow.objects.values_list("status", flat=True)) == {"open"}


def test_a_program_neither_lists_nor_unlists_anything(alice: Person, bob: Person) -> None:
    own = list_entries.make_own(alice.viewer, "Ours", "Harbour Unit", "alert", None, "A")
    wanted = Wanted({"md5": "0" * 32}, "", "because")
    proposal = list_entries.propose(alice.viewer, own.id, wanted)
    for program in (replace(bob.viewer, via="token"), operator()):
        with pytest.raises(Refused, match="no program"):
            list_entries.propose(program, own.id, Wanted({"md5": "1" * 32}, "", "because"))
        with pytest.raises(Refused, match="no program"):
            list_entries.approve(program, proposal.id)
    assert not Entry.objects.exists()
    list_entries.approve(bob.viewer, proposal.id)
    with pytest.raises(Refused, match="no program"):
        list_entries.remove(replace(bob.viewer, via="token"), Entry.objects.get().id, "because")


def test_rules_give_points_and_floors_and_nothing_else() -> None:
    body = base_rules()
    assert {key for rule in body["rules"] for key in rule} <= {"id", "axis", "points", "when", "text", "each", "up_to"}
    assert {key for floor in body["floors"] for key in floor} == {"id", "floor", "when", "text"}
