"""Texts of many referrals of a unit go to one worker where only analysers of GRACE see them; what kills or stalls it is shown again by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from grace.accounts.models import Unit
from grace.analysis import texts
from grace.analysis.models import TextRun
from grace.analysis.passage import digest
from grace.custody import ledger
from grace.evidence.decoding import here
from grace.evidence.decoding.pool import Pool
from grace.evidence.decoding.port import Limits, NotDecoded, Reason, Roll
from grace.evidence.decoding.workers import Worker, Workers
from grace.pipeline.texts import analyse_waiting
from grace.sdk.analysis import Finding, Seen, Takes
from grace.sdk.signals import Basis
from tests.support.analysers import SayingDecoder, always, info, saying
from tests.support.deliveries import hand_in
from tests.support.jobs import run_due_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]

SEEN = Finding("colour", "green", Basis.MODEL)
BOILER = "This notice was written by a machine; the bench by the lighthouse was painted green last week."
OURS, THEIRS = (info("ours", takes=Takes.TEXT), always(SEEN)), (info("theirs", takes=Takes.TEXT), always(SEEN))


def arrived(unit: Unit, *reports: tuple[str, ...]) -> list[UUID]:
    """A referral for each, with these texts."""
    written = [
        {
            "grace_report": 1,
            "sender": "Example Service",
            "number": f"T-{place}",
            "passages": [{"about": "note", "text": one} for one in some],
        }
        for place, some in enumerate(reports)
    ]
    return [receipt.referrals[0] for receipt in hand_in(unit, *(json.dumps(each).encode() for each in written), name="report.json")]


def failures() -> dict[tuple[UUID, str], str]:
    return {(run.referral_id, run.analyser): run.failed for run in TextRun.objects.exclude(failed="")}


def work(decoder: SayingDecoder, *units: Unit) -> list[tuple[list[str], list[str]]]:
    decoder.shipped = frozenset({"ours"})
    for unit in units:
        analyse_waiting(unit.id)
    return decoder.requests


def test_ours_see_all_together_and_each_text_once_others_see_each_referral_apart(harbour_unit: Unit) -> None:
    first, second = sorted(arrived(harbour_unit, ("one", BOILER), ("two", BOILER)))
    with saying(OURS, THEIRS) as decoder:
        together, *apart = work(decoder, harbour_unit)
    assert (together[0], sorted(together[1])) == (["ours"], sorted(["one", "two", BOILER]))
    assert sorted((names, sorted(said)) for names, said in apart) == [(["theirs"], sorted([each, BOILER])) for each in ("one", "two")]
    for referral in (first, second):
        assert [[each.value for each in said.seen] for said in texts.of_referral(referral)[digest(BOILER)]] == [["green"], ["green"]]
    entries = {each.id: each for referral in (first, second) for each in ledger.history(f"referral:{referral}", 20)}
    (entry,) = [each for each in entries.values() if each.act == "referral.analyse"]
    assert (list(entry.subjects), entry.detail["runs"]) == ([f"referral:{first}", f"referral:{second}"], "8")


def test_no_request_holds_texts_of_two_units(harbour_unit: Unit, hill_unit: Unit) -> None:
    arrived(harbour_unit, ("of the harbour",), (BOILER,))
    arrived(hill_unit, ("of the hill",), (BOILER,))
    with saying(OURS) as decoder:
        requests = work(decoder, harbour_unit, hill_unit)
    assert [sorted(said) for _, said in requests] == [sorted([BOILER, "of the harbour"]), sorted([BOILER, "of the hill"])]


def test_one_that_did_not_come_with_grace_sees_each_referral_apart(harbour_unit: Unit) -> None:
    arrived(harbour_unit, ("one",), ("two",))
    with saying(OURS) as decoder:
        analyse_waiting(harbour_unit.id)
    assert sorted(said for _, said in decoder.requests) == [["one"], ["two"]]


def deadly(content: bytes, _media_type: str) -> Seen | NotDecoded:
    return NotDecoded(Reason.DIED) if content == b"boo" else (SEEN,)


def test_where_a_request_fails_each_referral_is_shown_apart(harbour_unit: Unit) -> None:
    """What kills in several referrals is tried by itself once."""
    referrals = arrived(harbour_unit, ("one", BOILER), ("boo", "two"), ("boo", BOILER), ("three",))
    with saying((OURS[0], deadly)) as decoder:
        requests = work(decoder, harbour_unit)
    assert failures() == {(referral, "ours"): str(Reason.DIED) for referral in referrals[1:3]}
    assert TextRun.objects.filter(failed="").count() == 5
    assert [said for _, said in requests].count(["boo"]) == 1
    alone = [set(said) for _, said in requests[1:]]
    assert not [said for said in alone if {"two", "one"} <= said or {"two", "three"} <= said or {"one", "three"} <= said]


def test_time_runs_out_for_one_referral_alone(harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where showing many together took all of its time, each has its own time yet."""
    arrived(harbour_unit, ("one",), ("two",))
    moments = iter([0.0, 500.0, 500.0, 500.0, 1000.0, 1500.0])
    monkeypatch.setattr("grace.analysis.texts.time.monotonic", lambda: next(moments))
    with saying(OURS) as decoder:
        requests = work(decoder, harbour_unit)
    assert len(requests) == 1
    assert list(failures().values()) == [str(Reason.TIME)]


