"""Examining: files are decoded and fingerprinted, and the referrals that name them are scored anew."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from django.db import transaction

from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.evidence import examine, members, unpack
from grace.evidence.models import File
from grace.kernel import clock
from grace.pipeline import jobs
from grace.pipeline.score import Batch, score_again
from grace.priority import publish
from grace.referrals import attachments, summaries

ACTOR = "system:examine"
MOST_RESCORED = 200
"""Referrals scored anew at once; a viral file is named by thousands, whose place only the newest arrivals still need."""

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
    seen = [each for together in attachments.by_referral(files) for each in examine.look_into(together)]
    with transaction.atomic():
        for video in later:
            jobs.examine_video(video)
        examine.record(seen)
        if seen:
            _write_down(files)
            jobs.analyse_files(files)
        for archive in unpack.begin(unpack.archives_among(files), again=False):
            jobs.unpack(archive)
    score_what_names(files)


def score_what_names(files: Sequence[UUID], *, members_too: bool = True) -> None:
    """Score the newest referrals that name the files anew, unit by unit, each in a transaction of its own.

    Those that name an archive which holds one of them follow soon: much is found in one archive within seconds.
    """
    if members_too and (archives := members.around(files)):
        with transaction.atomic():
            jobs.score_archives(sorted({each for some in archives.values() for each in some})[-MOST_RESCORED:])
    told = summaries.of(attachments.referrals_naming(files, most=MOST_RESCORED))
    by_unit = sorted(told, key=lambda referral: (told[referral].unit_id, referral))
    for unit_id, referrals in groupby(by_unit, key=lambda referral: told[referral].unit_id):
        with transaction.atomic():
            now = clock.now()
            raised = score_again(Batch(unit_id, ACTOR, publish.in_force(unit_id, now), now), list(referrals))
            if raised:
                jobs.send_alerts()


def _write_down(files: Sequence[UUID]) -> None:
    digests = File.objects.filter(id__in=files).values_list("sha256", flat=True)
    subjects = tuple(f"file:{bytes(each).hex()}" for each in digests)
    ledger.record(Line(kind=Kind.ALTERATION, act="file.examine", actor=ACTOR, purpose="triage", subjects=subjects))


def examine_anew() -> int:
    """Defer looking again into what another decoder looked into, or an older rule; how many files that are."""
    number, after = 0, None
    while some := examine.looked_into_otherwise(after, _TURN):
        with transaction.atomic():
            for start in range(0, len(some), jobs.BATCH):
                jobs.examine_files(some[start : start + jobs.BATCH])
        number, after = number + len(some), some[-1]
    return number
