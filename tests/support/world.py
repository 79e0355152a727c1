"""An invented world, taken in: the truth of its documents beside what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from uuid import UUID

from grace.accounts.viewer import operator
from grace.kernel import clock
from grace.pipeline.lists import import_list
from grace.pipeline.receive import Delivery, Intake, Receipt, receive
from grace.simulate.plan import WorldPlan
from grace.simulate.truth import SimulatedDocument
from grace.simulate.world import World, write_lists, zipped


@dataclass(frozen=True)
class Taken:
    """One document of the world and our receipt for it."""

    document: SimulatedDocument
    receipt: Receipt


def as_bytes(document: SimulatedDocument) -> bytes:
    """What a sender would hand in: the document itself, or its folder as a ZIP."""
    return document.content if isinstance(document.content, bytes) else zipped(document.content)


def import_lists(world: World, folder: Path) -> None:
    """Take the world's hash lists in, at its beginning."""
    write_lists(world.catalogue, folder)
    for path in sorted(folder.glob("*.csv")):
        with path.open("rb") as stream, clock.held(world.plan.start):
            import_list(operator(), stream, path.stem, source=path.stem)


def take_in(plan: WorldPlan, unit_id: UUID, lists: Path | None = None, batch: int = 25) -> list[Taken]:
    """Receive a whole world, each batch at the time at which it arrives there."""
    world = World(plan)
    if lists is not None:
        import_lists(world, lists)
    return [each for some in _batches(world, plan, batch) for each in _receive(some, unit_id)]


def _batches(world: World, plan: WorldPlan, size: int) -> Iterator[list[SimulatedDocument]]:
    documents = (world.document(place) for place in range(plan.referrals))
    while some := list(islice(documents, size)):
        yield some


def _receive(documents: list[SimulatedDocument], unit_id: UUID) -> list[Taken]:
    with clock.held(documents[-1].truth.arrives_at):
        receipts = receive(Intake(unit_id, "test", "system:test"), [Delivery(each.name, as_bytes(each)) for each in documents])
    return [Taken(*pair) for pair in zip(documents, receipts, strict=True)]
