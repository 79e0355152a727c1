"""Referrals for the stories of the screens: real documents, taken in as they come from outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from django.test import Client

from grace.accounts.models import Unit
from grace.custody import ledger
from grace.custody.ledger import EntryRow
from grace.pipeline.receive import Receipt
from grace.simulate.forms import members, plant
from grace.simulate.plan import Form, WorldPlan, load_plan
from grace.simulate.world import zipped
from tests.support.deliveries import hand_in, sample
from tests.support.truths import reports
from tests.support.world import take_in

URGENT = Path(__file__).parents[2] / "data" / "cybertipline" / "07_all_sections_urgent" / "report.xml"
_TOTAL = re.compile(r'data-total="(\d+)"')
_LANE = re.compile(r'<a href="([^"]+)"[^>]*>[^<]*<span class="count[^"]*" data-lane="(\w+)">([\d\u202f]+)<')


def samples(unit: Unit, *names: str) -> list[UUID]:
    """Take samples of tests/data in; the referrals in their order."""
    return [_only(each) for each in hand_in(unit, *(sample(name) for name in names))]


def urgent(unit: Unit) -> UUID:
    """A referral that its sender escalates: a floor holds it up."""
    return _only(hand_in(unit, URGENT.read_bytes(), name="report.xml")[0])


def contradicted(unit: Unit) -> UUID:
    """A report in JSON, and its XML that gives another first name."""
    report = next(each for each in reports(3, 60) if each.accounts and each.accounts[0].given)
    other = plant(report, "person.first_name") or report
    first = hand_in(unit, *members(report, Form.LEA_JSON).values())
    hand_in(unit, zipped(members(other, Form.TIP_FOLDER)), name="report.zip")
    return _only(first[0])


def many(unit: Unit, number: int) -> None:
    """Small invented referrals, each of its own."""
    take_in(replace(load_plan(number, seed=7), days=2), unit.id, batch=60)


def with_files(unit: Unit) -> list[UUID]:
    """A few invented referrals that bring the bytes of their pictures along."""
    plan = WorldPlan(
        seed=3,
        referrals=4,
        days=1,
        files_per_referral=2,
        forms=((Form.LEA_ZIP, 1.0),),
        duplicate_share=0,
        version_share=0,
        truncated_share=0,
        flaw_share=0,
    )
    return [_only(each.receipt) for each in take_in(plan, unit.id)]


def _only(receipt: Receipt) -> UUID:
    (referral,) = receipt.referrals
    return referral


def total(client: Client, address: str) -> int:
    """How many referrals the list at this address counts."""
    page = client.get(address.replace("&amp;", "&"))
    assert page.status_code == 200, address
    found = _TOTAL.search(page.text)
    assert found is not None
    return int(found[1])


def lanes(text: str) -> Iterator[tuple[str, str, int]]:
    """Address, name and count of every lane of a queue page."""
    for address, name, count in _LANE.findall(text):
        yield address, name, int(count.replace("\u202f", ""))


def entries_of(referral: UUID) -> list[EntryRow]:
    """What the ledger holds about a referral, newest first."""
    return ledger.history(f"referral:{referral}", 50)


def with_lists(unit: Unit, folder: Path) -> None:
    """A small invented world with the hash lists that know many of its files."""
    plan = WorldPlan(seed=5, referrals=12, days=1, known_share=0.8, truncated_share=0, flaw_share=0)
    take_in(plan, unit.id, folder)
