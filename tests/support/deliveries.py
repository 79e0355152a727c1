"""Documents on their way in, for tests: the samples of tests/data, and bytes that nobody can read."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from grace.accounts.models import Unit
from grace.kernel import clock
from grace.pipeline.receive import Delivery, Intake, Receipt, receive
from grace.priority.models import RuleSet
from tests.support.rule_bodies import lifted

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


def raise_two(unit: Unit) -> list[UUID]:
    """Two referrals of the unit on a floor, each with its alert that has not gone out."""
    now = clock.now()
    RuleSet.objects.create(unit=unit, number=1, state="published", body=lifted(), edited_by="system:test", edited_at=now)
    return [each.referrals[0] for each in hand_in(unit, sample("d1"), sample("d5"))]
