"""The whole application on a free port of loopback, on a database with real commits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test.testcases import LiveServerThread


def _as_it_is(handler: WSGIHandler) -> WSGIHandler:
    """WhiteNoise serves the style sheets here as everywhere: nothing is added for tests."""
    return handler


class Site(LiveServerThread):
    """The whole application as it is served, style sheets and all, on a free port of loopback."""

    def __init__(self) -> None:
        super().__init__("127.0.0.1", _as_it_is, connections_override={})  # type: ignore[arg-type]  # takes any function from handler to handler

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


@pytest.fixture
def live_site(committed_db: None) -> Iterator[str]:
    """The address of a running site on an empty database with real commits."""
    site = Site()
    site.daemon = True
    site.start()
    site.is_ready.wait()
    if site.error:
        raise site.error
    yield site.url
    site.terminate()
