"""The decoder in use: a few workers, forked beforehand, watched by the clock, replaced when they die or have served long enough."""

from __future__ import annotations

import io
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any, BinaryIO, TypeVar

from grace.evidence.decoding import wire
from grace.evidence.decoding.answers import (
    read_pages,
    read_picture,
    read_preview,
    read_printed,
    read_printed_video,
    read_roll,
    read_verdicts,
)
from grace.evidence.decoding.layers import Walls
from grace.evidence.decoding.port import VIDEO, Limits, NotDecoded, Pages, Preview, Printed, Reason, Roll, Verdict
from grace.evidence.decoding.zygote import Zygote
from grace.kernel.errors import Unavailable
from grace.sdk.analysis import Picture

Answer = TypeVar("Answer")
_USUAL = Limits()
_OUT_OF_STEP = (NotDecoded(Reason.NONSENSE), NotDecoded(Reason.BYTES))
"""After these the worker may still send or wait for more."""
_TOGETHER: ContextVar[object] = ContextVar("together", default=None)
"""What the files that are decoded now belong to; None: each stands alone."""
_BY_SIGNAL: dict[int, Reason] = {signal.SIGXCPU: Reason.TIME, signal.SIGSYS: Reason.FORBIDDEN}


class _Overdue(Exception):
    """The answer did not come in time."""


class _Worker:
    """One connection, with the moment by which its present answer is due."""

    def __init__(self, zygote: Zygote, process: int, connection: socket.socket) -> None:
        self.zygote = zygote
        self.process = process
        self.connection = connection
        self.served = 0
        self.belongs_to: object = None
        self.due = 0.0

    def sendall(self, data: bytes | memoryview, /) -> None:
        with self._in_time():
            self.connection.sendall(data)

    def recv(self, size: int, /) -> bytes:
        with self._in_time():
            return self.connection.recv(size)

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        """Tell the worker's failures apart from those of the caller's stream, which are the caller's to handle."""
        left = self.due - time.monotonic()
        if left <= 0:
            raise _Overdue
        self.connection.settimeout(left)
        try:
            yield
        except TimeoutError:
            raise _Overdue from None
        except OSError:
            raise wire.Broken("the worker is gone") from None


