"""What a match is worth changes, and what is stored follows: other meanings, entries that are set aside, restored, or noisy."""

from __future__ import annotations

from uuid import UUID

import pytest

from grace.accounts.models import Unit
from grace.accounts.viewer import operator
from grace.kernel import clock
from grace.kernel.ids import new_id
from grace.matching import noise
from grace.matching.lists import About
from grace.matching.models import Due, Entry, Sweep
from grace.pipeline import list_entries, lists
from grace.priority.assess import signals_of
from grace.referrals.models import Attachment
from tests.support import relisting
from tests.support.deliveries import hand_in, sample
from tests.support.jobs import run_due_jobs
from tests.support.people import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def referral(harbour_unit: Unit) -> UUID:
    """A referral that names a file by its MD5 alone; a list holds other ones."""
    relisting.load([("md5", b"?" * 16)], "Others")
    (found,) = hand_in(harbour_unit, sample("d1"))[0].referrals
    run_due_jobs()
    return found


def md5_of(referral: UUID) -> bytes:
    named = Attachment.objects.filter(referral_id=referral, file=None, md5__isnull=False).first()
    assert named is not None
    return bytes(named.md5 or b"")


def put(name: str, meaning: str, value: bytes) -> UUID:
    found = relisting.load([("md5", value)], name, meaning=meaning)
    run_due_jobs()
    return found


def counts(referral: UUID) -> dict[str, object]:
    wanted = ("known", "negative", "common")
    return {name: each.value for each in signals_of([referral])[referral] for name in wanted if each.kind == f"file.{name}_count"}


def test_each_meaning_speaks_to_what_is_stored(referral: UUID, harbour_unit: Unit) -> None:
    value = md5_of(referral)
    software = put("NSRL", "known", value)
    assert counts(referral) == {"common": 1}
    alerts = put("Alerts", "alert", value)
    assert counts(referral) == {"known": 1}
    negative = put("Not of interest", "negative", value)
    assert counts(referral) == {"negative": 1}
    for list_id, left in ((negative, {"known": 1}), (alerts, {"common": 1}), (software, {})):
        lists.remove(operator(), list_id)
        run_due_jobs()
        assert counts(referral) == left
    assert relisting.differences([harbour_unit]) == []


def test_an_entry_that_is_set_aside_counts_no_more_and_again(referral: UUID, alice: Person, harbour_unit: Unit) -> None:
    put("Alerts", "alert", md5_of(referral))
    entry = Entry.objects.get(hash_list__name="Alerts")
    list_entries.set_aside(alice.viewer, entry.id, "to be looked at")
    run_due_jobs()
    assert counts(referral) == {}
    list_entries.restore(alice.viewer, entry.id, "it is right")
    run_due_jobs()
    assert counts(referral) == {"known": 1}
    assert relisting.differences([harbour_unit]) == []


def test_a_noisy_entry_lets_go_of_what_it_matched(referral: UUID) -> None:
    listed = put("Alerts", "alert", md5_of(referral))
    lists.describe(operator(), listed, About(noisy_referrals=2))
    entry = Entry.objects.get(hash_list__name="Alerts")
    noise.count({new_id(): [entry.id] for _ in range(2)}, clock.now())
    list_entries.set_noisy_aside()
    run_due_jobs()
    assert counts(referral) == {}


def test_opinions_change_no_score(referral: UUID, alice: Person) -> None:
    put("Alerts", "alert", md5_of(referral))
    list_entries.say(alice.viewer, Entry.objects.get(hash_list__name="Alerts").id, "dispute", "wrong")
    assert not Due.objects.exists()
    assert counts(referral) == {"known": 1}


def test_only_alert_lists_tell_on_no_list_from_not_checked(harbour_unit: Unit) -> None:
    (referral,) = hand_in(harbour_unit, sample("d1"))[0].referrals
    run_due_jobs()
    software = put("NSRL", "known", b"?" * 16)
    assert not [each for each in signals_of([referral])[referral] if each.kind == "file.new_count"]
    alerts = put("Alerts", "alert", b"!" * 16)
    new = [each.value for each in signals_of([referral])[referral] if each.kind == "file.new_count"]
    assert new, "what was not checked is on no list now"
    lists.remove(operator(), software)
    assert not Sweep.objects.exists()
    lists.remove(operator(), alerts)
    run_due_jobs()
    assert not [each for each in signals_of([referral])[referral] if each.kind == "file.new_count"]
