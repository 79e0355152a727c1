"""Our side of the decoding program's control socket: start it, ask it for workers, end them."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import subprocess
import sys
import threading

from grace.kernel.errors import Unavailable

_MESSAGE = struct.Struct(">cq")
_PROGRAM = "grace.evidence.decoding.program"
_START_SECONDS = 60.0


class Zygote:
    """A running decoding program. Thread-safe."""

    def __init__(self, memory_bytes: int) -> None:
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        self._control.settimeout(_START_SECONDS)
        with theirs:
            # Nothing of our environment goes over: it may hold secrets.
            paths = os.pathsep.join(path for path in sys.path if path)
            self._process = subprocess.Popen(  # noqa: S603 - our own program, started with numbers only
                [sys.executable, "-s", "-B", "-m", _PROGRAM, str(theirs.fileno()), str(memory_bytes)],
                pass_fds=[theirs.fileno()],
                env={"PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        self.without_network = bool(self._receive())

    def fork(self) -> tuple[int, socket.socket]:
        """A new worker's process id and our end of its connection. Raises :class:`Unavailable`."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            try:
                socket.send_fds(self._control, [_MESSAGE.pack(b"F", 0)], [theirs.fileno()])
                return self._receive(), ours
            except OSError:
                ours.close()
                raise _gone() from None

    def end(self, process: int) -> int:
        """End a worker; its wait status. Raises :class:`Unavailable`."""
        with self._lock:
            try:
                self._control.sendall(_MESSAGE.pack(b"E", process))
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
