"""Urgent referrals are told outside by their number only; a channel that fails keeps nothing else back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection

from grace.accounts.models import Unit
from grace.casework import alerts
from grace.casework.models import Alert, QueueRow
from grace.custody import ledger
from grace.host import environment
from grace.kernel import clock
from grace.pipeline import alert as pipeline
from grace.pipeline.alert import Round
from tests.support.deliveries import raise_two
from tests.support.hooks import Hook, listening

pytestmark = pytest.mark.django_db

ADDRESS = "duty@agency.example"


@pytest.fixture
def hook() -> Iterator[Hook]:
    with listening() as found:
        yield found


@pytest.fixture
def urgent(harbour_unit: Unit) -> list[UUID]:
    return raise_two(harbour_unit)


def told(referral: UUID) -> list[tuple[bool, str, str]]:
    entries = [each for each in ledger.history(f"referral:{referral}") if each.act == "alert.send"]
    return [(each.denied, each.recipient, each.detail.get("failure", "")) for each in entries]


def later(minutes: int) -> datetime:
    return clock.now() + timedelta(minutes=minutes)


def test_an_alert_holds_the_number_and_nothing_personal(urgent: list[UUID], hook: Hook, settings: Any) -> None:
    settings.GRACE_ALERT_EMAIL, settings.GRACE_ALERT_WEBHOOK = ADDRESS, hook.address
    assert pipeline.send_due() == Round(2, 0)
    numbers = set(QueueRow.objects.values_list("number", flat=True))
    assert {each["number"] for each in hook.told} == numbers
    assert all(set(each) == {"kind", "number", "raised_at"} for each in hook.told)
    assert [each.to for each in mail.outbox] == [[ADDRESS]] * 2
    assert {each.subject for each in mail.outbox} == {f"GRACE: urgent referral {number}" for number in numbers}
    said = json.dumps(hook.told) + "".join(f"{each.subject}{each.body}" for each in mail.outbox)
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM referrals_identifier")
        identifiers = [row[0] for row in cursor]
    assert identifiers
    assert not [each for each in identifiers if each in said]


def test_each_channel_is_a_disclosure_in_the_ledger(urgent: list[UUID], hook: Hook, settings: Any) -> None:
    settings.GRACE_ALERT_EMAIL, settings.GRACE_ALERT_WEBHOOK = ADDRESS, hook.address
    pipeline.send_due()
    for referral in urgent:
        assert sorted(told(referral)) == [(False, "channel:email", ""), (False, "channel:webhook", "")]
    assert pipeline.send_due() == Round(0, 0)
    assert len(mail.outbox) == 2


def test_one_that_always_fails_keeps_no_other_back(urgent: list[UUID], settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.GRACE_ALERT_EMAIL = ADDRESS
    bad = QueueRow.objects.get(referral_id=urgent[0]).number
    real: Callable[..., int] = mail.send_mail

    def fails_for_one(subject: str, *rest: Any) -> int:
        if str(bad) in subject:
            raise ConnectionRefusedError
        return real(subject, *rest)

    monkeypatch.setattr("grace.casework.alerts.send_mail", fails_for_one)
    assert pipeline.send_due() == Round(1, 1)
    assert told(urgent[0]) == [(True, "channel:email", "unreachable")]
    assert told(urgent[1]) == [(False, "channel:email", "")]


def test_it_is_tried_again_ever_more_slowly_and_given_up_in_the_end(urgent: list[UUID], settings: Any) -> None:
    settings.GRACE_ALERT_WEBHOOK = "http://127.0.0.1:1/"
    assert pipeline.send_due() == Round(0, 2)
    assert pipeline.send_due() == Round(0, 0)  # not before a minute is over
    with clock.held(later(1)):
        assert pipeline.send_due() == Round(0, 2)
    with clock.held(later(2)):
        assert pipeline.send_due() == Round(0, 0)
    for days in range(1, 20):
        with clock.held(clock.now() + timedelta(days=days)):
            pipeline.send_due()
    assert set(Alert.objects.values_list("attempts", flat=True)) == {alerts.MOST_ATTEMPTS}
    assert len(told(urgent[0])) == alerts.MOST_ATTEMPTS


def test_a_channel_that_worked_is_not_told_twice_when_the_other_failed(urgent: list[UUID], hook: Hook, settings: Any) -> None:
    settings.GRACE_ALERT_EMAIL, settings.GRACE_ALERT_WEBHOOK = ADDRESS, hook.address
    hook.answers = 500
    assert pipeline.send_due() == Round(0, 2)
    assert set(Alert.objects.values_list("failure", flat=True)) == {"answered-500"}
    hook.answers = 200
    with clock.held(later(5)):
        assert pipeline.send_due() == Round(2, 0)
    assert len(mail.outbox) == 2


def test_a_hook_that_redirects_is_refused(urgent: list[UUID], hook: Hook, settings: Any) -> None:
    with listening() as elsewhere:
        hook.answers, hook.location = 307, elsewhere.address
        settings.GRACE_ALERT_WEBHOOK = hook.address
        assert pipeline.send_due() == Round(0, 2)
        assert elsewhere.told == []


def test_nothing_is_posted_in_clear_to_another_machine(urgent: list[UUID], settings: Any) -> None:
    settings.GRACE_ALERT_WEBHOOK = "http://hook.example/"
    pipeline.send_due()
    assert set(Alert.objects.values_list("failure", flat=True)) == {"wrong-address"}


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://hook.example/x", True),
        ("http://127.0.0.1:9000/x", True),
        ("http://[::1]:9000/", True),
        ("http://localhost/", True),
        ("http://hook.example/", False),
        ("http://127.0.0.1.example/", False),
        ("ftp://hook.example/", False),
        ("https://", False),
        ("https://hook.example:99999/", False),
        ("http://[::1", False),
        ("file:///etc/passwd", False),
    ],
)
def test_the_setting_takes_https_and_this_machine_only(address: str, allowed: bool) -> None:
    assert environment.is_webhook(address) is allowed


def test_without_any_channel_nothing_is_disclosed(urgent: list[UUID]) -> None:
    assert pipeline.send_due() == Round(2, 0)
    assert told(urgent[0]) == []
