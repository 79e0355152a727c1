"""Documents on their way in, for tests: the samples of tests/data, and bytes that nobody can read."""

from __future__ import annotations

from pathlib import Path

from grace.accounts.models import Unit
from grace.pipeline.receive import Delivery, Intake, Receipt, receive

SAMPLES = Path(__file__).parents[1] / "data" / "lea-json"


def sample(name: str) -> bytes:
    """The bytes of one sample in LEA JSON, ``d1`` to ``d8``."""
    return next(path for path in SAMPLES.glob(f"{name}-*.json") if not path.name.endswith(".expected.json")).read_bytes()


def hand_in(unit: Unit, *documents: bytes, way: str = "api", name: str = "document.json") -> list[Receipt]:
    """Take documents in for a unit."""
    return receive(Intake(unit.id, way, "system:test"), [Delivery(name, each) for each in documents])


def unreadable(number: int = 0) -> bytes:
    """A document that ends in the middle; each number is another one."""
    return b'{"reportedInformation": {"number": ' + str(number).encode()
