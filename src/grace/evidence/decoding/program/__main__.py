"""The zygote: leaves the network, loads what it needs once, and forks a worker for each connection that it is handed.

Started with the number of its control socket, the memory limit of a worker and the layers asked for; then it loads every
codec. With ``analysers`` behind them it loads the analysers, and the codecs of what they are shown.

On the control socket every message is nine bytes: a letter and a number. ``F`` with a connection and a slate attached asks
for a worker, answered ``F`` and its process id; ``E`` and a process id ends that worker, answered ``E`` and its wait status.
``R`` is said once, when ready, with the walls that are in force (:mod:`grace.evidence.decoding.layers`), as a child found out. When the control
socket closes, the zygote ends, and its workers with it. (It does not ask the system to be ended with its parent: that
means the *thread* that started it, and what another thread has decoded then would be blamed for its death.)
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

from grace.evidence.decoding.layers import Layer, Walls
from grace.evidence.decoding.program import analysers, frames, lockdown, models, pages, pictures, sheets, sounds, videos, worker
from grace.evidence.decoding.program.pdq import Pdq
from grace.evidence.decoding.slate import Mapped
from grace.sdk.analysis import Picture

MESSAGE = struct.Struct(">cq")


def main(control: socket.socket, memory_bytes: int, asked: Layer, load: Callable[[], None]) -> None:
    """Serve the control socket until it closes."""
    alone = (
        Layer.NAMESPACES in asked and lockdown.leave_network()
    )  # before anything is loaded: no library calls home, and none has threads yet
    load()
    gc.collect()
    lockdown.return_memory()
    gc.freeze()  # what is loaded stays: workers need not look through it, and share its pages
    walls = lockdown.tried_out(memory_bytes, asked)
    told = replace(walls, layers=walls.layers | Layer.NAMESPACES) if alone else walls
    control.sendall(MESSAGE.pack(b"R", told.packed()))
    while True:
        message, handed, _, _ = socket.recv_fds(control, MESSAGE.size, 2)
        if len(message) < MESSAGE.size:
            return
        letter, number = MESSAGE.unpack(message)
        result = _fork(control, handed, memory_bytes, walls) if letter == b"F" else _end(number)
        control.sendall(MESSAGE.pack(letter, result))


def load_codecs() -> None:
    """Load every codec, and what is loaded at its first use: later a worker can open no file."""
    pictures.warm_up()
    pages.warm_up()
    videos.warm_up()
    sheets.warm_up()
    Pdq().fingerprint(Picture(70, 80, bytes(70 * 80 * 3)))


def load_analysers() -> None:
    """Load every analyser, the codecs of what they are shown, and what computes models."""
    pictures.warm_up()
    sounds.warm_up()
    frames.warm_up()
    analysers.warm_up()
    models.warm_up()


def _fork(control: socket.socket, handed: Sequence[int], memory_bytes: int, walls: Walls) -> int:
    ours = os.getpid()
    process = os.fork()
    if process == 0:
        control.close()
        lockdown.end_with_parent(ours)
        connection, slate = handed
        worker.serve(socket.socket(fileno=connection), Mapped(slate), memory_bytes, walls)
    for descriptor in handed:
        os.close(descriptor)
    return process


def _end(process: int) -> int:
    """Kill and reap our own child; a child that died by itself waits to be reaped, so the id is never another's."""
    try:
        ended, status = os.waitpid(process, os.WNOHANG)
        if not ended:
            os.kill(process, signal.SIGKILL)
            status = os.waitpid(process, 0)[1]
    except ChildProcessError:
        return 0
    return status


if __name__ == "__main__":
    number, memory, layers, *further = sys.argv[1:]
    main(socket.socket(fileno=int(number)), int(memory), Layer(int(layers)), load_analysers if further == ["analysers"] else load_codecs)
