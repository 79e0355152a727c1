"""Holds for every screen: what it declares, and that nobody comes in unasked."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern

from grace.custody.declare import kinds_of
from grace.web.urls import urlpatterns
from tests.support.people import Person

OPEN_DOORS = {"sign-in", "welcome", "open-link", "notice", "notice-link", "notice-receipt"}


def routes() -> Iterator[URLPattern]:
    yield from (pattern for pattern in urlpatterns if isinstance(pattern, URLPattern))


def address(route: URLPattern) -> str:
    values = {name: _value(type(converter).__name__) for name, converter in route.pattern.converters.items()}
    from django.urls import reverse

    return reverse(str(route.name), kwargs=values)


def _value(converter: str) -> object:
    return {"UUIDConverter": uuid.uuid4(), "IntConverter": 1}.get(converter, "made-up")


@pytest.mark.parametrize("route", list(routes()), ids=lambda route: str(route.name))
def test_says_what_it_does_to_personal_data(route: URLPattern) -> None:
    assert kinds_of(route.callback) is not None


@pytest.mark.django_db
@pytest.mark.parametrize("route", [route for route in routes() if route.name not in OPEN_DOORS], ids=lambda route: str(route.name))
def test_is_closed_to_whoever_has_not_signed_in(route: URLPattern, client: Client) -> None:
    for method in (client.get, client.post):
        answer = method(address(route))
        assert answer.status_code in {302, 401}
        assert (answer.headers.get("Location") or answer.headers["HX-Redirect"]).startswith("/sign-in/")


@pytest.mark.django_db
def test_the_doors_that_are_open_are_the_ones_we_know() -> None:
    found = {str(route.name) for route in routes() if not getattr(route.callback, "login_required", True)}
    assert found == OPEN_DOORS


@pytest.mark.django_db
def test_an_address_that_is_none_reads_calmly(alice: Person, client: Client) -> None:
    for visitor in (alice.client, client):
        answer = visitor.get("/no-such-page/")
        assert answer.status_code == 404
        assert "Nothing here" in answer.text
