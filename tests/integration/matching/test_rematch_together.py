"""Asking again about what is stored while others are at work, while the index is away, and with kill -9 at any moment."""

from __future__ import annotations

import os
import shutil
from uuid import UUID

from django.db import connection, transaction

from grace.evidence.models import Fingerprint
from grace.matching import follow, indexed, matches
from grace.matching.digests import Digest
from grace.matching.look_up import look_up
from grace.matching.models import Due, Entry, HashList, HeldChange, Match
from grace.pipeline import list_entries, rematch
from grace.pipeline.match import match
from grace.priority.assess import signals_of
from grace.referrals.models import Attachment
from tests.integration.web import story
from tests.support import ground, relisting
from tests.support.deliveries import hand_in, sample
from tests.support.jobs import run_due_jobs
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_person, make_unit


def is_new(referral: UUID) -> bool:
    """Whether its score rests on a file that is on no list."""
    return any(each.kind == "file.new_count" for each in signals_of([referral])[referral])


def test_nothing_is_taken_up_while_somebody_may_not_have_seen_the_change(committed_db: None) -> None:
    unit = make_unit("Harbour Unit")
    referrals = story.with_files(unit)
    value = bytes(Attachment.objects.filter(referral_id=referrals[0]).exclude(md5=None)[0].md5 or b"")
    name = connection.settings_dict["NAME"]
    with ground.connect_app(name) as other, other.transaction():
        other.execute("UPDATE casework_queue SET way = way WHERE referral_id = %s", [referrals[1]])
        relisting.load([("md5", value)])
        follow.tend()
        rematch.rematch()
        assert Due.objects.count() == 1
        assert not Match.objects.exists()
    rematch.rematch()
    assert not Due.objects.exists()
    assert Match.objects.count() == 1


def test_whoever_began_while_the_list_was_taken_out_is_waited_for(committed_db: None) -> None:
    unit = make_unit("Harbour Unit")
    referrals = story.with_files(unit)
    relisting.load([("md5", bytes(Attachment.objects.filter(referral_id=referrals[0]).exclude(md5=None)[0].md5 or b""))])
    run_due_jobs()
    name = connection.settings_dict["NAME"]
    with ground.connect_app(name) as other, other.transaction():
        with transaction.atomic():
            relisting.remove()
            other.execute("UPDATE casework_queue SET way = way WHERE referral_id = %s", [referrals[1]])
        rematch.rematch()
        assert Due.objects.count() == 1, "the other may have seen the list, and has not written what it knows"
    rematch.rematch()
    assert not Due.objects.exists()
    run_due_jobs()
    assert relisting.differences([unit]) == []


def test_an_entry_that_goes_while_a_referral_is_scored_by_it_is_asked_for_again(committed_db: None) -> None:
    unit = make_unit("Harbour Unit")
    referrals = story.with_files(unit)
    digest = Digest("md5", bytes(Attachment.objects.filter(referral_id=referrals[0]).exclude(md5=None)[0].md5 or b""))
    relisting.load([("md5", digest.value)])
    answers = look_up([digest], [])
    relisting.remove()
    assert not Due.objects.exists(), "no match was kept that could go"
    matches.record(answers)
    assert not Match.objects.exists()
    assert [(each.came, bytes(each.value)) for each in Due.objects.all()] == [(False, digest.value)]
    run_due_jobs()
    assert relisting.differences([unit]) == []


def test_what_could_not_be_asked_while_the_index_was_away_is_asked_again(committed_db: None) -> None:
    unit = make_unit("Harbour Unit")
    values = [("md5", bytes.fromhex(digest)) for digest in ("0" * 32, "1" * 32)]
    relisting.load(values)
    run_due_jobs()
    origin = indexed.origin_now()
    assert origin
    shutil.rmtree(indexed.folder(origin))
    (referral,) = hand_in(unit, sample("d1"))[0].referrals
    assert not is_new(referral)
    follow.tend()
    rematch.follow_up()
    run_due_jobs()
    assert is_new(referral)
    assert relisting.differences([unit]) == []
    assert HashList.objects.get().version == 1


def test_a_file_looked_into_anew_gives_up_its_old_fingerprint(committed_db: None) -> None:
    unit = make_unit("Harbour Unit")
    story.with_files(unit)
    run_due_jobs()
    kept = Fingerprint.objects.filter(quality__gte=50).order_by("id")[0]
    file, old = kept.file, bytes(kept.value)
    new = os.urandom(32)
    Fingerprint.objects.filter(file=file).update(value=new)
    relisting.load([("pdq", relisting.flipped(new, 4))])
    run_due_jobs()
    assert [bytes(each.value) for each in Match.objects.all()] == [new]
    Fingerprint.objects.filter(file=file).update(quality=49)
    relisting.load([("pdq", relisting.flipped(new, 5)), ("pdq", old)], "Other")
    run_due_jobs()
    assert Match.objects.count() == 1, "a poor fingerprint is not matched"
    Fingerprint.objects.filter(file=file).delete()
    follow.tend()
    assert not HeldChange.objects.exists()
    assert follow.compare(indexed.HELD) == []


def test_what_comes_is_set_aside_or_goes_shows_at_once(committed_db: None) -> None:
    alice, value = make_person("Alice", make_unit("Harbour Unit"), EVERYTHING_BUT_ACCOUNTS).viewer, b"#" * 16

    def shown() -> tuple[str, str]:
        (answer,) = match(alice, [Digest("md5", value)])
        return answer.state, answer.known[0].aside if answer.known else ""

    relisting.load([("md5", b"?" * 16)], "Others")
    relisting.load([("md5", value)])
    assert shown() == ("known", "")
    entry = Entry.objects.get(hash_list__name="Known")
    list_entries.set_aside(alice, entry.id, "noisy")
    assert shown() == ("known", "officer")
    list_entries.restore(alice, entry.id, "right")
    assert shown() == ("known", "")
    list_entries.remove(alice, entry.id, "wrong")
    assert shown() == ("no match", "")
