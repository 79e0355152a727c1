"""Kill -9 in the middle of grouping: nothing is lost, nothing is doubled, and the ledger tells of each batch once."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from uuid import UUID

from django.db import connection

from grace.accounts.models import Unit
from grace.casework.models import QueueRow
from grace.custody import ledger
from grace.links.models import Group, GroupSender, Member, Occurrence, Pending
from grace.pipeline import groups
from tests.support import floods
from tests.support.deliveries import hand_in
from tests.support.people import make_unit

KILLS = 12
REPORTS = 60


def connect_slowly(unit: UUID) -> None:
    """A worker that connects what waits in batches of four; ends when it is killed, or when nothing waits."""
    connection.close()
    groups.BATCH = 4
    groups.connect_waiting(unit)


def killed_at_random(unit: Unit) -> int:
    """Start workers and kill them after a while of some milliseconds, until one comes to its end; how many died."""
    context, chance = multiprocessing.get_context("fork"), random.Random(3)
    for died in range(KILLS):
        connection.close()
        worker = context.Process(target=connect_slowly, args=(unit.id,))
        worker.start()
        time.sleep(chance.uniform(0.01, 0.25))
        if not worker.is_alive():
            return died
        worker.kill()
        worker.join()
    return KILLS


def test_kills_in_the_middle_of_grouping_leave_nothing_half_done(committed_db: None) -> None:
    unit = make_unit("Harbour Unit")
    floods.define(unit, viral={"threshold": 6})
    documents = floods.reports(REPORTS)
    copies = [floods.renumbered(documents[0], 5 + place) for place in range(3)]
    hand_in(unit, *documents, *copies)
    died = killed_at_random(unit)
    groups.connect_waiting(unit.id)
    print(f"{died} workers killed")
    assert not Pending.objects.exists()
    viral = Group.objects.get(unit=unit, kind="viral", key=bytes.fromhex(floods.VIRAL))
    everybody = REPORTS + len(copies)
    assert viral.members == everybody == Member.objects.filter(group=viral).count()
    assert sum(GroupSender.objects.filter(group=viral).values_list("members", flat=True)) == everybody
    assert Occurrence.objects.filter(digest=bytes.fromhex(floods.VIRAL)).count() == everybody
    duplicates = Group.objects.get(unit=unit, kind="duplicate", members__gt=0)
    assert duplicates.members == 1 + len(copies)
    assert QueueRow.objects.filter(unit=unit, is_line=True, floor=0).count() == 1
    joined = Counter(
        subject for entry in ledger.history(f"group:{viral.id}", 500) if entry.act == "group.join" for subject in entry.subjects[1:]
    )
    assert len(joined) == everybody
    assert set(joined.values()) == {1}, "each joined once, and the ledger says so once"
