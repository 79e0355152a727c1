"""Files of one referral may be decoded by one worker; files of two never are."""

from __future__ import annotations

from uuid import UUID

import pytest

from grace.accounts.models import Unit
from grace.evidence import examine as evidence
from grace.evidence.models import File
from grace.pipeline import examine
from grace.referrals import attachments
from grace.referrals.models import Attachment
from tests.integration.web import story
from tests.support.sealed import held_picture

pytestmark = pytest.mark.django_db


def test_files_are_looked_into_referral_by_referral(harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    story.with_files(harbour_unit)
    stray = held_picture(harbour_unit).id
    files = list(File.objects.order_by("sha256").values_list("id", flat=True))
    together = attachments.by_referral(files)
    assert sorted(each for group in together for each in group) == sorted(files)
    assert [stray] in together
    assert 1 < len(together) < len(files)
    for group in together:
        naming = [set(Attachment.objects.filter(file_id=each).values_list("referral_id", flat=True)) for each in group]
        assert len(group) == 1 or set.intersection(*naming)
    seen: list[list[UUID]] = []

    def together_now(rows: list[File], _analysers: object) -> list[object]:
        seen.append([row.id for row in rows])
        return []

    monkeypatch.setattr(evidence, "_together", together_now)
    examine.examine_and_score(files)
    assert seen == together
