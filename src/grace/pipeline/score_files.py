"""More is known of files: the referrals that name them are scored anew, and compared with kept searches again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from django.db import transaction

from grace.casework.kept import pending
from grace.evidence import members
from grace.kernel import clock
from grace.pipeline import jobs
from grace.pipeline.score import Batch, score_again
from grace.priority import publish
from grace.referrals import attachments, summaries

ACTOR = "system:examine"
MOST_RESCORED = 200
"""Referrals scored anew at once; a viral file is named by thousands, whose place only the newest arrivals still need."""


def score_what_names(files: Sequence[UUID], *, members_too: bool = True) -> None:
    """Score the newest referrals that name the files anew, unit by unit, each in a transaction of its own; all are compared with kept searches.

    Those that name an archive which holds one of them follow soon: much is found in one archive within seconds.
    """
    if members_too and (archives := members.around(files)):
        with transaction.atomic():
            jobs.score_archives(sorted({each for some in archives.values() for each in some})[-MOST_RESCORED:])
    with transaction.atomic():
        for unit_id in sorted(pending.note_naming(files)):
            jobs.match_kept(unit_id)
    score_referrals(attachments.referrals_naming(files, most=MOST_RESCORED))


def score_referrals(referrals: Sequence[UUID]) -> None:
    """Score referrals anew, unit by unit, each in a transaction of its own."""
    told = summaries.of(referrals)
    by_unit = sorted(told, key=lambda referral: (told[referral].unit_id, referral))
    for unit_id, some in groupby(by_unit, key=lambda referral: told[referral].unit_id):
        with transaction.atomic():
            now = clock.now()
            raised = score_again(Batch(unit_id, ACTOR, publish.in_force(unit_id, now), now), list(some))
            if raised:
                jobs.send_alerts()
