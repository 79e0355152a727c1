"""A list changes, and what is stored already is asked about again: matches come and go, and with them the scores."""

from __future__ import annotations

import os
from uuid import UUID

import pytest

from grace.accounts.models import Unit
from grace.casework.models import Alert, QueueRow
from grace.custody import ledger
from grace.evidence.models import File, Fingerprint
from grace.kernel import clock
from grace.matching import due, follow, indexed
from grace.matching.digests import LENGTHS
from grace.matching.models import Due, Match, Sweep
from grace.pipeline import rematch
from grace.pipeline.examine import examine_and_score
from grace.priority.assess import signals_of
from grace.priority.models import RuleSet
from grace.priority.rules import base_rules
from grace.referrals.models import Attachment
from tests.integration.web import story
from tests.support import relisting
from tests.support.deliveries import hand_in, sample
from tests.support.jobs import run_due_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def pictures(harbour_unit: Unit) -> list[UUID]:
    """Referrals of Alice's unit whose pictures are held and fingerprinted; the lists hold something of each kind."""
    relisting.load([(kind, os.urandom(width)) for kind, width in LENGTHS.items()], "Others")
    run_due_jobs()
    referrals = story.with_files(harbour_unit)
    examine_and_score(list(File.objects.values_list("id", flat=True)))
    run_due_jobs()
    return referrals


def picture_of(referral: UUID) -> File:
    """The first picture of a referral that has a good fingerprint."""
    found = Attachment.objects.filter(referral_id=referral, file__fingerprints__quality__gte=50).select_related("file").first()
    assert found is not None
    assert found.file is not None
    return found.file


def print_of(file: File) -> bytes:
    return bytes(Fingerprint.objects.get(file=file).value)


def counts(referral: UUID) -> dict[str, object]:
    return {each.kind: each.value for each in signals_of([referral])[referral] if each.kind.startswith("file.")}


def scorings(referral: UUID) -> list[str]:
    return [each.actor for each in ledger.history(f"referral:{referral}", 100) if each.act == "referral.score"]


def test_a_file_that_comes_onto_a_list_is_known_and_its_referral_scored(pictures: list[UUID], harbour_unit: Unit) -> None:
    first, second = pictures[0], pictures[1]
    assert "file.known_count" not in counts(first)
    before = {each: len(scorings(each)) for each in pictures}
    listed = relisting.load([("sha256", bytes(picture_of(first).sha256))])
    run_due_jobs()
    assert counts(first)["file.known_count"] == 1
    match = Match.objects.select_related("entry__hash_list").get()
    assert (match.algorithm, bytes(match.value), match.distance, match.basis) == ("sha256", bytes(picture_of(first).sha256), 0, "observed")
    of = match.entry.hash_list
    assert (match.list_version, match.list_changed_at, of.version) == (1, of.changed_at, 1)
    assert (match.index_origin, match.index_layout) == (indexed.origin_now(), indexed.LAYOUT)
    assert match.index_generation
    assert scorings(first)[0] == "system:matching"
    assert len(scorings(second)) == before[second], "what is not touched is not scored"
    told = [each for each in ledger.history(f"list:{listed}") if each.act == "list.rematch"]
    assert [(each.kind, each.actor, each.detail) for each in told] == [("COMBINATION", "system:matching", {"stored": "1"})]
    assert relisting.differences([harbour_unit]) == []


@pytest.mark.parametrize(("bits", "kind"), [(0, "file.known_count"), (1, "file.near_count"), (31, "file.near_count"), (32, None)])
def test_a_picture_near_a_new_entry_is_found(pictures: list[UUID], harbour_unit: Unit, bits: int, kind: str | None) -> None:
    referral = pictures[0]
    relisting.load([("pdq", relisting.flipped(print_of(picture_of(referral)), bits))])
    run_due_jobs()
    told = counts(referral)
    assert [each for each in ("file.known_count", "file.near_count") if each in told] == ([kind] if kind else [])
    assert list(Match.objects.values_list("algorithm", "distance").distinct()) == ([("pdq", bits)] if kind else [])
    assert relisting.differences([harbour_unit]) == []


def test_digests_that_are_only_named_are_matched_alike(harbour_unit: Unit) -> None:
    (referral,) = hand_in(harbour_unit, sample("d1"))[0].referrals
    named = Attachment.objects.filter(referral_id=referral, file=None, md5__isnull=False).first()
    assert named is not None
    assert named.md5
    named.pdq = os.urandom(32)
    named.save()
    relisting.load([("md5", bytes(named.md5))], "By digest")
    run_due_jobs()
    assert counts(referral)["file.known_count"] == 1
    relisting.remove("By digest")
    relisting.load([("pdq", relisting.flipped(named.pdq, 7))], "By fingerprint")
    run_due_jobs()
    assert "file.known_count" not in counts(referral)
    assert counts(referral)["file.near_count"] == 1
    assert [(each.algorithm, each.distance) for each in Match.objects.all()] == [("pdq", 7)]
    assert relisting.differences([harbour_unit]) == []


