"""One report, many documents: the same facts are worth the same, in whatever form they come and however late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from grace.accounts.models import Unit
from grace.casework.models import QueueRow
from grace.kernel import clock
from grace.priority.assess import signals_of
from grace.priority.models import Assessment
from grace.sdk.intake import Role
from grace.simulate.forms import members
from grace.simulate.plan import Form, WorldPlan
from grace.simulate.referral import Referral
from grace.simulate.truth import Reason
from grace.simulate.world import World, zipped
from tests.support import floods
from tests.support.deliveries import hand_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_networks")]

DATED = (Form.LEA_JSON, Form.PDF, Form.MAIL, Form.MAIL_JSON, Form.GRACE_JSON)
"""The forms that say when the report was received; CyberTipline XML does not."""


def reports(number: int) -> list[Referral]:
    """Reports of which every form can say all: no victims, marks, earlier reports, access; half of them with a fresh file."""
    plan = WorldPlan(
        seed=5, referrals=120, urgent_share=0.4, quiet_share=0, truncated_share=0, flaw_share=0, viral_share=0, duplicate_share=0,
        version_share=0, linked_share=0, known_share=0, listed_pictures=1, forms=((Form.LEA_JSON, 0.5), (Form.PDF, 0.5)),
    )  # fmt: skip
    world = World(plan)
    fresh = [index for index in range(plan.referrals) if world.oracle.fate(index).why is Reason.FRESH_FILE]
    others = [index for index in range(plan.referrals) if world.oracle.fate(index).why is None]
    return [_sayable(world.referral(index)) for index in (*fresh[: number // 2], *others[: number - number // 2])]


def _sayable(referral: Referral) -> Referral:
    accounts = tuple(replace(each, access=None, earlier=()) for each in referral.accounts if each.role is not Role.VICTIM)
    return replace(referral, accounts=accounts, annotations=(), bundled=False, escalation=None, named=("md5",))


def assessed(unit: Unit, referral: Referral, form: Form, at: datetime) -> Mapping[str, Any]:
    """What the report in this form is worth where it comes in at a moment; nothing of it stays."""
    documents = members(referral, form)
    content = zipped(documents) if len(documents) > 1 else next(iter(documents.values()))
    with clock.held(at), transaction.atomic():
        (receipt,) = hand_in(unit, content, name=f"{form}.bin")
        (key,) = receipt.referrals
        row, found = QueueRow.objects.get(referral_id=key), Assessment.objects.get(referral_id=key)
        axes = (row.completeness, row.actionability, row.urgency, row.novelty)
        signals = sorted((each.kind, each.value) for each in signals_of([key])[key])
        transaction.set_rollback(True)  # the next form of the report meets the same installation
        return {"score": row.score, "floor": row.floor, "axes": axes, "reasons": found.reasons, "signals": signals}


def test_every_form_is_worth_the_same(harbour_unit: Unit) -> None:
    floods.a_list()
    for referral in reports(12):
        at = referral.received_at + timedelta(hours=1)
        told = {form: assessed(harbour_unit, referral, form, at) for form in DATED}
        assert all(each == told[Form.LEA_JSON] for each in told.values()), referral.number
        at_once = [assessed(harbour_unit, referral, form, referral.received_at) for form in (Form.LEA_JSON, Form.TIP_FOLDER)]
        assert at_once[0] == at_once[1], referral.number


@pytest.mark.parametrize("form", DATED)
def test_a_fresh_file_is_fresh_however_late_the_report_arrives(harbour_unit: Unit, form: Form) -> None:
    """It is held against the day of the report, as the age of the incident and of the addresses is."""
    floods.a_list()
    referral = reports(2)[0]
    soon, late = (assessed(harbour_unit, referral, form, referral.received_at + timedelta(days=days)) for days in (0, 20))
    assert ("file.fresh", True) in soon["signals"]
    assert late == soon


def test_a_file_of_long_before_the_report_is_not_fresh(harbour_unit: Unit) -> None:
    floods.a_list()
    referral = next(each for each in reports(12) if each.files and each.files[0].capture)
    file = referral.files[0]
    assert file.capture is not None
    old = replace(referral, files=(replace(file, capture=replace(file.capture, at=referral.received_at - timedelta(days=3))),))
    assert "file.fresh" not in dict(assessed(harbour_unit, old, Form.PDF, referral.received_at)["signals"])
