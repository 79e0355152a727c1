"""The decoder in use: a few workers, forked beforehand, watched by the clock, replaced when they die or have served long enough.

Two programs fork them: one knows the formats; another, started when something is analysed for the first time, the analysers.
"""

from __future__ import annotations

import io
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict
from functools import lru_cache, partial
from importlib.metadata import PackageNotFoundError, version
from typing import Any, BinaryIO, TypeVar

from grace.evidence.decoding import wire
from grace.evidence.decoding.answers import (
    Nonsense,
    Told,
    read_done,
    read_ended,
    read_pages,
    read_picture,
    read_preview,
    read_printed,
    read_printed_video,
    read_roll,
    read_scored,
    read_scored_of_each,
    read_sheet,
    read_verdicts,
    read_verdicts_of_each,
    read_visit,
)
from grace.evidence.decoding.layers import Walls
from grace.evidence.decoding.parts import Behind, Parts
from grace.evidence.decoding.port import (
    MOST_MOMENTS,
    SHEET,
    UNPACKING,
    VIDEO,
    Limits,
    Model,
    NotDecoded,
    Pages,
    Preview,
    Printed,
    Reason,
    Roll,
    Scored,
    Take,
    Unpacking,
    Verdict,
    Visit,
)
from grace.evidence.decoding.tools import MOST_ASKED, MOST_ASKS, Tools
from grace.evidence.decoding.workers import Overdue, Worker, Workers
from grace.evidence.decoding.zygote import ANALYSES, Start, Zygote
from grace.kernel.errors import Unavailable
from grace.sdk.analysis import Picture, Text
from grace.sdk.shape import told

Answer = TypeVar("Answer")
_USUAL = Limits()
_AS_USUAL = Unpacking()
_LOADING = Limits(most_bytes=256 << 20, seconds=60.0, cpu_seconds=60)
"""What handing over one graph may cost."""
_ANALYSES = frozenset({"analyse", "analyse_texts", "visit", "roll", "compute", "compute_texts"})
"""What the analysers, and what computes models, are needed for."""
_TOGETHER: ContextVar[object] = ContextVar("together", default=None)
"""What the files that are decoded now belong to; None: each stands alone."""
_BY_SIGNAL: dict[int, Reason] = {signal.SIGXCPU: Reason.TIME, signal.SIGSYS: Reason.FORBIDDEN}


