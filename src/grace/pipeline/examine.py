"""Examining: files are decoded and fingerprinted, and the referrals that name them are scored anew."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from django.db import transaction

from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.evidence import examine
from grace.evidence.models import File
from grace.kernel import clock
from grace.pipeline import jobs
from grace.pipeline.score import Batch, score_again
from grace.priority import publish
from grace.referrals import attachments, summaries

ACTOR = "system:examine"
MOST_RESCORED = 200
"""Referrals scored anew at once; a viral file is named by thousands, whose place only the newest arrivals still need."""


def examine_and_score(files: Sequence[UUID]) -> None:
    """Fingerprint the files, then score what names them. Decoding happens before, outside of any transaction."""
    seen = examine.look_into(files)
    with transaction.atomic():
        examine.record(seen)
        digests = File.objects.filter(id__in=files).values_list("sha256", flat=True)
        subjects = tuple(f"file:{bytes(each).hex()}" for each in digests)
        ledger.record(Line(kind=Kind.ALTERATION, act="file.examine", actor=ACTOR, purpose="triage", subjects=subjects))
    told = summaries.of(attachments.referrals_naming(files, most=MOST_RESCORED))
    by_unit = sorted(told, key=lambda referral: (told[referral].unit_id, referral))
    for unit_id, referrals in groupby(by_unit, key=lambda referral: told[referral].unit_id):
        with transaction.atomic():
            now = clock.now()
            raised = score_again(Batch(unit_id, ACTOR, publish.in_force(unit_id, now), now), list(referrals))
            if raised:
                jobs.send_alerts()
