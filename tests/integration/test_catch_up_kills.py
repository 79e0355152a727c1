"""Kill -9 in the middle of catching up: whoever goes on finds what is left, and the circles are those of one run without kills."""

from __future__ import annotations

import multiprocessing
import random
import time
from uuid import UUID

from django.db import connection

from grace.accounts.models import Unit
from grace.custody import ledger
from grace.links.models import Bearing, Circle, Circled
from grace.pipeline import catch_up, groups
from tests.support import floods
from tests.support.deliveries import hand_in
from tests.support.people import make_unit

KILLS = 10
REPORTS = 48
TOGETHER = 4
"""Reports of one account."""


def work_slowly(unit: UUID) -> None:
    """Catch up in batches of two; ends when it is killed, or when nothing is left."""
    connection.close()
    catch_up.BATCH = 2
    after = None
    while (step := catch_up.step(unit, after)) is not None:
        after = step.last


def killed_at_random(unit: Unit) -> int:
    context, chance = multiprocessing.get_context("fork"), random.Random(5)
    for died in range(KILLS):
        connection.close()
        worker = context.Process(target=work_slowly, args=(unit.id,))
        worker.start()
        time.sleep(chance.uniform(0.02, 0.3))
        if not worker.is_alive():
            return died
        worker.kill()
        worker.join()
    return KILLS


def circles() -> set[frozenset[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for referral, circle in Circled.objects.values_list("referral_id", "circle_id"):
        found.setdefault(circle, set()).add(referral)
    return {frozenset(each) for each in found.values()}


def test_kills_in_the_middle_of_catching_up_leave_nothing_half_done(committed_db: None) -> None:
    unit = make_unit("Harbour Unit")
    hand_in(unit, *(floods.tip(7000 + place, f"u-{place // TOGETHER}") for place in range(REPORTS)), name="report.zip")
    groups.connect_waiting(unit.id)
    before, borne = circles(), sorted(Bearing.objects.values_list("referral_id", "value"))
    assert {len(each) for each in before} == {TOGETHER}
    for table in (Circled, Circle, Bearing):
        table.objects.all().delete()
    died = killed_at_random(unit)
    print(f"{died} workers killed")
    work_slowly(unit.id)
    assert catch_up.remaining(unit.id) == 0
    assert (circles(), sorted(Bearing.objects.values_list("referral_id", "value"))) == (before, borne)
    for circle in set(Circled.objects.values_list("circle_id", flat=True)):
        members = {f"referral:{each}" for each in Circled.objects.filter(circle_id=circle).values_list("referral_id", flat=True)}
        told = [each for entry in ledger.history(f"circle:{circle}", 50) if entry.act == "circle.join" for each in entry.subjects[1:]]
        assert sorted(told) == sorted(members), "each joined once, and the ledger says so once"
