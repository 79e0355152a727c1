"""L1, Directive (EU) 2016/680, Article 25(1): putting data together is logged as combination, also where a program does it and where it ends."""

from __future__ import annotations

import pytest

from grace.accounts.models import Unit
from grace.custody import ledger
from grace.pipeline.links import judge, links_page
from tests.support import floods
from tests.support.people import Person

pytestmark = pytest.mark.django_db


def test_law_L1_joining_and_parting_referrals_is_a_combination_and_looking_at_links_a_consultation(
    alice: Person, harbour_unit: Unit
) -> None:
    first, second = floods.take_in(harbour_unit, [floods.tip(701, "u-1"), floods.tip(702, "u-1")], name="report.zip")
    links_page(alice.viewer, first)
    judge(alice.viewer, (first, second), "cut", "two people")
    judge(alice.viewer, (first, second), "confirmed", "one person after all")
    for referral in (first, second):
        kinds = {entry.act: entry.kind for entry in ledger.history(f"referral:{referral}", 50)}
        for act in ("circle.join", "circle.split", "link.confirmed"):
            assert kinds[act] == "COMBINATION"
        assert kinds["links.read"] == "CONSULTATION"
