"""Two whole installations on loopback that know each other, with a recorded wire in each direction."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.house import PATIENCE, ROOT, House, free_port, living_in
from tests.support.wire import Wire

DESK = ROOT / "tests" / "support" / "exchange_desk.py"
UNIT = "harbour-unit"


@dataclass
class Pair:
    """North hands over to South. ``wires`` are what others could listen to, to South and to North."""

    north: House
    south: House
    wires: tuple[Wire, Wire]
    south_agency: str = ""
    north_agency: str = ""

    @property
    def heard(self) -> bytes:
        """Everything that went between the two."""
        return b"".join(bytes(each.heard) for each in self.wires)


def desk(house: House, *words: str) -> subprocess.CompletedProcess[str]:
    """Officers at the desk of a house."""
    command = [sys.executable, str(DESK), *words]
    return subprocess.run(command, env=house.environment, capture_output=True, text=True, timeout=4 * PATIENCE, check=False)


@contextmanager
def two_houses(folder: Path) -> Iterator[Pair]:
    """Both are up, and each was enrolled by the other."""
    ports = free_port(), free_port()
    wires = Wire(ports[1]), Wire(ports[0])
    here = living_in(folder / "n" / "h", **_settings("Example Police North", "DE", wires[1]))
    there = living_in(folder / "s" / "h", **_settings("Example Police South", "FR", wires[0]))
    with here as north, there as south:
        north.port, south.port = ports
        pair = Pair(north, south, wires)
        for house in (north, south):
            house.start()
            settled = desk(house, "settle", "Harbour Unit")
            assert settled.stdout.split() == [UNIT, "3"], settled.stderr
        pair.south_agency = _enrol(north, south, folder / "south.card")
        pair.north_agency = _enrol(south, north, folder / "north.card")
        try:
            yield pair
        finally:
            for wire in wires:
                wire.close()


def _settings(name: str, state: str, wire: Wire) -> dict[str, str]:
    return {
        "GRACE_AGENCY_NAME": name,
        "GRACE_AGENCY_STATE": state,
        "GRACE_AGENCY_ADDRESS": f"http://127.0.0.1:{wire.port}",
        "GRACE_EXCHANGE_UNIT": UNIT,
        "GRACE_LEDGER_NAME": f"ledger.{state.lower()}.example",
    }


def _enrol(here: House, there: House, card: Path) -> str:
    """The other's card goes by file, its fingerprint by another channel; the id of the agency."""
    said = there.run("agencies", "card")
    assert said.returncode == 0, said.stderr
    card.write_text(said.stdout)
    fingerprint = next(line for line in said.stderr.splitlines() if line.startswith("Fingerprint: "))
    done = desk(here, "enrol", str(card), fingerprint.removeprefix("Fingerprint: "))
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
