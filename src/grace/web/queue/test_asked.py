from __future__ import annotations

import pytest
from django.http import QueryDict

from grace.kernel.errors import Invalid
from grace.web.queue.asked import Asked


def of(query: str) -> Asked:
    return Asked.of(QueryDict(query))


def test_nothing_asked_is_what_waits() -> None:
    assert of("").filters.status == "open"
    assert of("").address == "/queue/"


def test_a_search_asks_in_every_status_unless_one_is_chosen() -> None:
    assert of("q=a@example.org").filters.status == ""
    assert of("q=a@example.org&status=closed").filters.status == "closed"
    assert of("like=12").filters.like == 12


def test_a_state_or_europol_is_asked_for() -> None:
    assert of("state=DE").filters.state == "DE"
    assert of("state=europol").filters.state == "europol"


def test_a_change_begins_at_the_first_page_and_keeps_the_rest() -> None:
    assert of("kind=travel&after=abc").but(urgent="1") == "/queue/?kind=travel&urgent=1"
    assert of("kind=travel&urgent=1").but(kind="") == "/queue/?urgent=1"


@pytest.mark.parametrize("query", ["", "kind=travel&state=AT&urgent=1", "q=state%3Dhole&after=abc&every=1"])
def test_the_addresses_of_a_menu_are_those_of_its_changes(query: str) -> None:
    values = ["DE", "europol", "a b&c=d"]
    assert of(query).each("state", values) == [of(query).but(state=each) for each in values]


@pytest.mark.parametrize("query", ["sender=x", "like=-1", "like=1e9", "like=" + "9" * 40, "q=%00", "state=XX", "state=de"])
def test_what_nobody_could_have_clicked_is_refused(query: str) -> None:
    with pytest.raises(Invalid):
        _ = of(query).filters
