"""The invented world's own table of networks: no registry gives addresses of documentation to anyone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grace.routing.places import places
from grace.simulate.world import write_networks


@pytest.fixture
def known_networks(tmp_path: Path, settings: Any) -> Iterator[None]:
    """The operator has supplied the table of networks in which the invented people are."""
    table = tmp_path / "networks.csv"
    write_networks(table)
    settings.GRACE_NETWORKS = table
    places.cache_clear()
    yield
    places.cache_clear()
