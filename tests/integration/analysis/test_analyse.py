"""Files are shown to analysers as they come in; what was seen is kept, counts for priority, and is shown with its basis."""

from __future__ import annotations

import os
from uuid import UUID

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from grace.accounts.models import Unit
from grace.analysis import analyse, findings
from grace.analysis.models import Descriptor, Run, Seen
from grace.custody import ledger
from grace.evidence import files
from grace.evidence.decoding.port import NotDecoded, Reason
from grace.evidence.decoding.testing import fractal, written
from grace.evidence.examine import fingerprints_of
from grace.evidence.files import Keep
from grace.evidence.models import File
from grace.pipeline.analyse import analyse_anew, analyse_now
from grace.pipeline.examine import examine_and_score
from grace.priority.assess import signals_of
from grace.sdk.analysis import Cost, Finding, Fingerprint, Takes
from grace.sdk.signals import Basis
from tests.integration.web import story
from tests.support import relisting
from tests.support.analysers import always, info, saying
from tests.support.jobs import run_due_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]

PLACE = Finding("gps", "51.5, -0.1", Basis.OBSERVED, "bytes:10,20", None, {"datum": "WGS-84"})
COLOUR = Finding("colour", "blue", Basis.MODEL, confidence=0.8)


def keep(unit: Unit, *contents: bytes) -> list[UUID]:
    return [each.id for each in files.keep_many([Keep(unit.id, content, "received") for content in contents])]


def said(file: UUID) -> dict[str, list[tuple[str, str]]]:
    return {each.analyser: [(seen.kind, seen.value) for seen in each.seen] for each in findings.of_file(file)}


def test_what_was_seen_is_kept_as_it_was_said(harbour_unit: Unit) -> None:
    picture, words = keep(harbour_unit, written(fractal()).getvalue(), b"words")
    told = (
        (info("places", "2"), always(PLACE, COLOUR, Fingerprint("look", b"\x01\x02", 70))),
        (info("colours", takes=Takes.PICTURE), always(COLOUR)),
        (info("pickles", media=("application/",)), always(PLACE)),
    )
    with saying(*told) as decoder:
        analyse_now([picture, words])
        assert said(picture) == {"places": [("gps", "51.5, -0.1"), ("colour", "blue")], "colours": [("colour", "blue")]}
        assert said(words) == {"places": [("gps", "51.5, -0.1"), ("colour", "blue")]}
        asked = len(decoder.asked)
        analyse_now([picture, words])
        assert len(decoder.asked) == asked
    kept = Seen.objects.get(run__file_id=picture, kind="gps")
    assert (kept.basis, kept.located, kept.confidence, kept.facts) == ("observed", "bytes:10,20", None, {"datum": "WGS-84"})
    assert Run.objects.get(file_id=words).version == "2"
    assert [(each.algorithm, bytes(each.value), each.quality) for each in Descriptor.objects.filter(run__file_id=picture)] == [
        ("look", b"\x01\x02", 70)
    ]
    digest = bytes(File.objects.get(id=picture).sha256).hex()
    (entry,) = [each for each in ledger.history(f"file:{digest}", 10) if each.act == "file.analyse"]
    assert entry.actor == "system:analyse"


def test_one_that_fails_or_takes_the_worker_with_it_hides_nothing(harbour_unit: Unit) -> None:
    (file,) = keep(harbour_unit, b"words")
    told = (
        (info("deadly"), lambda *_: NotDecoded(Reason.DIED)),
        (info("lost"), lambda *_: NotDecoded(Reason.DAMAGED)),
        (info("places"), always(PLACE)),
    )
    with saying(*told):
        analyse_now([file])
    assert said(file) == {"deadly": [], "lost": [], "places": [("gps", "51.5, -0.1")]}
    assert {each.analyser: each.failed for each in findings.of_file(file)} == {
        "deadly": str(Reason.DIED),
        "lost": str(Reason.DAMAGED),
        "places": "",
    }


