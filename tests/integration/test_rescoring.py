"""Publishing rules scores the whole queue anew, by jobs that a worker takes one after another."""

from __future__ import annotations

import pytest

from grace.casework import queue
from grace.casework.queue import Filters
from grace.custody import ledger
from grace.pipeline import rescore
from grace.priority.models import Assessment
from tests.support.deliveries import hand_in, sample
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_person, make_unit
from tests.support.rule_bodies import lifted, publish_by_two
from tests.support.working import work_off


def test_publishing_scores_the_queue_anew_by_jobs(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = make_unit("Harbour Unit")
    alice, bob = (make_person(name, unit, EVERYTHING_BUT_ACCOUNTS) for name in ("Alice", "Bob"))
    referrals = [each.referrals[0] for each in hand_in(unit, *(sample(f"d{number}") for number in range(1, 6)))]
    monkeypatch.setattr(rescore, "BATCH", 2)  # three jobs, one after another
    publish_by_two(alice, bob, lifted())
    assert not Assessment.objects.filter(rules__number=2).exists()
    work_off()
    assert Assessment.objects.filter(referral_id__in=referrals, rules__number=2, floor__gte=50).count() == len(referrals)
    assert all(row.floor >= 50 for row in queue.page(alice.viewer, Filters()).rows)
    told = ledger.history(f"referral:{referrals[0]}")
    assert ("referral.score", "system:rules", "2") in [(each.act, each.actor, each.detail.get("rules")) for each in told]
