"""What a decoder that was taken over can do: nothing, behind all walls; and which wall stops what, each alone."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from grace.evidence.decoding import wire
from grace.evidence.decoding.layers import ALL, Layer
from grace.evidence.decoding.port import Limits
from grace.evidence.decoding.zygote import Zygote
from tests.support.escapes import ALLOWED, ATTEMPTS

NAMESPACES, LIMITS, LANDLOCK, SECCOMP = Layer.NAMESPACES, Layer.LIMITS, Layer.LANDLOCK, Layer.SECCOMP
STOPPED_BY = {
    "read a file": LIMITS | LANDLOCK | SECCOMP,
    "write a file": LIMITS | LANDLOCK | SECCOMP,
    "connect by TCP": NAMESPACES | LIMITS | LANDLOCK | SECCOMP,
    "send by UDP": NAMESPACES | LIMITS | SECCOMP,
    "connect to a local socket": NAMESPACES | LIMITS | LANDLOCK | SECCOMP,
    "execute a program": LANDLOCK | SECCOMP,
    "fork": SECCOMP,
    "be traced": SECCOMP,
    "signal the parent": LANDLOCK | SECCOMP,
    "allocate 3 GiB": LIMITS,
    "run data as code": SECCOMP,
}
"""Each attempt that a bare worker may make, and the layers that stop it, each of them by itself."""
NEWER_LANDLOCK = {"connect by TCP": 4, "connect to a local socket": 6, "signal the parent": 6}
"""The version of Landlock from which on it stops these."""
NOBODY = 65534
LAYERS = (NAMESPACES, LIMITS, LANDLOCK, SECCOMP)


class House:
    """What there is to break into: a parent's sockets and a folder where anybody may write."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        kinds = {"tcp": (socket.AF_INET, socket.SOCK_STREAM), "udp": (socket.AF_INET, socket.SOCK_DGRAM)}
        self.request: dict[str, Any] = {"op": "escape", "limits": asdict(Limits()), "local": f"grace-test-{os.getpid()}"}
        for name, (family, kind) in kinds.items():
            listening = stack.enter_context(socket.socket(family, kind))
            listening.bind(("127.0.0.1", 0))
            if kind is socket.SOCK_STREAM:
                listening.listen(64)
            self.request[name] = listening.getsockname()[1]
        local = stack.enter_context(socket.socket(socket.AF_UNIX))
        local.bind("\0" + self.request["local"])
        local.listen(64)
        folder.chmod(0o777)
        self.request["file"] = str(folder / "written")

    def outcome(self, zygote: Zygote, attempt: str) -> str:
        """What became of an attempt in a new worker."""
        process, connection, slate = zygote.fork()
        with connection, closing(slate):
            wire.send(connection, self.request | {"attempt": attempt, "bytes": 0})
            try:
                return str(wire.receive(connection).get("outcome", "no outcome"))
            except (wire.Broken, OSError):
                status = zygote.end(process)
                process = 0
                return ALLOWED if os.WIFEXITED(status) else signal.Signals(os.WTERMSIG(status)).name  # another program ran in its place
            finally:
                if process:
                    zygote.end(process)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with ExitStack() as stack:  # not pytest's folder: nobody may not reach into that
        yield House(stack, Path(stack.enter_context(TemporaryDirectory(prefix="g-", dir="/tmp"))))


@pytest.fixture(scope="module", params=["as we are", "as nobody"])
def user(request: pytest.FixtureRequest) -> int:
    if request.param == "as we are":
        return os.getuid()
    if os.getuid() != 0:
        pytest.skip("only root may become another user; the other half of these tests ran as a normal user")
    return NOBODY


def started(user: int, layers: Layer) -> Zygote:
    """The program with these layers; skips where the machine does not have them all."""
    zygote = Zygote(2 << 30, layers=layers, program=("tests.support.escapes", str(user)))
    missing = layers & ~zygote.walls.layers
    if missing:
        zygote.close()
        pytest.skip(f"this machine lacks {missing!r}: only a machine that has it can show what it stops")
    return zygote


def test_behind_all_walls_nothing_gets_out(house: House, user: int) -> None:
    zygote = started(user, ALL)
    outcomes = {attempt: house.outcome(zygote, attempt) for attempt in ATTEMPTS}
    zygote.close()
    assert ALLOWED not in outcomes.values(), outcomes
    assert outcomes["fork"] == outcomes["execute a program"] == outcomes["send by UDP"] == "SIGSYS"
    assert not Path(house.request["file"]).exists()


def test_a_bare_worker_could_do_all_of_it(house: House, user: int) -> None:
    """Or the attempts would prove nothing."""
    zygote = started(user, Layer(0))
    outcomes = {attempt: house.outcome(zygote, attempt) for attempt in STOPPED_BY}
    zygote.close()
    Path(house.request["file"]).unlink(missing_ok=True)
    assert outcomes == dict.fromkeys(STOPPED_BY, ALLOWED)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: str(layer.name).lower())
def test_each_wall_alone_stops_what_it_should(house: House, user: int, layer: Layer) -> None:
    zygote = started(user, layer)
    outcomes = {attempt: house.outcome(zygote, attempt) for attempt in STOPPED_BY}
    version = zygote.walls.landlock
    zygote.close()
    Path(house.request["file"]).unlink(missing_ok=True)
    stops = {attempt for attempt, by in STOPPED_BY.items() if layer in by}
    if layer is LANDLOCK:
        stops -= {attempt for attempt, since in NEWER_LANDLOCK.items() if version < since}
    assert {attempt for attempt, outcome in outcomes.items() if outcome != ALLOWED} == stops, outcomes


def test_the_product_knows_no_escape() -> None:
    """The operation exists in the program of tests alone."""
    zygote = Zygote(2 << 30)
    process, connection, slate = zygote.fork()
    with connection, closing(slate):
        wire.send(connection, {"op": "escape", "limits": asdict(Limits()), "attempt": "fork", "bytes": 0})
        assert wire.receive(connection) == {"not_decoded": "DAMAGED", "bytes": 0}
    zygote.end(process)
    zygote.close()
