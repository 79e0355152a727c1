"""The control socket of a program that forks a process for each connection that it is handed.

Every message is nine bytes: a letter and a number. ``F`` with a connection and perhaps memory attached asks for a process, answered ``F`` and its id;
``E`` and an id ends that process, answered ``E`` and its wait status; ``W`` lets it end by itself for a second, and its answer carries the
milliseconds of a processor that it used above the 16 bits of the status. ``R`` is said once, when ready, with the walls that are in force (:mod:`grace.evidence.decoding.layers`), as a child found out. When the
control socket closes, the program ends, and its children with it. (It does not ask the system to be ended with its parent: that
means the *thread* that started it, and what another thread has decoded then would be blamed for its death.)
"""

from __future__ import annotations

import os
import signal
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

from grace.evidence.decoding.layers import Layer, Walls
from grace.evidence.decoding.program import lockdown

MESSAGE = struct.Struct(">cq")
_PATIENCE = 1.0
_MOST_HANDED = 2


def walls(memory_bytes: int, asked: Layer, left: lockdown.Left = lockdown.NOTHING, *, alone: bool) -> Walls:
    """Try out what is in force around a child of this process, which has left the network (``alone``) or could not."""
    found = lockdown.tried_out(memory_bytes, asked, left)
    return replace(found, layers=found.layers | Layer.NAMESPACES) if alone else found


def serve(control: socket.socket, in_force: Walls, work: Callable[[list[int]], NoReturn]) -> None:
    """Serve the control socket until it closes; each child does the work with what it is handed: descriptors."""
    control.sendall(MESSAGE.pack(b"R", in_force.packed()))
    while True:
        message, handed, _, _ = socket.recv_fds(control, MESSAGE.size, _MOST_HANDED)
        if len(message) < MESSAGE.size:
            return
        letter, number = MESSAGE.unpack(message)
        if letter == b"F":
            result = _fork(control, list(handed), work)
        elif letter == b"W":
            status, milliseconds = _end(number, _PATIENCE)
            result = status | milliseconds << 16
        else:
            result, _ = _end(number, 0)
        control.sendall(MESSAGE.pack(letter, result))


def _fork(control: socket.socket, handed: list[int], work: Callable[[list[int]], NoReturn]) -> int:
    ours = os.getpid()
    process = os.fork()
    if process == 0:
        control.close()
        lockdown.end_with_parent(ours)
        work(handed)
    for descriptor in handed:
        os.close(descriptor)
    return process


def _end(process: int, patience: float) -> tuple[int, int]:
    """Kill and reap our own child; its wait status, and the milliseconds that it used. One that died by itself waits to be reaped, so the id is never another's."""
    until = time.monotonic() + patience
    try:
        ended, status, used = os.wait4(process, os.WNOHANG)
        while not ended and time.monotonic() < until:
            time.sleep(0.002)
            ended, status, used = os.wait4(process, os.WNOHANG)
        if not ended:
            os.kill(process, signal.SIGKILL)
            _, status, used = os.wait4(process, 0)
    except ChildProcessError:
        return 0, 0
    return status, int((used.ru_utime + used.ru_stime) * 1000)
