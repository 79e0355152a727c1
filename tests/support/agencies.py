"""Two agencies in one test: North is Alice's and hands over, South is Charlie's and receives. Each stands in settings of its own.

They share the test's database, each with a unit of its own, and each knows only the other by its card.
"""

from __future__ import annotations

import json
import uuid
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.test import override_settings

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.accounts.viewer import Viewer
from grace.agencies import card as cards
from grace.agencies.identity import own, own_card_text
from grace.agencies.keys import PrivateKeys
from grace.agencies.models import Agency
from grace.pipeline import agencies
from tests.support.people import make_officer, make_unit, viewer_for


def write_key(path: Path, agency: uuid.UUID) -> None:
    """A key file as a first start makes it."""
    raw = {
        "signing": Ed25519PrivateKey.generate().private_bytes_raw(),
        "lattice": uuid.uuid4().bytes * 4,
        "curve": X25519PrivateKey.generate().private_bytes_raw(),
    }
    path.write_text(json.dumps({"agency": str(agency), **{name: b64encode(each).decode() for name, each in raw.items()}}))


@dataclass
class Installation:
    """One agency as its own installation sees itself."""

    name: str
    state: str
    folder: Path
    unit: Unit
    address: str = ""
    agency: uuid.UUID = field(default_factory=uuid.uuid4)

    def __post_init__(self) -> None:
        self.folder.mkdir(mode=0o700)
        write_key(self.key, self.agency)

    @property
    def key(self) -> Path:
        return self.folder / "exchange-1.key"

    @contextmanager
    def at_home(self) -> Iterator[None]:
        """Inside, the settings are this installation's."""
        with override_settings(
            GRACE_EXCHANGE_KEY_PATH=str(self.key),
            GRACE_AGENCY_NAME=self.name,
            GRACE_AGENCY_STATE=self.state,
            GRACE_AGENCY_ADDRESS=self.address,
            GRACE_EXCHANGE_UNIT=self.unit.slug,
            GRACE_EXCHANGE_FOLDER=str(self.folder / "in"),
        ):
            yield

    def card(self) -> str:
        with self.at_home():
            return own_card_text()

    def keys(self) -> PrivateKeys:
        with self.at_home():
            return own()


def administrators(unit: Unit) -> tuple[Viewer, Viewer]:
    """Two persons who enrol agencies."""
    made = [make_officer(f"{name}-{uuid.uuid4().hex[:6]}", unit, frozenset({Capability.ADMINISTER})) for name in ("dora", "emil")]
    return viewer_for(made[0]), viewer_for(made[1])


def enrol(other: Installation, unit: Unit) -> Agency:
    """Two administrators of the present installation enrol another one."""
    first, second = administrators(unit)
    proposed = agencies.propose(first, other.card())
    return agencies.confirm(second, proposed.id, cards.read(other.card()).fingerprint).agency


def acquaint(one: Installation, other: Installation) -> None:
    """Let two installations know each other."""
    for here, there in ((one, other), (other, one)):
        with here.at_home():
            enrol(there, here.unit)


@pytest.fixture
def north(tmp_path: Path, harbour_unit: Unit) -> Installation:
    return Installation("Example Police North", "DE", tmp_path / "north", harbour_unit)


@pytest.fixture
def south(tmp_path: Path, north: Installation, hill_unit: Unit) -> Installation:
    """South, which knows North and is known to it; it is reached by file."""
    made = Installation("Example Police South", "FR", tmp_path / "south", hill_unit)
    acquaint(north, made)
    return made


__all__ = ["Installation", "acquaint", "enrol", "make_unit", "north", "south"]
