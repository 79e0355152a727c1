"""Kill -9 in the middle of comparing what came in with kept searches: no alert is lost, none is said twice."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from uuid import UUID

from django.db import connection

from grace.accounts.models import Unit
from grace.casework.kept.keep import Wish
from grace.casework.kept_models import KeptHit, KeptPending
from grace.casework.models import Alert
from grace.casework.search_narrow import Narrow
from grace.custody import ledger
from grace.pipeline import kept
from tests.support import floods
from tests.support.deliveries import hand_in
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit, viewer_for

KILLS = 12
REPORTS = 60


def match_slowly(unit: UUID) -> None:
    """A worker that compares what waits one by one; ends when it is killed, or when nothing waits."""
    connection.close()
    kept.BATCH = 1
    kept.match_waiting(unit)


def killed_at_random(unit: Unit) -> int:
    """Start workers and kill them after a while of some milliseconds, until one comes to its end; how many died."""
    context, chance = multiprocessing.get_context("fork"), random.Random(3)
    for died in range(KILLS):
        connection.close()
        worker = context.Process(target=match_slowly, args=(unit.id,))
        worker.start()
        time.sleep(chance.uniform(0.01, 0.15))
        if not worker.is_alive():
            return died
        worker.kill()
        worker.join()
    return KILLS


def test_kills_in_the_middle_lose_no_alert_and_double_none(committed_db: None) -> None:
    unit = make_unit("Harbour Unit")
    alice = viewer_for(make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS))
    made = [kept.keep(alice, Wish(f"all {place}", text, Narrow(), False)) for place, text in enumerate(("-walrus", "-zebra"))]
    receipts = hand_in(unit, *floods.reports(REPORTS, viral=False))
    died = killed_at_random(unit)
    kept.match_waiting(unit.id)
    print(f"{died} workers killed")
    assert not KeptPending.objects.exists()
    everybody = {referral for each in receipts for referral in each.referrals}
    assert len(everybody) == REPORTS
    for search in made:
        assert set(KeptHit.objects.filter(search=search).values_list("referral_id", flat=True)) == everybody
        assert sum(Alert.objects.filter(kept=search).values_list("hits", flat=True)) == REPORTS, "each is in one alert"
        told = [each for each in ledger.history(f"kept-search:{search.id}", 500) if each.act == "search.hit"]
        said = Counter(subject for entry in told for subject in entry.subjects[1:])
        assert said == Counter({f"referral:{each}": 1 for each in everybody}), "each is said once, and the ledger says so once"
