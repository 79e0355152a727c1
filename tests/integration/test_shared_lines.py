"""Lines and mail domains that many share, as data: what is listed links nothing, and does again when it is taken off."""

from __future__ import annotations

from uuid import UUID

import pytest

from grace.accounts.models import Unit
from grace.accounts.viewer import operator
from grace.custody import ledger
from grace.kernel.errors import Conflict, Invalid, Refused
from grace.links.models import Again, Bearing, Circle, SharedLines
from grace.pipeline import shared_lines
from grace.pipeline.links import links_page
from tests.support import floods
from tests.support.jobs import run_due_jobs
from tests.support.people import Person

pytestmark = pytest.mark.django_db


def with_address(number: int, address: str, mail: str = "") -> bytes:
    """A report of an account of its own that states an address (with port and second), and a mail address if one is given."""
    return floods.tip(number, f"u-{number}", address=address, mail=mail)


def others(person: Person, referral: UUID) -> list[UUID]:
    return [each.other for each in links_page(person.viewer, referral).hop.links]


def circles(unit: Unit) -> list[int]:
    return sorted(Circle.objects.filter(unit=unit, members__gt=0).values_list("members", flat=True))


def put(text: str, seen: int = 0) -> SharedLines:
    made = shared_lines.put(operator(), text, "because", seen=seen)
    run_due_jobs()
    return made


def test_links_by_a_newly_listed_line_fall_away_and_come_back(alice: Person, harbour_unit: Unit) -> None:
    first, second = floods.take_in(harbour_unit, [with_address(701, "203.0.113.7"), with_address(702, "203.0.113.7")], name="report.zip")
    assert others(alice, first) == [second]
    made = put("cgnat, 203.0.113.0/24, Example Mobile\n")
    assert others(alice, first) == []
    assert not Bearing.objects.filter(kind="ip").exists()
    assert SharedLines.objects.get(number=made.number).followed_at is not None
    put("vpn, 2001:db8::/32", seen=1)
    assert others(alice, first) == [second]
    assert not Again.objects.exists()


def test_a_providers_own_domain_joins_no_circle(alice: Person, harbour_unit: Unit) -> None:
    documents = [with_address(number, "", mail="case@law.provider.example") for number in (701, 702)]
    first, second = floods.take_in(harbour_unit, documents, name="report.zip")
    assert circles(harbour_unit) == [2]
    put("mail, provider.example")
    assert (others(alice, first), circles(harbour_unit)) == ([], [])
    assert "circle.split" in [each.act for each in ledger.history(f"referral:{second}", 50)]
    (third,) = floods.take_in(harbour_unit, [with_address(703, "", mail="case@law.provider.example")], name="report.zip")
    assert others(alice, third) == []
    put("", seen=1)
    assert circles(harbour_unit) == [3]


def test_it_goes_on_where_it_broke_off(alice: Person, harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [with_address(700 + place, f"203.0.113.{place // 2}") for place in range(6)]
    referrals = floods.take_in(harbour_unit, documents, name="report.zip")
    monkeypatch.setattr(shared_lines, "BATCH", 3)
    shared_lines.put(operator(), "proxy, 203.0.113.0/24", "because", seen=0)
    steps = 0
    while shared_lines.follow():
        steps += 1
        assert 0 < shared_lines.standing(alice.viewer).share <= 1
    assert steps > 3
    assert shared_lines.standing(alice.viewer).waiting == len(referrals)
    run_due_jobs()
    assert shared_lines.standing(alice.viewer).waiting == 0
    assert all(others(alice, each) == [] for each in referrals)


def test_who_administers_puts_it_in_force_and_the_ledger_says_so(alice: Person, dora: Person, harbour_unit: Unit) -> None:
    with pytest.raises(Refused):
        shared_lines.put(alice.viewer, "vpn, 203.0.113.0/24", "because", seen=0)
    made = shared_lines.put(dora.viewer, "vpn, 203.0.113.0/24\nvpn, 203.0.113.0/24\n# a remark\n", "because", seen=0)
    assert (made.number, made.entries) == (1, [["vpn", "203.0.113.0/24", ""]])
    (entry,) = ledger.history("shared-lines:1", 5)
    assert (entry.act, entry.kind, entry.actor) == ("lines.put", "ALTERATION", dora.viewer.actor)
    with pytest.raises(Conflict):
        shared_lines.put(dora.viewer, "vpn, 198.51.100.0/24", "because", seen=0)
    with pytest.raises(Invalid):
        shared_lines.put(dora.viewer, "vpn, 203.0.113.0/24", "the same", seen=1)
    with pytest.raises(Invalid):
        shared_lines.put(dora.viewer, "vpn, 198.51.100.0/24", " ", seen=1)