PLUG_INS = """
import os, time
from grace.sdk.analysis import AnalyserInfo, Cost, Finding, Takes
from grace.sdk.signals import Basis

class Words:
    info = AnalyserInfo("words", "1", Cost.CHEAP, "Apache-2.0", Takes.TEXT, {"words": "how many"})

    def warm_up(self):
        pass

    def examine(self, subject):
        if subject.text == "kills":
            os._exit(3)
        if subject.text == "stalls":
            time.sleep(60)
        return (Finding("words", str(len(subject.text.split())), Basis.OBSERVED),)

words = Words()
"""


class AllOurs(Pool):
    """A real decoder that takes one plug-in for an analyser that came with GRACE, and shows texts to no other."""

    def roll(self) -> Roll:
        roll = super().roll()
        return Roll({"words": roll.loaded["words"]}, roll.left_out, shipped=frozenset({"words"}))


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    (tmp_path / "invented_words.py").write_text(PLUG_INS)
    about = tmp_path / "invented_words-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: invented-words\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[grace.analysers]\nwords = invented_words:words\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    pool = AllOurs(1)
    with here.standing_in(pool):
        yield pool
    pool.close()


def test_what_kills_and_what_stalls_a_real_worker_gets_its_verdict_and_the_others_are_heard(
    harbour_unit: Unit, real: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "LIMITS", Limits(seconds=3.0))
    said = [("one",), ("kills", "one two"), ("one two three",), ("stalls",), (BOILER,)]
    referrals = arrived(harbour_unit, *said)
    assert "words" not in Pool.roll(real).shipped
    analyse_waiting(harbour_unit.id)
    assert failures() == {(referrals[1], "words"): str(Reason.DIED), (referrals[3], "words"): str(Reason.TIME)}
    counted = {each: run[0].seen[0].value for referral in referrals for each, run in texts.of_referral(referral).items() if run[0].seen}
    assert counted == {digest(text): str(len(text.split())) for some in said for text in some if text not in {"kills", "stalls"}}


def test_one_worker_tells_the_languages_of_a_whole_job(harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    forked: list[Worker] = []
    usual = Workers._forked

    def fork(workers: Workers) -> Worker:
        forked.append(usual(workers))
        return forked[-1]

    monkeypatch.setattr(Workers, "_forked", fork)
    referrals = arrived(harbour_unit, *((f"The ferry left the quay at {hour} and the water was calm.",) for hour in range(12)))
    here.decoder().roll()
    forked.clear()
    run_due_jobs()
    assert len(forked) == 1
    assert TextRun.objects.filter(referral_id__in=referrals, analyser="language", failed="").count() == 12
