"""A sender's own escalation counts up to a daily share; one that escalates everything is reviewed, not obeyed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from grace.accounts.models import Unit
from grace.intake import senders
from grace.intake.models import SenderDay
from grace.kernel import clock
from grace.pipeline.receive import Delivery, Intake, receive
from grace.priority.models import Assessment
from grace.priority.rules import EscalationShare
from tests.support.people import Person

pytestmark = pytest.mark.django_db

URGENT = (Path(__file__).parents[1] / "data" / "cybertipline" / "07_all_sections_urgent" / "report.xml").read_bytes()
DAY = date(2026, 3, 1)
SHARE = EscalationShare(minimum=2, share=0.1, maximum=5)


def escalated(number: int) -> bytes:
    """The same urgent report about another account."""
    return URGENT.replace(b"u-991", b"u-%d" % number)


def test_the_first_of_a_day_count_and_the_rest_do_not(harbour_unit: Unit) -> None:
    example = senders.named(["Example Chat"])["Example Chat"]
    first = senders.count_escalations(harbour_unit.id, DAY, [(example, True)] * 3, SHARE.allowance)
    assert first == [True, True, False]
    assert senders.count_escalations(harbour_unit.id, DAY, [(example, True)], SHARE.allowance) == [False]
    row = SenderDay.objects.get()
    assert (row.received, row.counted, row.over_share) == (4, 2, 2)


def test_the_share_grows_with_the_days_reports_up_to_its_maximum(harbour_unit: Unit) -> None:
    example = senders.named(["Example Chat"])["Example Chat"]
    many = [(example, False)] * 30 + [(example, True)] * 10
    assert sum(senders.count_escalations(harbour_unit.id, DAY, many, SHARE.allowance)) == 4
    flood = [(example, True)] * 500
    assert sum(senders.count_escalations(harbour_unit.id, DAY, flood, SHARE.allowance)) == 1, "five at most, four of them spent"


def test_a_new_day_and_another_sender_begin_anew(harbour_unit: Unit) -> None:
    known = senders.named(["Example Chat", "Example Cloud"])
    chat, cloud = known["Example Chat"], known["Example Cloud"]
    senders.count_escalations(harbour_unit.id, DAY, [(chat, True)] * 9, SHARE.allowance)
    assert senders.count_escalations(harbour_unit.id, DAY, [(cloud, True)], SHARE.allowance) == [True]
    assert senders.count_escalations(harbour_unit.id, date(2026, 3, 2), [(chat, True)], SHARE.allowance) == [True]


def test_a_flood_of_escalations_loses_its_floor_and_says_why(alice: Person) -> None:
    with clock.held(datetime(2026, 7, 2, tzinfo=UTC)):
        receipts = receive(Intake(alice.viewer.unit_id, "test", "system:test"), [Delivery("report.xml", escalated(n)) for n in range(40)])
    assessments = Assessment.objects.in_bulk([each.referrals[0] for each in receipts])
    by_kind = [{kind for kind, *_ in each.signals} for each in assessments.values()]
    assert sum("sender.escalated" in kinds for kinds in by_kind) == 3
    assert sum("sender.escalated_over_share" in kinds for kinds in by_kind) == 37
    over = [each for each in assessments.values() if "sender.escalated_over_share" in {kind for kind, *_ in each.signals}]
    assert not any("sender escalated" in str(each.reasons) for each in over)


def test_the_allowance_lies_within_its_bounds() -> None:
    assert [SHARE.allowance(received) for received in (0, 10, 30, 1_100_000)] == [2, 2, 3, 5]
    assert replace(SHARE, minimum=0).allowance(5) == 0