def test_a_known_file_is_seen_by_cheap_ones_alone_and_dear_ones_wait_to_be_asked(harbour_unit: Unit) -> None:
    content = os.urandom(64)
    known, unknown = keep(harbour_unit, content, os.urandom(64))
    relisting.load([("sha256", bytes(File.objects.get(id=known).sha256))], "Others")
    run_due_jobs()
    with saying(*((info(cost.value, cost=cost), always(COLOUR)) for cost in Cost)):
        analyse_now([known, unknown])
    assert set(said(known)) == {"cheap"}
    assert set(said(unknown)) == {"cheap", "normal"}


def test_where_something_else_counts_now_a_job_of_the_same_transaction_scores(harbour_unit: Unit) -> None:
    """Also where a later version finds no more what the earlier one did; what says the same, or counts for nothing, moves nothing."""
    (file,) = keep(harbour_unit, b"words")
    versions: list[list[Finding]] = [[PLACE], [PLACE], [COLOUR], []]
    numbers = []
    for version, seen in enumerate(versions):
        with saying((info("places", str(version)), always(*seen))):
            analyse_now([file])
        jobs = ProcrastinateJob.objects.filter(task_name="pipeline.score_files")
        assert all(each.args == {"files": [str(file)]} for each in jobs)
        numbers.append(len(jobs))
    assert numbers == [1, 1, 2, 2]


def test_a_new_version_sees_again_what_the_old_one_saw(harbour_unit: Unit) -> None:
    old, new = keep(harbour_unit, b"words"), []
    with saying((info("places"), always(PLACE)), (info("colours"), always(COLOUR))):
        analyse_now(old)
        new = keep(harbour_unit, b"more words")
        assert analyse_anew() == 1
    with saying((info("places", "2"), always(COLOUR)), (info("colours"), always(COLOUR))) as decoder:
        assert analyse_anew() == 2
        run_due_jobs()
        assert sorted(decoder.asked) == [("colours", b"more words"), ("places", b"more words"), ("places", b"words")]
        assert analyse_anew() == 0
    assert said(old[0]) == {"places": [("colour", "blue")], "colours": [("colour", "blue")]}
    assert said(new[0]) == said(old[0])


def test_where_a_visit_comes_to_nothing_the_fingerprint_is_made_and_the_others_are_heard(harbour_unit: Unit) -> None:
    (picture,) = keep(harbour_unit, written(fractal()).getvalue())
    died = info("deadly", takes=Takes.PICTURE), lambda _content, _media_type: NotDecoded(Reason.DIED)
    with saying((info("places", takes=Takes.PICTURE), always(PLACE)), died):
        examine_and_score([picture])
        assert set(fingerprints_of([picture])) == {picture}
        run_due_jobs()
    assert said(picture) == {"places": [("gps", "51.5, -0.1")], "deadly": []}


@pytest.mark.parametrize("cost", [Cost.CHEAP, Cost.NORMAL])
def test_what_counts_for_priority_changes_the_score(harbour_unit: Unit, cost: Cost) -> None:
    """Cheap ones see a picture while it is fingerprinted, others when it is known whether a list knows it."""
    referral, *_ = story.with_files(harbour_unit)
    files_here = list(File.objects.values_list("id", flat=True))
    before = {each.kind for each in signals_of([referral])[referral]}
    with saying((info("places", takes=Takes.PICTURE, cost=cost), always(PLACE, PLACE))) as decoder:
        examine_and_score(files_here)
        assert bool(decoder.asked) == (cost is Cost.CHEAP)
        run_due_jobs()
    after = {each.kind: each for each in signals_of([referral])[referral]}
    assert "file.place_count" in after.keys() - before
    assert after["file.place_count"].basis is Basis.OBSERVED


def test_a_file_erased_meanwhile_is_left_out_and_takes_what_was_seen_with_it(harbour_unit: Unit) -> None:
    gone, kept = keep(harbour_unit, b"words", b"more words")
    with saying((info("places"), always(PLACE))):
        seen = analyse.look_into({gone: ["places", "absent"], kept: ["places"]})
        files.release(harbour_unit.id, [gone])
        analyse.record(seen)
    assert said(gone) == {}
    assert said(kept) == {"places": [("gps", "51.5, -0.1")]}
    files.release(harbour_unit.id, [kept])
    assert not Seen.objects.exists()
    analyse.record([])
