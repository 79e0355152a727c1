"""What a decoder or an external program that was taken over can do: nothing, behind all walls; and which wall stops what, each alone."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from grace.evidence.decoding import wire
from grace.evidence.decoding.layers import ALL, Layer
from grace.evidence.decoding.port import Limits
from grace.evidence.decoding.tools import Tools
from grace.evidence.decoding.zygote import Zygote
from tests.support.attempts import ALLOWED, ATTEMPTS

NAMESPACES, LIMITS, LANDLOCK, SECCOMP = Layer.NAMESPACES, Layer.LIMITS, Layer.LANDLOCK, Layer.SECCOMP
INSIDE = {
    "read a file": LIMITS | LANDLOCK | SECCOMP,
    "write a file": LIMITS | LANDLOCK | SECCOMP,
    "connect by TCP": NAMESPACES | LIMITS | LANDLOCK | SECCOMP,
    "send by UDP": NAMESPACES | LIMITS | SECCOMP,
    "connect to a local socket": NAMESPACES | LIMITS | LANDLOCK | SECCOMP,
    "connect to a socket by its path": LIMITS | SECCOMP,
    "execute a program": LANDLOCK | SECCOMP,
    "fork": SECCOMP,
    "be traced": SECCOMP,
    "signal the parent": LANDLOCK | SECCOMP,
    "allocate 3 GiB": LIMITS,
    "run data as code": SECCOMP,
}
"""Each attempt that a bare worker may make, and the layers that stop it, each of them by itself."""
OUTSIDE = {
    "read a file": LANDLOCK,
    "write a file": LIMITS | LANDLOCK | SECCOMP,
    "connect by TCP": NAMESPACES | LANDLOCK | SECCOMP,
    "send by UDP": NAMESPACES | SECCOMP,
    "connect to a local socket": NAMESPACES | LANDLOCK | SECCOMP,
    "connect to a socket by its path": SECCOMP,
    "execute a program": LANDLOCK | SECCOMP,
    "execute a program by the loader": LANDLOCK | SECCOMP,
    "execute itself": SECCOMP,
    "fork": SECCOMP,
    "be traced": SECCOMP,
    "signal the parent": LANDLOCK | SECCOMP,
    "allocate 3 GiB": LIMITS,
    "run data as code": SECCOMP,
    "run its input as code": SECCOMP,
    "open its own memory": LANDLOCK | SECCOMP,
}
"""The same for an external program, which may open files: only Landlock tells its own from others."""
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
        self.request["path"] = str(folder / "socket")
        by_path = stack.enter_context(socket.socket(socket.AF_UNIX))
        by_path.bind(self.request["path"])
        by_path.listen(64)
        Path(self.request["path"]).chmod(0o777)
        self.request["file"] = str(folder / "written")


def of_worker(zygote: Zygote, request: dict[str, Any]) -> str:
    """What became of an attempt in a new worker of the decoding program."""
    process, connection, slate = zygote.fork()
    with connection, closing(slate):
        wire.send(connection, request | {"bytes": 0})
        try:
            return str(wire.receive(connection).get("outcome", "no outcome"))
        except (wire.Broken, OSError):
            status = zygote.end(process)
            process = 0
            return ALLOWED if os.WIFEXITED(status) else ended(status)  # another program ran in its place
        finally:
            if process:
                zygote.end(process)


def of_tool(zygote: Zygote, request: dict[str, Any]) -> str:
    """What became of an attempt in a new process of an external program, which Python plays."""
    tools = Tools(start=lambda: zygote)
    written, status, _ = tools._run({"tool": "python", "task": "attempt", "cpu_seconds": 10}, json.dumps(request).encode(), 30)
    return written.decode().strip() or ended(status)


def ended(status: int) -> str:
    """What it means that a process ended without a word: another program ran in its place, or it, or that program, was stopped."""
    if os.WIFSIGNALED(status):
        return signal.Signals(os.WTERMSIG(status)).name
    return ALLOWED if os.WEXITSTATUS(status) == 0 else f"exit {os.WEXITSTATUS(status)}"


@dataclass(frozen=True)
class Profile:
    """A program whose children try to break out, how one is asked to, and which layer stops what."""

    program: str
    outcome: Callable[[Zygote, dict[str, Any]], str]
    stopped_by: Mapping[str, Layer]

    def started(self, user: int, layers: Layer) -> Zygote:
        """The program with these layers; skips where the machine does not have them all."""
        zygote = Zygote(2 << 30, layers=layers, program=(self.program, str(user)))
        missing = layers & ~zygote.walls.layers
        if missing:
            zygote.close()
            pytest.skip(f"this machine lacks {missing!r}: only a machine that has it can show what it stops")
        return zygote

    def outcomes(self, house: House, zygote: Zygote, attempts: Iterable[str]) -> dict[str, str]:
        """What became of each attempt."""
        try:
            return {attempt: self.outcome(zygote, house.request | {"attempt": attempt}) for attempt in attempts}
        finally:
            zygote.close()


PROFILES = {
    "decoder": Profile("tests.support.escapes", of_worker, INSIDE),
    "external program": Profile("tests.support.escapes_outside", of_tool, OUTSIDE),
}


@pytest.fixture(scope="module", params=PROFILES)
def profile(request: pytest.FixtureRequest) -> Profile:
    return PROFILES[request.param]


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


def test_behind_all_walls_nothing_gets_out(house: House, user: int, profile: Profile) -> None:
    outcomes = profile.outcomes(house, profile.started(user, ALL), ATTEMPTS)
    assert ALLOWED not in outcomes.values(), outcomes
    assert outcomes["execute a program"] == outcomes["run data as code"] == "SIGSYS"
    assert outcomes["fork"] == outcomes["send by UDP"] == ("SIGSYS" if profile.stopped_by is INSIDE else "EPERM")
    assert not Path(house.request["file"]).exists()


def test_a_bare_process_could_do_all_of_it(house: House, user: int, profile: Profile) -> None:
    """Or the attempts would prove nothing."""
    outcomes = profile.outcomes(house, profile.started(user, Layer(0)), profile.stopped_by)
    Path(house.request["file"]).unlink(missing_ok=True)
    assert outcomes == dict.fromkeys(profile.stopped_by, ALLOWED)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: str(layer.name).lower())
def test_each_wall_alone_stops_what_it_should(house: House, user: int, profile: Profile, layer: Layer) -> None:
    zygote = profile.started(user, layer)
    outcomes = profile.outcomes(house, zygote, profile.stopped_by)
    version = zygote.walls.landlock
    Path(house.request["file"]).unlink(missing_ok=True)
    stops = {attempt for attempt, by in profile.stopped_by.items() if layer in by}
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