def test_what_leaves_a_list_takes_its_matches_along_and_scores_follow(pictures: list[UUID], harbour_unit: Unit) -> None:
    referral = pictures[0]
    before = counts(referral)
    file = picture_of(referral)
    relisting.load([("md5", bytes(file.md5)), ("pdq", relisting.flipped(print_of(file), 3))])
    run_due_jobs()
    assert counts(referral) != before
    assert Match.objects.count() == 2
    relisting.remove()
    assert not Match.objects.exists()
    run_due_jobs()
    assert counts(referral) == before
    assert relisting.differences([harbour_unit]) == []


def test_a_units_own_list_touches_its_own_referrals_only(pictures: list[UUID], harbour_unit: Unit, hill_unit: Unit) -> None:
    theirs = story.with_files(hill_unit)
    file = picture_of(pictures[0])
    shared = Attachment.objects.get(referral_id__in=theirs, file=file).referral_id
    scored = len(scorings(pictures[0]))
    relisting.load([("md5", bytes(file.md5))], unit=hill_unit)
    run_due_jobs()
    assert counts(shared)["file.known_count"] == 1
    assert "file.known_count" not in counts(pictures[0])
    assert len(scorings(pictures[0])) == scored
    assert relisting.differences([harbour_unit, hill_unit]) == []


def test_a_closed_referral_keeps_its_score_and_gets_the_match(pictures: list[UUID]) -> None:
    QueueRow.objects.filter(referral_id=pictures[0]).update(status="closed", outcome="known")
    scored = len(scorings(pictures[0]))
    relisting.load([("md5", bytes(picture_of(pictures[0]).md5))])
    run_due_jobs()
    assert Match.objects.count() == 1
    assert len(scorings(pictures[0])) == scored


def test_many_entries_are_one_sweep_that_comes_to_the_same(
    pictures: list[UUID], harbour_unit: Unit, hill_unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(harbour_unit, sample("d1"), sample("d2"))
    monkeypatch.setattr(due, "FEW", 3)
    monkeypatch.setattr(rematch, "FILES", 2)
    monkeypatch.setattr(rematch, "NAMED", 3)
    values = sorted(relisting.stored())[::3]
    near = [("pdq", relisting.flipped(value, 9)) for algorithm, value in relisting.stored() if algorithm == "pdq"]
    relisting.load([*values, *near], "Agency")
    relisting.load(values[:5], "Hill", unit=hill_unit)
    follow.tend()
    assert {(each.part, each.unit) for each in Sweep.objects.all()} == {("files", None), ("files", hill_unit)}
    run_due_jobs()
    assert Match.objects.count() >= len(values)
    assert relisting.differences([harbour_unit, hill_unit]) == []


def test_a_sweep_that_waits_takes_further_entries_along(pictures: list[UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "FEW", 0)
    relisting.load([("md5", os.urandom(16))], "One")
    follow.tend()
    first = Sweep.objects.get()
    relisting.load([("md5", os.urandom(16))], "Two")
    follow.tend()
    assert Sweep.objects.get().first_entry == first.first_entry
    Sweep.objects.update(begun_at=clock.now())
    relisting.load([("md5", os.urandom(16))], "Three")
    follow.tend()
    assert Sweep.objects.count() == 2, "one that has begun may have passed what the new entries match"


def test_an_entry_that_has_left_again_asks_nothing(pictures: list[UUID]) -> None:
    relisting.load([("md5", bytes(picture_of(pictures[0]).md5))])
    follow.tend()
    assert Due.objects.count() == 1
    relisting.remove()
    run_due_jobs()
    assert not Due.objects.exists()
    assert not Match.objects.exists()


def test_what_rises_to_a_floor_is_alerted(pictures: list[UUID], harbour_unit: Unit) -> None:
    body = base_rules()
    body["floors"].append({"id": "f-t", "floor": 60, "text": "test", "when": [{"signal": "file.known_count", "at_least": 1}]})
    RuleSet.objects.filter(unit=harbour_unit).update(body=body, published_at=clock.now())
    relisting.load([("md5", bytes(picture_of(pictures[0]).md5))])
    run_due_jobs()
    assert list(Alert.objects.values_list("referral_id", flat=True)) == [pictures[0]]
    assert QueueRow.objects.get(referral_id=pictures[0]).floor == 60


def test_a_kind_of_hash_that_becomes_checkable_changes_what_no_list_holds(harbour_unit: Unit, hill_unit: Unit) -> None:
    referral, theirs = hand_in(harbour_unit, sample("d1"))[0].referrals[0], hand_in(hill_unit, sample("d1"))[0].referrals[0]
    assert "file.new_count" not in counts(referral), "not checked is not “on no list”"
    relisting.load([("md5", b"0" * 16)], unit=harbour_unit)
    run_due_jobs()
    assert counts(referral)["file.new_count"]
    assert "file.new_count" not in counts(theirs)
    relisting.load([("md5", b"1" * 16)], "Second", unit=harbour_unit)
    assert not Sweep.objects.exists()
    relisting.remove()
    assert not Sweep.objects.exists()
    relisting.remove("Second")
    assert Sweep.objects.get().part == "referrals"
    run_due_jobs()
    assert "file.new_count" not in counts(referral)
    assert relisting.differences([harbour_unit, hill_unit]) == []
