"""External programs on our side: which are here, and running one on content, each time in a process of its own behind walls of its own."""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from grace.evidence.decoding import wire
from grace.evidence.decoding.layers import Walls
from grace.evidence.decoding.port import NotDecoded, Reason, Roll
from grace.evidence.decoding.zygote import Zygote
from grace.kernel.errors import Unavailable
from grace.sdk.analysis import AnalyserInfo

NAMES = ("exiftool", "tesseract")
LAUNCHER = ("grace.evidence.decoding.program.launcher", *NAMES)
MEMORY_BYTES = 2 << 30
MOST_OUTPUT = 8 << 20
SECONDS, CPU_SECONDS = 60.0, 40
"""What one run may cost: bytes written, seconds of a clock and of a processor."""
MOST_ASKED, MOST_ASKS = 512 << 20, 12
"""What a worker may ask for while it looks at one file: bytes at a time, and how often."""
_PIECE = 1 << 16
_NOT_STARTED = 127
_BY_SIGNAL: dict[int, Reason] = {signal.SIGXCPU: Reason.TIME, signal.SIGSYS: Reason.FORBIDDEN}
_SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE


@dataclass(frozen=True, slots=True)
class Here:
    """A program that is installed: its version, and a digest of it and its data."""

    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Away:
    """A program that is not, or not wholly: what is missing, and how to get it."""

    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Output:
    """What a program wrote, hostile as what it read; and the milliseconds of a processor that it took."""

    content: bytes
    milliseconds: int


class Tools:
    """The external programs of this machine. Thread-safe; looks for them at its first use. A run is a process that sees one file."""

    def __init__(self, is_strict: Callable[[], bool] = lambda: False, start: Callable[[], Zygote] | None = None) -> None:
        self._is_strict = is_strict
        self._start = start or partial(Zygote, MEMORY_BYTES, program=LAUNCHER)
        self._lock = threading.Lock()
        self._launcher: Zygote | None = None
        self._roll: Mapping[str, Here | Away] | None = None

    def roll(self) -> Mapping[str, Here | Away]:
        """Every program that GRACE can use, by name. Raises :class:`Unavailable` where the launcher cannot run."""
        if self._roll is None:
            told, _, _ = self._run({}, b"", SECONDS)
            try:
                self._roll = {name: _entry(each) for name, each in json.loads(told).items()}
            except ValueError:
                raise Unavailable("The launcher of external programs does not say which are here.", remedy="Run grace doctor.") from None
        return self._roll

    def beside(self, roll: Roll) -> Roll:
        """The analysers that have the programs which they need; what is installed of these counts as their model."""
        here = self.roll() if any(info.programs for info in roll.loaded.values()) else {}
        loaded, left_out = {}, list(roll.left_out)
        for name, info in roll.loaded.items():
            needed = [(each, here.get(each, Away(f"{each} is not known", ""))) for each in info.programs]
            away = [tool.why for _, tool in needed if isinstance(tool, Away)]
            if away:
                left_out.append(f"{name} ({', '.join(away)})")
            else:
                loaded[name] = _with_models(info, [tool.digest for _, tool in needed if isinstance(tool, Here)])
        return replace(roll, loaded=loaded, left_out=tuple(left_out))

    def run(self, name: str, task: str, content: bytes, seconds: float = SECONDS, cpu_seconds: int = CPU_SECONDS) -> Output | NotDecoded:
        """What a program makes of content. Never raises for what the content holds; :class:`Unavailable` where no program can run."""
        if not isinstance(self.roll().get(name), Here):
            return NotDecoded(Reason.ANALYSER)
        self._refuse_if_a_wall_is_missing()
        try:
            written, status, milliseconds = self._run({"tool": name, "task": task, "cpu_seconds": cpu_seconds}, content, seconds)
        except TimeoutError:
            return NotDecoded(Reason.TIME)
        if len(written) > MOST_OUTPUT:
            return NotDecoded(Reason.BYTES)
        if os.WIFSIGNALED(status):
            return NotDecoded(_BY_SIGNAL.get(os.WTERMSIG(status), Reason.DIED))
        if os.WEXITSTATUS(status) == _NOT_STARTED:
            return NotDecoded(Reason.ANALYSER)
        return Output(written, milliseconds) if written else NotDecoded(Reason.DAMAGED)

    def walls(self) -> Walls:
        """What is in force around each run; for ``grace doctor``."""
        return self._started().walls

    def close(self) -> None:
        """End the launcher and whatever runs; the next use starts anew."""
        with self._lock:
            if self._launcher:
                self._launcher.close()
            self._launcher = None

    def abandon(self) -> None:
        """In a fork of this process: leave the parent's launcher alone."""
        self._lock = threading.Lock()
        if self._launcher:
            self._launcher.abandon()
        self._launcher = None

    def _run(self, request: Mapping[str, object], content: bytes, seconds: float) -> tuple[bytes, int, int]:
        """What was written, the wait status, and milliseconds. Raises ``TimeoutError`` and :class:`Unavailable`."""
        due = time.monotonic() + seconds
        connection, theirs = socket.socketpair()
        with connection:
            with theirs:
                launcher, process = self._forked(theirs, content)
            try:
                connection.settimeout(max(0.01, due - time.monotonic()))
                with suppress(ConnectionError):  # how it ended is told by its status
                    wire.send(connection, request)
                written = _all_written(connection, due)
            except BaseException:
                launcher.end(process)
                raise
        return written, *launcher.wait_for(process)

    def _forked(self, theirs: socket.socket, content: bytes) -> tuple[Zygote, int]:
        memory = os.memfd_create("input", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            with open(memory, "wb", closefd=False) as writing:
                writing.write(content)
            fcntl.fcntl(memory, fcntl.F_ADD_SEALS, _SEALS)
            os.lseek(memory, 0, os.SEEK_SET)
            try:
                launcher = self._started()
                return launcher, launcher.hand(theirs.fileno(), memory)
            except Unavailable:
                self.close()  # the launcher itself is gone: start it once more, then give up
                launcher = self._started()
                return launcher, launcher.hand(theirs.fileno(), memory)
        finally:
            os.close(memory)

    def _started(self) -> Zygote:
        with self._lock:
            if self._launcher is None:
                self._launcher = self._start()
            return self._launcher

    def _refuse_if_a_wall_is_missing(self) -> None:
        missing = self._started().walls.missing
        if missing and self._is_strict():
            names = ", ".join(str(layer.name).lower() for layer in missing)
            raise Unavailable(
                f"No external program is run: of the walls around it, this machine lacks {names}.",
                remedy="`grace doctor` says how to get them. Or unset GRACE_DECODING_STRICT: then they run behind the rest.",
            )


def _all_written(connection: socket.socket, due: float) -> bytes:
    """What the program writes until it ends, or a little more than it may."""
    written = io.BytesIO()
    with suppress(ConnectionError):
        while written.tell() <= MOST_OUTPUT:
            connection.settimeout(max(0.01, due - time.monotonic()))
            piece = connection.recv(_PIECE)
            if not piece:
                break
            written.write(piece)
    return written.getvalue()


def _with_models(info: AnalyserInfo, digests: Sequence[str]) -> AnalyserInfo:
    if not digests:
        return info
    every = [*([info.model_digest] if info.model_digest else []), *digests]
    return replace(info, model_digest=every[0] if len(every) == 1 else hashlib.sha256("".join(every).encode()).hexdigest())


def _entry(told: Mapping[str, str]) -> Here | Away:
    return Away(told["missing"], told["remedy"]) if "missing" in told else Here(told["version"], told["digest"])