class Pool:
    """A :class:`~grace.evidence.decoding.port.Decoder` of at most ``size`` workers at work. Thread-safe; starts at its first use.

    A worker that a file took over sees what comes after. So each file gets a worker of its own, but for those that are asked
    for in one :meth:`together` block: they come from the same hand, or are texts that only analysers of ours see.
    """

    def __init__(
        self,
        size: int | None = None,
        *,
        memory_bytes: int = 2 << 30,
        files_for_each: int = 50,
        is_strict: Callable[[], bool] = lambda: False,
        start: Start = Zygote,
    ) -> None:
        self.name = f"pillow {version('pillow')}, rule 2"
        self.name_for_videos = _name_for_videos()
        self._places = threading.BoundedSemaphore(size or min(4, os.cpu_count() or 1))
        self._decoding = Workers(partial(start, memory_bytes), files_for_each, is_strict)
        self._analysing = Workers(partial(start, memory_bytes, program=ANALYSES), files_for_each, is_strict)
        self._roll: Roll | None = None
        self._tools = Tools(is_strict)

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

    def contact_sheet(self, stream: BinaryIO, most_side: int, moments: Sequence[int] = (), limits: Limits = SHEET) -> Preview | NotDecoded:
        """See the port."""
        request = {"op": "contact_sheet", "most_side": most_side, "moments": list(moments)[:MOST_MOMENTS]}
        return self._ask(request, stream, limits, read_sheet)

    def pages(
        self, stream: BinaryIO, limits: Limits = _USUAL, *, first: int | None = None, passwords: Sequence[str] = ()
    ) -> Pages | NotDecoded:
        """See the port."""
        return self._ask({"op": "pages", "first": first, "passwords": list(passwords)}, stream, limits, read_pages)

    def unpack(
        self,
        stream: BinaryIO,
        take: Take,
        *,
        first: int = 0,
        spent: int = 0,
        passwords: Sequence[str] = (),
        most: Unpacking = _AS_USUAL,
        limits: Limits = UNPACKING,
    ) -> bool | NotDecoded:
        """See the port. What is handed over was copied from the slate and checked; while it is put away the worker waits."""
        tried = json.dumps(list(passwords)).encode()
        request = {"op": "unpack", "first": first, "spent": spent, "passwords": len(tried), "most": asdict(most)}
        return self._ask(request, Behind(stream, tried), limits, read_ended, parts=Parts(first, most, take))

    def roll(self) -> Roll:
        """See the port. Raises :class:`Unavailable` where the program does not say."""
        if self._roll is None:
            told = self._ask({"op": "roll"}, io.BytesIO(), _USUAL, read_roll)
            if isinstance(told, NotDecoded):
                raise Unavailable("The decoding program does not say which analysers it has.", remedy="Run grace doctor.")
            self._roll = self._tools.beside(told)
        return self._roll

    def analyse(
        self, stream: BinaryIO, media_type: str, analysers: Sequence[str], limits: Limits = _USUAL
    ) -> tuple[Verdict, ...] | NotDecoded:
        """See the port."""
        loaded = self.roll().loaded
        infos = [loaded[name] for name in analysers]
        request: dict[str, object] = {"op": "analyse", "media_type": media_type, "analysers": list(analysers)}
        programs = {program for info in infos for program in info.programs}
        return self._ask(request, stream, limits, lambda told, _limits: read_verdicts(told, infos), programs)

    def visit(self, stream: BinaryIO, media_type: str, analysers: Sequence[str], limits: Limits = _USUAL) -> Visit | NotDecoded:
        """See the port."""
        loaded = self.roll().loaded
        infos = [loaded[name] for name in analysers]
        request: dict[str, object] = {"op": "visit", "media_type": media_type, "analysers": list(analysers)}
        return self._ask(request, stream, limits, lambda told, limits: read_visit(told, infos, limits))

    def compute(self, stream: BinaryIO, models: Sequence[Model], limits: Limits = _USUAL) -> tuple[Scored, ...] | NotDecoded:
        """See the port. A worker is handed a graph when it first needs it; nothing of it stays when the worker ends."""
        request: dict[str, object] = {"op": "compute", "models": [each.digest for each in models]}
        return self._ask(request, stream, limits, lambda told, _limits: read_scored(told, models), models=models)

    def analyse_texts(
        self, texts: Sequence[Text], analysers: Sequence[str], limits: Limits = _USUAL
    ) -> tuple[tuple[Verdict, ...], ...] | NotDecoded:
        """See the port."""
        loaded = self.roll().loaded
        infos = [loaded[name] for name in analysers]
        request: dict[str, object] = {"op": "analyse_texts", "analysers": list(analysers)}
        return self._ask(request, _passages(texts), limits, lambda told, _limits: read_verdicts_of_each(told, infos, len(texts)))

    def compute_texts(
        self, texts: Sequence[Text], models: Sequence[Model], limits: Limits = _USUAL
    ) -> tuple[tuple[Scored, ...], ...] | NotDecoded:
        """See the port."""
        request: dict[str, object] = {"op": "compute_texts", "models": [each.digest for each in models]}
        number = len(texts)
        return self._ask(request, _passages(texts), limits, lambda told, _limits: read_scored_of_each(told, models, number), models=models)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Inside, what this thread asks for may be seen by the same worker: the files of one referral, or texts (:mod:`grace.analysis.texts`)."""
        ours = object()
        outer = _TOGETHER.set(ours)
        try:
            yield
        finally:
            _TOGETHER.reset(outer)
            for workers in self._all:
                workers.end_all_of(ours)

    def walls(self) -> Walls:
        """What is in force around each worker; for ``grace doctor``."""
        return self._decoding.walls()

    def close(self) -> None:
        """End all workers; the next use starts anew."""
        self._tools.close()
        for workers in self._all:
            workers.close()

    def stop(self) -> None:
        """End all workers for good: whoever waits for an answer, or asks later, gets ``Unavailable``, and no file is blamed."""
        for workers in self._all:
            workers.stop()

    def abandon(self) -> None:
        """In a fork of this process: start anew at the next use, and leave the parent's workers alone."""
        self._tools.abandon()
        for workers in self._all:
            workers.abandon()

    @property
    def _all(self) -> tuple[Workers, Workers]:
        return self._decoding, self._analysing

    def _ask(
        self,
        request: dict[str, object],
        stream: BinaryIO,
        limits: Limits,
        read: Callable[[Told, Limits], Answer | None],
        programs: Collection[str] = (),
        models: Sequence[Model] = (),
        parts: Parts | None = None,
    ) -> Answer | NotDecoded:
        workers = self._analysing if request["op"] in _ANALYSES else self._decoding
        with self._places:
            worker = workers.take(_TOGETHER.get())
            try:
                _hand_over(worker, models)
                worker.due = time.monotonic() + limits.seconds
                ask = partial(self._ask_program, worker, programs)
                answer = _exchange(worker, request | {"limits": _told(limits)}, stream, limits, read, ask, parts)
            except Overdue:
                workers.end(worker)
                return NotDecoded(Reason.TIME)
            except wire.Broken:
                status = workers.end(worker)
                workers.refuse_if_stopped()
                return NotDecoded(_cause_of_death(status))
            except BaseException:
                workers.end(worker)  # the stream failed, or we are interrupted: the worker may be at work
                raise
            if answer == NotDecoded(Reason.NONSENSE):
                workers.end(worker)
            else:
                workers.give_back(worker)
            return answer

    def _ask_program(self, worker: Worker, programs: Collection[str], header: dict[str, Any]) -> dict[str, Any]:
        """Answer a worker that asks for a program, of those that its analysers named; what it says next. The time is not the worker's."""
        begun = time.monotonic()
        content = Told(header, worker.slate.read).content(MOST_ASKED)
        program, task = str(header["ask"]), str(header.get("task"))
        made = self._tools.run(program, task, content) if program in programs else NotDecoded(Reason.FORBIDDEN)
        worker.due += time.monotonic() - begun
        if isinstance(made, NotDecoded):
            return worker.ask({"not_decoded": made.reason.name})
        worker.slate.write(io.BytesIO(made.content), len(made.content))
        return worker.ask({"milliseconds": made.milliseconds, "bytes": len(made.content)})


