"""AI Act, Art. 26(5): whoever uses it watches whether it still does what was said, and is told where not; a person then suspends it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from grace.accounts.models import Unit
from grace.casework.models import Alert, Decision, QueueRow
from grace.custody import ledger
from grace.kernel import clock
from grace.pipeline import line as pipeline
from grace.priority import audits
from grace.priority.models import Audit, Line
from tests.support import floods
from tests.support.deliveries import hand_in
from tests.support.people import Person

pytestmark = pytest.mark.django_db


def test_law_A9_drift_is_told_and_moves_nothing_by_itself(alice: Person, harbour_unit: Unit) -> None:
    """Thirty urgent referrals carry a line; then twenty come of which nothing is known: an alert, once, and all stays as it was."""
    documents = floods.reports(50, viral=False)

    def come(few: list[bytes], hours: float) -> None:
        with clock.held(clock.now() + timedelta(hours=hours)):
            found = [each.referrals[0] for each in hand_in(harbour_unit, *few)]
            told = {"officer": alice.officer, "act": "escalate", "reason": "said so", "floor": 0, "before": {}, "decided_at": clock.now()}
            Decision.objects.bulk_create([Decision(referral_id=each, **told) for each in found])
            pipeline.tend()
        if hours:
            Audit.objects.filter(referral_id__in=found).update(signals=[], chance=audits.TICKETS // 4)

    pipeline.set_audit(alice.viewer, 1000, 100)
    come(documents[:30], 0)
    line = pipeline.set_line(alice.viewer, "population", 100, "for the night")
    come(documents[30:], 5)
    before = list(QueueRow.objects.order_by("referral_id").values_list("referral_id", "status", "floor", "score"))
    for days in (1.1, 2.2):
        with clock.held(clock.now() + timedelta(days=days)):
            pipeline.tend()
    assert Alert.objects.filter(line=line.id).count() == 1
    assert any(entry.act == "line.doubt" for entry in ledger.history(f"line:{line.id}", 50))
    assert Line.objects.get().retired_at is None, "a person says what follows"
    assert list(QueueRow.objects.order_by("referral_id").values_list("referral_id", "status", "floor", "score")) == before
