"""Our side of the decoding program's control socket: start it, ask it for workers, end them."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Protocol

from grace.evidence.decoding import wire
from grace.evidence.decoding.layers import ALL, Layer, unpacked
from grace.evidence.decoding.slate import Slate
from grace.kernel.errors import Unavailable

_MESSAGE = struct.Struct(">cq")
DECODES = ("grace.evidence.decoding.program",)
ANALYSES = (*DECODES, "analysers")
"""The program, which knows formats; and with the analysers, which take longer to load than most processes ever decode."""
_START_SECONDS = 60.0
MEMORY = "glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=268435456:glibc.malloc.top_pad=67108864:glibc.malloc.hugetlb=1"
"""Keep for the next picture what the last one needed, in large pages: to get it anew from the system is a quarter of the work."""


class Start(Protocol):
    """How a decoding program is started."""

    def __call__(self, memory_bytes: int, /, *, program: Sequence[str] = ...) -> Zygote:
        """Start it. Raises :class:`Unavailable`."""
        ...


class Zygote:
    """A running decoding program. Thread-safe.

    Tests alone name another ``program`` (a module and what it is told) or ask for fewer ``layers``: no setting does.
    """

    def __init__(self, memory_bytes: int, *, layers: Layer = ALL, program: Sequence[str] = DECODES) -> None:
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        self._control.settimeout(_START_SECONDS)
        with theirs:
            # Nothing of our environment goes over: it may hold secrets.
            paths = os.pathsep.join(path for path in sys.path if path)
            alone = {"PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "GLIBC_TUNABLES": MEMORY}
            alone["ORT_DISABLE_TELEMETRY"] = "1"  # ONNX Runtime reports to its maker unless it is told not to before it is loaded
            self._process = subprocess.Popen(  # noqa: S603 - our own program, and numbers
                [sys.executable, "-s", "-B", "-m", program[0], str(theirs.fileno()), str(memory_bytes), str(int(layers)), *program[1:]],
                pass_fds=[theirs.fileno()],
                env=alone,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        try:
            self.walls = unpacked(self._receive())
            """What is in force around its workers."""
        except Unavailable:
            self.close()
            raise

    def fork(self) -> tuple[int, socket.socket, Slate]:
        """A new worker's process id, our end of its connection, and its slate. Raises :class:`Unavailable`."""
        ours, theirs = wire.pair()
        slate = Slate()
        with theirs:
            try:
                return self.hand(theirs.fileno(), slate.descriptor), ours, slate
            except Unavailable:
                ours.close()
                slate.close()
                raise

    def hand(self, *descriptors: int) -> int:
        """The process id of a new process that is handed these. Raises :class:`Unavailable`."""
        with self._lock:
            try:
                socket.send_fds(self._control, [_MESSAGE.pack(b"F", 0)], descriptors)
            except OSError:
                raise _gone() from None
            return self._receive()

    def end(self, process: int) -> int:
        """End a worker; its wait status. Raises :class:`Unavailable`."""
        return self._told(b"E", process)

    def wait_for(self, process: int) -> tuple[int, int]:
        """Let a process end by itself, for a moment; its wait status, and the milliseconds of a processor that it used. Raises :class:`Unavailable`."""
        told = self._told(b"W", process)
        return told & 0xFFFF, told >> 16

    def _told(self, letter: bytes, process: int) -> int:
        with self._lock:
            try:
                self._control.sendall(_MESSAGE.pack(letter, process))
            except OSError:
                raise _gone() from None
            return self._receive()

    def close(self) -> None:
        """End the program and all its workers."""
        self._control.close()
        self._process.kill()
        self._process.wait()

    def abandon(self) -> None:
        """In a fork of ours: let go of what belongs to the parent, without a word."""
        with contextlib.suppress(OSError):
            self._control.close()
        self._process.returncode = 0  # or subprocess would wait for a child that is not ours

    def _receive(self) -> int:
        received = b""
        while len(received) < _MESSAGE.size:
            try:
                part = self._control.recv(_MESSAGE.size - len(received))
            except OSError:
                raise _gone() from None
            if not part:
                raise _gone()
            received += part
        number: int = _MESSAGE.unpack(received)[1]
        return number


def _gone() -> Unavailable:
    return Unavailable("The decoding program does not answer.", remedy="`grace doctor` says whether it can be started here.")
