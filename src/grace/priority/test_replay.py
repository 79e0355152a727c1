from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from grace.priority.replay import Arrival, Height, read_at, replay

START = datetime(2026, 10, 1, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def arrival(number: int, hours: float, *, urgent: bool = False) -> Arrival:
    return Arrival(UUID(int=number), number, at(hours), urgent)


def test_what_other_rules_would_have_done_is_told_by_the_units_own_moments() -> None:
    arrivals = [arrival(1, 0), arrival(2, 1), arrival(3, 2, urgent=True)]
    before: dict[UUID, Height] = {UUID(int=1): (0, 50), UUID(int=2): (0, 40), UUID(int=3): (0, 30)}
    after: dict[UUID, Height] = {**before, UUID(int=3): (90, 30)}
    found = replay(arrivals, [at(3), at(5)], before, after, START, at(6))
    assert [(each.arrival.number, each.before, each.after) for each in found.waits] == [
        (1, timedelta(hours=3), timedelta(hours=5)),
        (2, timedelta(hours=4), None),
        (3, None, timedelta(hours=1)),
    ]
    assert [each.arrival.number for each in found.earlier] == [3]
    assert [each.arrival.number for each in found.later] == [2, 1]
    assert (found.before.median_urgent, found.after.median_urgent) == (None, timedelta(hours=1))
    assert (found.before.unread_urgent, found.after.unread_urgent, found.after.unread) == (1, 0, 1)
    assert [each.arrival.number for each in found.unread] == [2]


def test_nothing_is_read_before_it_came_and_idle_moments_are_idle() -> None:
    found = read_at([arrival(1, 5)], [at(1), at(2), at(6)], {UUID(int=1): (0, 1)})
    assert found == {UUID(int=1): at(6)}


_HEIGHTS = st.tuples(st.sampled_from([0, 0, 0, 90]), st.integers(0, 20))


@given(
    st.lists(st.tuples(st.integers(0, 50), st.booleans(), _HEIGHTS, _HEIGHTS), min_size=1, max_size=30),
    st.lists(st.integers(0, 60), max_size=30),
)
def test_as_many_are_read_under_any_rules(drawn: list[tuple[int, bool, Height, Height]], moments: list[int]) -> None:
    arrivals = [arrival(number, hours, urgent=urgent) for number, (hours, urgent, _, _) in enumerate(drawn, start=1)]
    before = {each.referral_id: told[2] for each, told in zip(arrivals, drawn, strict=True)}
    after = {each.referral_id: told[3] for each, told in zip(arrivals, drawn, strict=True)}
    found = replay(arrivals, [at(each) for each in moments], before, after, START, at(60))
    assert found.before.unread == found.after.unread, "the rules change who is read, not how many"
    assert all(each.before is None or each.before >= timedelta() for each in found.waits)
    same = replay(arrivals, [at(each) for each in moments], before, before, START, at(60))
    assert same.earlier == same.later == []
    for moment in sorted({at(each) for each in moments}):  # whoever is read never stood below somebody who had come and still waited
        reads = read_at(arrivals, sorted(at(each) for each in moments), after)
        now = [each for each in arrivals if reads.get(each.referral_id) == moment]
        left = [each for each in arrivals if each.at <= moment and reads.get(each.referral_id, at(99)) > moment]
        assert not now or not left or min(after[each.referral_id] for each in now) >= max(after[each.referral_id] for each in left)
