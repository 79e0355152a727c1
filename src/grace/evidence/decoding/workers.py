"""One decoding program and its workers: forked when they are needed, each for the files of one referral, ended when they have served."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from grace.evidence.decoding import wire
from grace.evidence.decoding.layers import Walls
from grace.evidence.decoding.slate import Slate
from grace.evidence.decoding.zygote import Zygote
from grace.kernel.errors import Unavailable


class Overdue(Exception):
    """The answer did not come in time."""


class Worker:
    """One connection and its slate, with the moment by which the present answer is due."""

    def __init__(self, zygote: Zygote, process: int, connection: socket.socket, slate: Slate) -> None:
        self.zygote = zygote
        self.process = process
        self.connection = connection
        self.slate = slate
        self.served = 0
        self.belongs_to: object = None
        self.models: set[str] = set()
        self.due = 0.0

    def ask(self, message: Mapping[str, object]) -> dict[str, Any]:
        """Send a message, and receive the answer in time. Raises :class:`Overdue`, and :class:`~grace.evidence.decoding.wire.Broken`."""
        left = self.due - time.monotonic()
        if left <= 0:
            raise Overdue
        self.connection.settimeout(left)
        try:
            wire.send(self.connection, message)
            return wire.receive(self.connection)
        except TimeoutError:
            raise Overdue from None
        except OSError:
            raise wire.Broken("the worker is gone") from None

    def close(self) -> None:
        """Close our ends."""
        self.connection.close()
        self.slate.close()


class Workers:
    """The workers of a program that ``start`` starts, at the first use. Thread-safe."""

    def __init__(self, start: Callable[[], Zygote], files_for_each: int, is_strict: Callable[[], bool]) -> None:
        self._start = start
        self._files_for_each = files_for_each
        self._is_strict = is_strict
        self._lock = threading.Lock()
        self._zygote: Zygote | None = None
        self._idle: list[Worker] = []
        self._stopped = False

    def take(self, owner: object) -> Worker:
        """A worker that has seen files of this owner only. Raises :class:`Unavailable`."""
        with self._lock:
            for worker in self._idle:
                if worker.belongs_to is owner:
                    self._idle.remove(worker)
                    return worker
            self._refuse_if_a_wall_is_missing()
            try:
                worker = self._forked()
            except Unavailable:
                self._forget_all()  # the program itself is gone: start it once more, then give up
                worker = self._forked()
            worker.belongs_to = owner
            return worker

    def give_back(self, worker: Worker) -> None:
        """It may serve its owner's next file, unless it has no owner or has served enough."""
        worker.served += 1
        if worker.belongs_to is None or worker.served >= self._files_for_each:
            self.end(worker)
            return
        with self._lock:
            self._idle.append(worker)

    def end(self, worker: Worker) -> int | None:
        """End the worker; its wait status, or None where the whole program is gone."""
        worker.close()
        with self._lock:
            if worker.zygote is not self._zygote:
                return None  # it ended with the program that forked it
            try:
                return worker.zygote.end(worker.process)
            except Unavailable:
                self._forget_all()
                return None

    def end_all_of(self, owner: object) -> None:
        """End what waits for this owner's next file."""
        with self._lock:
            done = [worker for worker in self._idle if worker.belongs_to is owner]
            self._idle = [worker for worker in self._idle if worker not in done]
        for worker in done:
            self.end(worker)

    def walls(self) -> Walls:
        """What is in force around each."""
        with self._lock:
            return self._started().walls

    def close(self) -> None:
        """End all of them and the program; the next use starts anew."""
        with self._lock:
            self._forget_all()

    def stop(self) -> None:
        """End them for good."""
        self._stopped = True
        self.close()

    def abandon(self) -> None:
        """In a fork of this process: start anew at the next use, and leave the parent's workers alone."""
        self._lock = threading.Lock()
        for worker in self._idle:
            worker.close()
        self._idle = []
        if self._zygote:
            self._zygote.abandon()
        self._zygote = None

    def refuse_if_stopped(self) -> None:
        """Raises :class:`Unavailable` after :meth:`stop`."""
        if self._stopped:
            raise Unavailable("Decoding was stopped with its program.", remedy="What was being decoded is decoded after the next start.")

    def _forked(self) -> Worker:
        zygote = self._started()
        return Worker(zygote, *zygote.fork())

    def _refuse_if_a_wall_is_missing(self) -> None:
        missing = self._started().walls.missing
        if missing and self._is_strict():
            names = ", ".join(str(layer.name).lower() for layer in missing)
            raise Unavailable(
                f"Nothing is decoded: of the walls around decoding, this machine lacks {names}.",
                remedy="`grace doctor` says how to get them. Or unset GRACE_DECODING_STRICT: then decoding goes on with the rest.",
            )

    def _started(self) -> Zygote:
        self.refuse_if_stopped()
        if self._zygote is None:
            self._zygote = self._start()
        return self._zygote

    def _forget_all(self) -> None:
        for worker in self._idle:
            worker.close()
        self._idle = []
        if self._zygote:
            self._zygote.close()
        self._zygote = None
