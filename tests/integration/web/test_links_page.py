"""The page of links: the graph and the table say the same, values stay covered, time narrows, strangers learn nothing."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from grace.accounts.models import Unit
from grace.casework.decide import Wish
from grace.custody import ledger
from grace.pipeline.decide import decide
from grace.referrals.models import Referral
from tests.support import floods
from tests.support.people import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def linked(harbour_unit: Unit) -> list[UUID]:
    documents = [floods.tip(701, "u-1", md5="ab" * 16), floods.tip(702, "u-1"), floods.tip(703, "u-3", md5="ab" * 16)]
    return floods.take_in(harbour_unit, documents, name="report.zip")


def test_graph_and_table_are_twins(alice: Person, linked: list[UUID]) -> None:
    page = alice.client.get(f"/referrals/{linked[0]}/links/").content.decode()
    drawing, table = page.split('id="table"')
    for other in linked[1:]:
        assert f'<a href="/referrals/{other}/links/" aria-label=' in drawing
        assert f'<a class="go" data-open href="/referrals/{other}/">' in table
    assert drawing.count('<line class="edge strong"') == 2 + 1, "two links and the legend"
    assert "u-1" not in page
    assert str(linked[0]) in alice.client.get(f"/referrals/{linked[0]}/").content.decode()


def test_the_value_shows_to_who_took_it_and_to_nobody_else(alice: Person, bob: Person, linked: list[UUID]) -> None:
    decide(alice.viewer, linked[0], Wish("take"))
    assert ">u-1<" in alice.client.get(f"/referrals/{linked[0]}/links/").content.decode()
    assert ">u-1<" not in bob.client.get(f"/referrals/{linked[0]}/links/").content.decode()


def test_a_span_of_time_narrows_both(alice: Person, linked: list[UUID]) -> None:
    address = f"/referrals/{linked[0]}/links/"
    assert "It shares nothing telling" in alice.client.get(address, {"until": "2001-01-01"}).content.decode()
    assert "It shares nothing telling" not in alice.client.get(address, {"since": "2001-01-01"}).content.decode()
    assert alice.client.get(address, {"since": "yesterday"}).status_code == 400
    assert alice.client.get(address, {"until": "9999-12-31"}).status_code == 200


def test_a_stranger_finds_neither_page_nor_way(alice: Person, charlie: Person, linked: list[UUID]) -> None:
    assert charlie.client.get(f"/referrals/{linked[0]}/links/").status_code == 404
    assert charlie.client.post(f"/referrals/{linked[0]}/links/{linked[1]}/", {"says": "cut", "reason": "x"}).status_code == 404
    number = Referral.objects.get(id=linked[2]).number
    page = alice.client.get(f"/referrals/{linked[1]}/links/", {"to": number}).content.decode()
    assert re.findall(r'<ol class="way">.*?</ol>', page, re.DOTALL)[0].count('class="go"') == 2
    assert "No referral has this number." in alice.client.get(f"/referrals/{linked[1]}/links/", {"to": "999999999"}).content.decode()


def test_a_cut_is_told_with_its_reason_and_withdrawn(alice: Person, linked: list[UUID]) -> None:
    address = f"/referrals/{linked[0]}/links/"
    assert alice.client.post(f"{address}{linked[1]}/", {"says": "cut", "reason": "  "}).status_code == 400
    assert alice.client.post(f"{address}{linked[1]}/", {"says": "cut", "reason": "a shared computer"}).status_code == 302
    page = alice.client.get(address).content.decode()
    assert "a shared computer" in page
    assert page.count('<line class="edge cut"') == 1 + 1
    assert [page.count(f'name="says" value="{says}"') for says in ("withdrawn", "confirmed", "cut")] == [1, 2, 1]
    assert alice.client.post(f"{address}{linked[1]}/", {"says": "withdrawn", "reason": "looked again"}).status_code == 302
    assert alice.client.get(address).content.decode().count('<line class="edge cut"') == 1
    told = [entry.act for entry in ledger.history(f"referral:{linked[1]}", 50)]
    assert {"link.cut", "link.withdrawn", "circle.split", "circle.join", "links.read"} <= set(told)
