"""Analysis on demand: who may order what, what it costs, how it is worked off, what happens when it is cancelled or erased under way."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.urls import reverse

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.analysis import findings, orders
from grace.analysis.models import Order, Run, State
from grace.custody import ledger
from grace.evidence import files
from grace.evidence.files import Keep
from grace.evidence.models import File
from grace.kernel.errors import Invalid, Missing, Refused
from grace.pipeline import analyses, jobs
from grace.pipeline.analyses import Things
from grace.sdk.analysis import Cost, Finding, Takes
from grace.sdk.signals import Basis
from tests.integration.web import story
from tests.support.analysers import always, info, saying
from tests.support.jobs import run_due_jobs
from tests.support.people import Person, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]

COLOUR = Finding("colour", "blue", Basis.MODEL, confidence=0.8)
DEAR = (info("dear", cost=Cost.DEAR), always(COLOUR))
PICTURES = (info("pictures", takes=Takes.PICTURE), always(COLOUR, COLOUR))


def keep(unit: Unit, number: int) -> list[UUID]:
    return [each.id for each in files.keep_many([Keep(unit.id, f"words {each}".encode(), "received") for each in range(number)])]


def test_an_order_is_worked_off_batch_by_batch_and_tells_how_far_it_is(
    alice: Person, harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    held = keep(harbour_unit, 5)
    with saying(DEAR, PICTURES):
        placed = analyses.order(alice.viewer, Things(held), ["dear"])
        assert (placed.files, placed.state, placed.milliseconds) == (5, State.WAITING, 5_000)
        analyses.work(placed.id)
        placed.refresh_from_db()
        assert (placed.done, placed.found, placed.state, placed.ended_at) == (2, 2, State.RUNNING, None)
        run_due_jobs()
    placed.refresh_from_db()
    assert (placed.done, placed.found, placed.state) == (5, 5, State.DONE)
    assert placed.ended_at is not None
    assert all([each.analyser for each in findings.of_file(file)] == ["dear"] for file in held)
    digest = bytes(File.objects.get(id=held[0]).sha256).hex()
    assert [each.actor for each in ledger.history(f"file:{digest}", 10) if each.act == "file.analyse"] == [alice.viewer.actor]
    assert [each.act for each in ledger.history(f"order:{placed.id}", 10)] == ["analysis.order"]


def test_what_an_order_costs_is_what_its_analysers_took_before(alice: Person, harbour_unit: Unit) -> None:
    held = keep(harbour_unit, 4)
    with saying(DEAR, PICTURES):
        (offer,) = analyses.choose(alice.viewer, Things(held)).offers
        assert (offer.info.name, offer.files, offer.milliseconds) == ("dear", 4, 4_000)
        analyses.order(alice.viewer, Things(held[:2]), ["dear"])
        run_due_jobs()
        Run.objects.update(milliseconds=30)
        (offer,) = analyses.choose(alice.viewer, Things(held)).offers
        assert offer.milliseconds == 120


def test_a_cancelled_order_ends_and_keeps_what_was_found(alice: Person, harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BATCH", 1)
    held = keep(harbour_unit, 3)
    with saying(DEAR):
        placed = analyses.order(alice.viewer, Things(held), ["dear"])
        analyses.work(placed.id)
        analyses.cancel(alice.viewer, placed.id)
        run_due_jobs()
    placed.refresh_from_db()
    assert (placed.done, placed.state) == (1, State.CANCELLED)
    assert Run.objects.count() == 1


def test_files_erased_under_way_do_not_hold_it_up(alice: Person, harbour_unit: Unit) -> None:
    held = keep(harbour_unit, 3)
    with saying(DEAR):
        placed = analyses.order(alice.viewer, Things(held), ["dear"])
        files.release(harbour_unit.id, held[1:])
        run_due_jobs()
    placed.refresh_from_db()
    assert (placed.done, placed.state) == (1, State.DONE)


def test_a_batch_that_is_done_twice_counts_once(alice: Person, harbour_unit: Unit) -> None:
    held = keep(harbour_unit, 2)
    with saying(DEAR):
        placed = analyses.order(alice.viewer, Things(held), ["dear"])
        orders.tick(placed.id, held, 2)
        orders.tick(placed.id, held, 2)
    placed.refresh_from_db()
    assert (placed.done, placed.found, placed.state) == (2, 2, State.DONE)


def test_only_what_the_own_unit_holds_can_be_ordered(alice: Person, charlie: Person, harbour_unit: Unit, hill_unit: Unit) -> None:
    mine = keep(harbour_unit, 2)
    (theirs,) = [each.id for each in files.keep_many([Keep(hill_unit.id, b"elsewhere", "received")])]
    reader = make_person("reader", harbour_unit, frozenset({Capability.READ}))
    with saying(DEAR):
        assert analyses.order(alice.viewer, Things([*mine, theirs, *mine]), ["dear"]).files == 2
        for names in ([], ["other"], ["dear", "other"]):
            with pytest.raises(Invalid):
                analyses.order(alice.viewer, Things(mine), names)
        with pytest.raises(Invalid):
            analyses.order(alice.viewer, Things([theirs]), ["dear"])
        with pytest.raises(Refused):
            analyses.order(reader.viewer, Things(mine), ["dear"])
    order = Order.objects.get()
    with pytest.raises(Missing):
        analyses.page_of(charlie.viewer, order.id)
    with pytest.raises(Missing):
        analyses.cancel(charlie.viewer, order.id)
    assert analyses.of_unit(charlie.viewer) == ([], "")
    for route in ("analysis", "analysis-progress"):
        assert charlie.client.get(reverse(route, args=[order.id])).status_code == 404


def test_from_a_referral_a_search_or_a_file_to_the_order_and_its_end(alice: Person, harbour_unit: Unit) -> None:
    referral, *_ = story.with_files(harbour_unit)
    picture = File.objects.filter(media_type__startswith="image/").first()
    assert picture is not None
    with saying(DEAR, PICTURES):
        for query in (f"referral={referral}", f"file={picture.id}", "status=open"):
            text = alice.client.get(f"{reverse('analyse')}?{query}").text
            assert 'value="dear"' in text
            assert 'value="pictures"' in text
        answer = alice.client.post(f"{reverse('analyse')}?file={picture.id}", {"analyser": ["pictures"]})
        order = Order.objects.get()
        assert answer.headers["Location"] == reverse("analysis", args=[order.id])
        page = alice.client.get(reverse("analysis", args=[order.id])).text
        assert "0 of 1 files" in page
        assert "hx-get" in page
        run_due_jobs()
    fragment = alice.client.get(reverse("analysis-progress", args=[order.id])).text
    assert "1 of 1 files" in fragment
    assert "2 findings" in fragment
    assert "hx-get" not in fragment
    assert reverse("analysis", args=[order.id]) in alice.client.get(reverse("analyses")).text
    for query in ("file=x", "referral=x", "sender=x"):
        assert alice.client.get(f"{reverse('analyse')}?{query}").status_code == 400


def test_the_list_pages_by_the_newest(alice: Person, harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grace.analysis.read_orders.MOST_ORDERS", 2)
    held = keep(harbour_unit, 1)
    with saying(DEAR):
        placed = [analyses.order(alice.viewer, Things(held), ["dear"]).id for _ in range(5)]
    seen, before = [], ""
    while True:
        rows, before = analyses.of_unit(alice.viewer, before)
        seen += [each.id for each in rows]
        if not before:
            break
    assert seen == placed[::-1]
    with pytest.raises(Invalid):
        analyses.of_unit(alice.viewer, "x")
