"""The list of senders against a recount: every number, every order and every page, however much of it was counted before."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median_low
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grace.accounts.models import Unit
from grace.accounts.viewer import Viewer
from grace.casework import sender_days, sender_figures, sender_list, sender_rows
from grace.casework.models import QueueRow, SenderDay, SenderTouched
from grace.casework.sender_rows import Which
from grace.casework.usual import sender_rules
from grace.intake import models as intake
from grace.intake.models import Sender
from grace.kernel import clock
from grace.pipeline import sender_pages
from grace.pipeline.sender_pages import Line, Order
from grace.referrals.models import Referral
from tests.support.people import Person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 20, 12, tzinfo=UTC)
TODAY = NOW.date()
SENDERS = 12


def add(unit: Unit, senders: Sequence[Sender], number: int, seed: int) -> list[QueueRow]:
    """Referrals of the last seventy days in the queue, their days touched, as a batch of intake leaves them."""
    draw, first = random.Random(seed), Referral.objects.count()
    made = []
    for place in range(first, first + number):
        sender = senders[int(len(senders) * draw.random() ** 2)]
        received = NOW - timedelta(minutes=draw.choice([draw.randrange(700), draw.randrange(70 * 1440)]))
        key = {"number": place + 1, "unit": unit, "sender": sender, "received_at": received}
        made.append((Referral(issuer="test", external=f"EX-{place}", **key), key))
    Referral.objects.bulk_create(referral for referral, _ in made)
    rows = [
        QueueRow(
            referral=referral,
            status=draw.choice(["open", "open", "taken", "closed"]),
            outcome=draw.choice(["", "known", "escalated"]),
            floor=0,
            score=0,
            completeness=draw.randrange(101),
            actionability=draw.choice([0, 39, 40, 41, 100]),
            urgency=0,
            novelty=0,
            why=[],
            incident_kind="material",
            summary={"here": 1} if draw.random() < 0.4 else {},
            format="lea-json",
            way="api",
            lacks=draw.choice([None, [], ["ip.port-missing"], ["ip.port-missing", "file.changed"]]),
            changed_at=NOW,
            **key,
        )
        for referral, key in made
    ]
    QueueRow.objects.bulk_create(rows)
    sender_days.touch_of([row.referral_id for row in rows])
    return rows


@pytest.fixture
def senders(harbour_unit: Unit, hill_unit: Unit) -> Iterator[list[Sender]]:
    """Senders of both units, some of them over their share today; the last never sent anything that reads."""
    made = Sender.objects.bulk_create(Sender(name=f"Example Sender {place:02}") for place in range(SENDERS))
    days = (intake.SenderDay(sender=each, unit=harbour_unit, day=TODAY, over_share=place % 3) for place, each in enumerate(made))
    intake.SenderDay.objects.bulk_create(days)
    with clock.held(NOW):
        add(harbour_unit, made[:-1], 400, seed=1)
        add(hill_unit, made[:3], 40, seed=2)
        yield made


@dataclass(frozen=True)
class Recount:
    """A sender as its rows in the queue say it."""

    referrals: int
    median: int | None
    actionable: int
    with_files: int
    waiting: int
    by_day: Counter[date]


def recount(unit: Unit, senders: Sequence[Sender]) -> dict[Any, Recount]:
    rows = defaultdict(list)
    for row in QueueRow.objects.filter(unit=unit):
        rows[row.sender_id].append(row)
    found = {}
    for sender in senders:
        month = [row for row in rows[sender.id] if TODAY - row.received_at.date() < timedelta(days=30)]
        found[sender.id] = Recount(
            len(month),
            median_low(row.completeness for row in month) if month else None,
            sum(row.actionability >= sender_rules().actionable_at_least for row in month),
            sum("here" in row.summary for row in month),
            sum(row.status == "open" for row in rows[sender.id]),
            Counter(row.received_at.date() for row in month),
        )
    return found


def listed(viewer: Viewer, order: Order, most: int = 5) -> list[Line]:
    """All pages of the list, one behind the other."""
    lines: list[Line] = []
    after = ""
    while True:
        page = sender_pages.list_senders(viewer, order, after=after, most=most)
        assert page.is_first == (not after)
        assert not page.behind
        lines += page.lines
        if page.after is None:
            return lines
        after = str(page.after)


def some_counted(rows: int) -> None:
    """A round of counting, behind which ``rows`` referrals change or go."""
    sender_pages.count_days()
    some = list(QueueRow.objects.order_by("number")[:rows])
    sender_days.touch_of([row.referral_id for row in some])
    QueueRow.objects.filter(referral_id__in=[row.referral_id for row in some[::2]]).update(
        status="closed", completeness=3, actionability=90
    )
    QueueRow.objects.filter(referral_id__in=[row.referral_id for row in some[1::2]]).delete()


@pytest.mark.parametrize("counted", ["nothing", "everything", "some"])
def test_numbers_and_orders_are_those_of_a_recount(alice: Person, harbour_unit: Unit, senders: list[Sender], counted: str) -> None:
    if counted == "everything":
        sender_pages.count_days()
    elif counted == "some":
        some_counted(60)
        add(harbour_unit, senders[:4], 20, seed=3)
    truth = recount(harbour_unit, senders)
    assert sum(each.referrals for each in truth.values()) > 200
    keys: Mapping[Order, Callable[[UUID, Line], float]] = {
        Order.NAME: lambda _key, _line: 0,
        Order.REFERRALS: lambda key, _line: -truth[key].referrals,
        Order.COMPLETENESS: lambda key, _line: -(truth[key].median or 0),
        Order.ACTIONABLE: lambda key, _line: -truth[key].actionable / max(truth[key].referrals, 1),
        Order.FILES: lambda key, _line: -truth[key].with_files / max(truth[key].referrals, 1),
        Order.QUARANTINED: lambda _key, _line: 0,
        Order.WAITING: lambda key, _line: -truth[key].waiting,
        Order.OVER: lambda _key, line: -line.over_share,
    }
    for order in Order:
        lines = listed(alice.viewer, order)
        wanted = sorted(lines, key=lambda line: (keys[order](line.known.id, line), line.known.name))
        assert [line.known.name for line in lines] == [line.known.name for line in wanted], order
        assert len(lines) == SENDERS
        for line in lines:
            by_day = Counter(dict(_days(line)))
            sums = line.sums
            found = Recount(sums.referrals, line.median, sums.actionable, sums.with_files, sums.waiting, +by_day)
            assert found == truth[line.known.id], (order, line.known.name)


def _days(line: Line) -> Iterator[tuple[date, int]]:
    numbers = line.flow.numbers[-30:] if line.flow else ()
    return ((TODAY - timedelta(days=back), number) for back, number in enumerate(reversed(numbers)))


@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.parametrize("days", [30, 90])
def test_the_page_of_one_sender_says_what_the_list_says(alice: Person, senders: list[Sender], days: int, counted: bool) -> None:
    if counted:
        some_counted(60)
    for line in listed(alice.viewer, Order.NAME):
        one = sender_pages.one_sender(alice.viewer, line.known.id, days=days)
        rows = list(QueueRow.objects.filter(unit=alice.officer.unit, sender_id=line.known.id))
        now = [row for row in rows if TODAY - row.received_at.date() < timedelta(days=days)]
        before = [row for row in rows if timedelta(days=days) <= TODAY - row.received_at.date() < timedelta(days=2 * days)]
        for some, figures in ((now, one.figures), (before, one.before)):
            assert figures.referrals == len(some)
            assert figures.completeness == Counter(row.completeness for row in some)
            assert figures.told["lacks"] == Counter(code for row in some for code in row.lacks or ())
            assert figures.told["outcome"] == Counter(row.outcome for row in some if row.outcome)
        assert one.line.sums.waiting == line.sums.waiting
        if days == 30:
            assert (one.line.sums, one.line.median, one.line.over_share) == (line.sums, line.median, line.over_share)
            assert (one.line.flow and one.line.flow.by) == (line.flow and line.flow.by)


def test_large_days_wait_for_the_next_round_and_the_page_says_so(
    alice: Person, harbour_unit: Unit, senders: list[Sender], monkeypatch: pytest.MonkeyPatch
) -> None:
    sender_pages.count_days()
    before = recount(harbour_unit, senders)
    add(harbour_unit, senders[:1], 30, seed=4)
    monkeypatch.setattr(sender_list, "MOST_AT_ONCE", 0)
    monkeypatch.setattr(sender_figures, "MOST_AT_ONCE", 0)
    page = sender_pages.list_senders(alice.viewer, Order.REFERRALS, most=SENDERS)
    assert page.behind
    assert {line.known.id: line.sums.referrals for line in page.lines} == {key: each.referrals for key, each in before.items()}
    assert sender_pages.one_sender(alice.viewer, senders[0].id).behind
    assert "still being counted" in alice.client.get("/senders/").text
    monkeypatch.undo()
    assert not sender_pages.list_senders(alice.viewer, Order.REFERRALS, most=SENDERS).behind


def test_a_unit_at_which_a_round_is_at_work_is_not_read_note_by_note(
    alice: Person, senders: list[Sender], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grace.casework.sender_touched.MOST_NOTES", 3)
    assert sender_pages.list_senders(alice.viewer, Order.REFERRALS, most=SENDERS).behind


def test_a_day_without_referrals_is_counted_away(senders: list[Sender]) -> None:
    sender_pages.count_days()
    row = QueueRow.objects.order_by("number")[0]
    day = QueueRow.objects.filter(unit=row.unit, sender=row.sender, received_at__date=row.received_at.date())
    sender_days.touch_of(list(day.values_list("referral_id", flat=True)))
    day.delete()
    sender_pages.count_days()
    assert not SenderTouched.objects.exists()
    assert not SenderDay.objects.filter(unit=row.unit, sender=row.sender, day=row.received_at.date()).exists()


def test_more_senders_take_no_more_questions(alice: Person, harbour_unit: Unit, senders: list[Sender]) -> None:
    def questions(address: str) -> int:
        alice.client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert alice.client.get(address).status_code == 200
        return len(asked)

    before = [questions(f"/senders/?sort={order}") for order in Order]
    more = Sender.objects.bulk_create(Sender(name=f"Further Sender {place:02}") for place in range(40))
    intake.SenderDay.objects.bulk_create(intake.SenderDay(sender=each, unit=harbour_unit, day=TODAY) for each in more)
    add(harbour_unit, more, 100, seed=5)
    assert [questions(f"/senders/?sort={order}") for order in Order] == before
    assert max(before) <= 13


@pytest.mark.parametrize(
    ("counted", "lacks"), [(10_000, ""), (10_000, "file.changed"), (7, ""), (7, "file.changed"), (7, "person.missing")]
)
def test_the_list_behind_a_figure_shows_each_of_its_referrals_once(
    alice: Person, senders: list[Sender], monkeypatch: pytest.MonkeyPatch, counted: int, lacks: str
) -> None:
    monkeypatch.setattr(sender_rows, "MOST_COUNTED", counted)
    rows = QueueRow.objects.filter(unit=alice.officer.unit, sender=senders[0]).order_by("-received_at", "-referral_id")
    wanted = [row.referral_id for row in rows if not lacks or lacks in (row.lacks or ())]
    assert bool(wanted) == (lacks != "person.missing")
    which, after, found = Which(senders[0].id, TODAY - timedelta(days=80), TODAY, lacks=lacks), "", []
    while True:
        page = sender_rows.page(alice.viewer, which, after=after, most=3)
        assert page.total == (min(len(wanted), counted), len(wanted) > counted)
        assert len(page.rows) == 3 or not page.after
        found += [row.referral_id for row in page.rows]
        after = page.after
        if not after:
            break
    assert found == wanted