def _passages(texts: Sequence[Text]) -> BinaryIO:
    return io.BytesIO(json.dumps([(each.reference, each.text) for each in texts]).encode())


def _name_for_videos() -> str:
    try:
        return f"av {version('av')}, rule 1"
    except PackageNotFoundError:
        return "none for videos"


@lru_cache(maxsize=32)
def _told(limits: Limits) -> dict[str, float]:
    return asdict(limits)


def _exchange(
    worker: Worker,
    request: dict[str, object],
    stream: BinaryIO,
    limits: Limits,
    read: Callable[[Told, Limits], Answer | None],
    ask: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
    parts: Parts | None = None,
) -> Answer | NotDecoded:
    size = worker.slate.write(stream, limits.most_bytes)
    if size is None:
        return NotDecoded(Reason.BYTES)
    header = worker.ask(request | {"bytes": size})
    try:
        while parts and "part" in header:
            header = parts.answer(worker, header)
        for _ in range(MOST_ASKS):
            if ask and "ask" in header:
                header = ask(header)
        if "not_decoded" in header:
            return NotDecoded(Reason.__members__.get(str(header["not_decoded"]), Reason.NONSENSE))
        answer = read(Told(header, worker.slate.read), limits)
    except Nonsense:
        answer = None
    return NotDecoded(Reason.NONSENSE) if answer is None else answer


def _hand_over(worker: Worker, models: Sequence[Model]) -> None:
    """Give the worker the graphs that it does not have yet. One that cannot be loaded fails by itself when it is asked for."""
    for each in models:
        if each.digest not in worker.models:
            worker.due = time.monotonic() + _LOADING.seconds
            request = {"op": "load", "digest": each.digest, "made": told(each.made), "outputs": each.outputs, "limits": _told(_LOADING)}
            if _exchange(worker, request, io.BytesIO(each.content()), _LOADING, read_done) == NotDecoded(Reason.NONSENSE):
                raise wire.Broken("the worker does not keep to the form")
            worker.models.add(each.digest)


def _cause_of_death(status: int | None) -> Reason:
    killer = os.WTERMSIG(status) if status is not None and os.WIFSIGNALED(status) else 0
    return _BY_SIGNAL.get(killer, Reason.DIED)
