"""Examining: files are decoded and fingerprinted, and the referrals that name them are scored anew.

Pictures are shown to the cheap analysers, which see every file, at the same time: what is dear about a small file is the way there.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.evidence import examine, unpack
from grace.evidence.models import File
from grace.pipeline import analyse, jobs
from grace.pipeline.score_files import score_what_names
from grace.referrals import attachments

ACTOR = "system:examine"
_TURN = 1000


def examine_and_score(files: Sequence[UUID]) -> None:
    """Fingerprint the files, then score what names them. Decoding happens before, outside of any transaction.

    Videos among them get a job each, so that nothing waits for them.
    """
    videos = examine.videos_among(files)
    _examine_and_score([each for each in files if each not in videos], videos)


def examine_video(file: UUID) -> None:
    """The same for one video."""
    _examine_and_score([file])


def _examine_and_score(files: Sequence[UUID], later: Sequence[UUID] = ()) -> None:
    first = analyse.first_asked(files)
    seen = examine.look_into(attachments.by_referral(files), first.names)
    said = first.analysed(seen)
    with transaction.atomic():
        for video in later:
            jobs.examine_video(video)
        examine.record(seen)
        if seen:
            _write_down(files)
        if said:
            analyse.write_down(said, analyse.ACTOR, "triage")
        left = first.left(said)
        for start in range(0, len(left), jobs.BATCH):
            jobs.analyse_files(left[start : start + jobs.BATCH])
        for archive in unpack.begin(unpack.archives_among(files), again=False):
            jobs.unpack(archive)
    score_what_names(files)


def _write_down(files: Sequence[UUID]) -> None:
    digests = File.objects.filter(id__in=files).values_list("sha256", flat=True)
    subjects = tuple(f"file:{bytes(each).hex()}" for each in digests)
    ledger.record(Line(kind=Kind.ALTERATION, act="file.examine", actor=ACTOR, purpose="triage", subjects=subjects))


def examine_anew() -> int:
    """Defer looking again into what another decoder looked into, or an older rule; how many files that are."""
    number, after = 0, None
    while some := examine.looked_into_otherwise(after, _TURN):
        with transaction.atomic():
            for start in range(0, len(some), jobs.EXAMINED):
                jobs.examine_files(some[start : start + jobs.EXAMINED])
        number, after = number + len(some), some[-1]
    return number
