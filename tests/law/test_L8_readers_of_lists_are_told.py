"""LED Article 7(3): whoever was given an entry of a list is told when it is taken back, or counts no more."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from grace.kernel import clock
from grace.matching import served
from grace.matching.models import Entry, HashList
from grace.matching.served import Span
from grace.pipeline import list_entries
from tests.support.hash_lists import BEGINNING, md5, serve
from tests.support.people import Person

pytestmark = pytest.mark.django_db


def told(made: HashList, since: datetime, until: datetime) -> dict[str, bool]:
    """What a reader hears of a span: each item, and whether it still stands."""
    served.stamp(made.id, until)
    return {each.name: each.item is not None for each in served.page(made.id, Span(since, until)).changed}


@pytest.mark.parametrize("act", [list_entries.remove, list_entries.set_aside])
def test_law_L8_readers_hear_what_is_taken_back(alice: Person, act: object) -> None:
    made = serve(1, 2)
    until = clock.now().replace(microsecond=0) + timedelta(seconds=1)
    assert told(made, BEGINNING, until) == {f"md5:{md5(1)}": True, f"md5:{md5(2)}": True}
    act(alice.viewer, Entry.objects.get(item=f"md5:{md5(1)}").id, "it was wrong")  # type: ignore[operator]  # either verb
    with clock.held(until + timedelta(seconds=30)):
        assert told(made, until, clock.now().replace(microsecond=0)) == {f"md5:{md5(1)}": False}