class Pool:
    """A :class:`~grace.evidence.decoding.port.Decoder` of at most ``size`` workers at work. Thread-safe; starts at its first use.

    A worker that a file took over sees what comes after. So each file gets a worker of its own, but for those that are asked
    for in one :meth:`together` block: they come from the same hand.
    """

    def __init__(
        self,
        size: int | None = None,
        *,
        memory_bytes: int = 2 << 30,
        files_for_each: int = 50,
        is_strict: Callable[[], bool] = lambda: False,
        start: Callable[[int], Zygote] = Zygote,
    ) -> None:
        self.name = f"pillow {version('pillow')}, rule 2"
        self.name_for_videos = _name_for_videos()
        self._memory_bytes = memory_bytes
        self._files_for_each = files_for_each
        self._is_strict = is_strict
        self._start = start
        self._places = threading.BoundedSemaphore(size or min(4, os.cpu_count() or 1))
        self._lock = threading.Lock()
        self._zygote: Zygote | None = None
        self._idle: list[_Worker] = []
        self._stopped = False
        self._roll: Roll | None = None

    def decode(self, stream: BinaryIO, limits: Limits = _USUAL, *, most_side: int | None = None) -> Picture | NotDecoded:
        """See the port."""
        return self._ask({"op": "decode", "most_side": most_side}, stream, limits, read_picture)

    def fingerprint(self, stream: BinaryIO, limits: Limits = _USUAL) -> Printed | NotDecoded:
        """See the port."""
        return self._ask({"op": "fingerprint"}, stream, limits, read_printed)

    def fingerprint_video(self, stream: BinaryIO, limits: Limits = VIDEO) -> Printed | NotDecoded:
        """See the port."""
        return self._ask({"op": "fingerprint_video"}, stream, limits, read_printed_video)

    def preview(self, stream: BinaryIO, most_side: int, limits: Limits = _USUAL) -> Preview | NotDecoded:
        """See the port."""
        return self._ask({"op": "preview", "most_side": most_side}, stream, limits, read_preview)

    def pages(
        self, stream: BinaryIO, limits: Limits = _USUAL, *, first: int | None = None, passwords: Sequence[str] = ()
    ) -> Pages | NotDecoded:
        """See the port."""
        return self._ask({"op": "pages", "first": first, "passwords": list(passwords)}, stream, limits, read_pages)

    def roll(self) -> Roll:
        """See the port. Raises :class:`Unavailable` where the program does not say."""
        if self._roll is None:
            told = self._ask({"op": "roll"}, io.BytesIO(), _USUAL, read_roll)
            if isinstance(told, NotDecoded):
                raise Unavailable("The decoding program does not say which analysers it has.", remedy="Run grace doctor.")
            self._roll = told
        return self._roll

    def analyse(
        self, stream: BinaryIO, media_type: str, analysers: Sequence[str], limits: Limits = _USUAL
    ) -> tuple[Verdict, ...] | NotDecoded:
        """See the port."""
        loaded = self.roll().loaded
        infos = [loaded[name] for name in analysers]
        request: dict[str, object] = {"op": "analyse", "media_type": media_type, "analysers": list(analysers)}
        return self._ask(request, stream, limits, lambda source, _header, _limits: read_verdicts(source, infos))

    @contextmanager
    def together(self) -> Iterator[None]:
        """Inside, the files that this thread asks for are of one referral, and one worker after the other may see them all."""
        ours = object()
        outer = _TOGETHER.set(ours)
        try:
            yield
        finally:
            _TOGETHER.reset(outer)
            with self._lock:
                done = [worker for worker in self._idle if worker.belongs_to is ours]
                self._idle = [worker for worker in self._idle if worker not in done]
            for worker in done:
                self._end(worker)

    def walls(self) -> Walls:
        """What is in force around each worker; for ``grace doctor``."""
        with self._lock:
            return self._started().walls

    def close(self) -> None:
        """End all workers; the next use starts anew."""
        with self._lock:
            self._forget_all()

    def stop(self) -> None:
        """End all workers for good: whoever waits for an answer, or asks later, gets ``Unavailable``, and no file is blamed."""
        self._stopped = True
        self.close()

    def abandon(self) -> None:
        """In a fork of this process: start anew at the next use, and leave the parent's workers alone."""
        self._lock = threading.Lock()
        for worker in self._idle:
            worker.connection.close()
        self._idle = []
        if self._zygote:
            self._zygote.abandon()
        self._zygote = None

    def _ask(
        self,
        request: dict[str, object],
        stream: BinaryIO,
        limits: Limits,
        read: Callable[[wire.Wire, dict[str, Any], Limits], Answer | None],
    ) -> Answer | NotDecoded:
        with self._places:
            worker = self._take()
            worker.due = time.monotonic() + limits.seconds
            try:
                answer = _exchange(worker, request | {"limits": asdict(limits)}, stream, limits, read)
            except _Overdue:
                self._end(worker)
                return NotDecoded(Reason.TIME)
            except wire.Broken:
                status = self._end(worker)
                self._refuse_if_stopped()
                return NotDecoded(_cause_of_death(status))
            except BaseException:
                self._end(worker)  # the stream failed, or we are interrupted: the worker waits for the rest in vain
                raise
            if answer in _OUT_OF_STEP:
                self._end(worker)
            else:
                self._give_back(worker)
            return answer

    def _take(self) -> _Worker:
        ours = _TOGETHER.get()
        with self._lock:
            for worker in self._idle:
                if worker.belongs_to is ours:
                    self._idle.remove(worker)
                    return worker
            self._refuse_if_a_wall_is_missing()
            try:
                worker = self._forked()
            except Unavailable:
                self._forget_all()  # the program itself is gone: start it once more, then give up
                worker = self._forked()
            worker.belongs_to = ours
            return worker

    def _forked(self) -> _Worker:
        zygote = self._started()
        return _Worker(zygote, *zygote.fork())

    def _give_back(self, worker: _Worker) -> None:
        worker.served += 1
        if worker.belongs_to is None or worker.served >= self._files_for_each:
            self._end(worker)
            return
        with self._lock:
            self._idle.append(worker)

    def _end(self, worker: _Worker) -> int | None:
        """End the worker; its wait status, or None where the whole program is gone."""
        worker.connection.close()
        with self._lock:
            if worker.zygote is not self._zygote:
                return None  # it ended with the program that forked it
            try:
                return worker.zygote.end(worker.process)
            except Unavailable:
                self._forget_all()
                return None

    def _refuse_if_stopped(self) -> None:
        if self._stopped:
            raise Unavailable("Decoding was stopped with its program.", remedy="What was being decoded is decoded after the next start.")

    def _refuse_if_a_wall_is_missing(self) -> None:
        missing = self._started().walls.missing
        if missing and self._is_strict():
            names = ", ".join(str(layer.name).lower() for layer in missing)
            raise Unavailable(
                f"Nothing is decoded: of the walls around decoding, this machine lacks {names}.",
                remedy="`grace doctor` says how to get them. Or unset GRACE_DECODING_STRICT: then decoding goes on with the rest.",
            )

    def _started(self) -> Zygote:
        self._refuse_if_stopped()
        if self._zygote is None:
            self._zygote = self._start(self._memory_bytes)
        return self._zygote

    def _forget_all(self) -> None:
        for worker in self._idle:
            worker.connection.close()
        self._idle = []
        if self._zygote:
            self._zygote.close()
        self._zygote = None


def _name_for_videos() -> str:
    try:
        return f"av {version('av')}, rule 1"
    except PackageNotFoundError:
        return "none for videos"


def _exchange(
    worker: _Worker,
    request: dict[str, object],
    stream: BinaryIO,
    limits: Limits,
    read: Callable[[wire.Wire, dict[str, Any], Limits], Answer | None],
) -> Answer | NotDecoded:
    wire.send_header(worker, request)
    left = limits.most_bytes
    while piece := stream.read(wire.PIECE):
        left -= len(piece)
        if left < 0:
            return NotDecoded(Reason.BYTES)
        wire.send_some(worker, piece)
    wire.end_content(worker)
    header = wire.receive_header(worker)
    if "not_decoded" in header:
        wire.receive_content(worker, 0)
        return NotDecoded(Reason.__members__.get(str(header["not_decoded"]), Reason.NONSENSE))
    answer = read(worker, header, limits)
    return NotDecoded(Reason.NONSENSE) if answer is None else answer


def _cause_of_death(status: int | None) -> Reason:
    killer = os.WTERMSIG(status) if status is not None and os.WIFSIGNALED(status) else 0
    return _BY_SIGNAL.get(killer, Reason.DIED)
