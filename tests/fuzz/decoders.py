"""Stand-ins for the decoding process: PDFs read in this process, so that coverage guides, and bytes that are the pages' text already."""

from __future__ import annotations

import resource
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, NoReturn

from grace.evidence.decoding.port import (
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
from grace.evidence.decoding.program import worker
from grace.sdk.analysis import Picture, Text

SECONDS = 1.0
"""Of a processor, for a small PDF; the real process may take longer, and ends the same way."""
ROOM = 640 << 20
"""Bytes that reading a PDF may add to this process."""
_USUAL = Limits()


class _Overdue(BaseException):
    """The time is over; no handler of errors in between may take it for one."""


class _NoPictures:
    """What documents never ask of a decoder."""

    name = name_for_videos = "a stand-in"

    def decode(self, stream: BinaryIO, limits: Limits = _USUAL, *, most_side: int | None = None) -> Picture | NotDecoded:
        raise NotImplementedError

    def fingerprint(self, stream: BinaryIO, limits: Limits = _USUAL) -> Printed | NotDecoded:
        raise NotImplementedError

    def fingerprint_video(self, stream: BinaryIO, limits: Limits = _USUAL) -> Printed | NotDecoded:
        raise NotImplementedError

    def preview(self, stream: BinaryIO, most_side: int, limits: Limits = _USUAL) -> Preview | NotDecoded:
        raise NotImplementedError

    def contact_sheet(self, stream: BinaryIO, most_side: int, moments: Sequence[int] = (), limits: Limits = _USUAL) -> Preview | NotDecoded:
        raise NotImplementedError

    def unpack(
        self,
        stream: BinaryIO,
        take: Take,
        *,
        first: int = 0,
        spent: int = 0,
        passwords: Sequence[str] = (),
        most: Unpacking = Unpacking(),  # noqa: B008 - frozen
        limits: Limits = _USUAL,
    ) -> bool | NotDecoded:
        raise NotImplementedError

    def roll(self) -> Roll:
        raise NotImplementedError

    def analyse(
        self, stream: BinaryIO, media_type: str, analysers: Sequence[str], limits: Limits = _USUAL
    ) -> tuple[Verdict, ...] | NotDecoded:
        raise NotImplementedError

    def visit(self, stream: BinaryIO, media_type: str, analysers: Sequence[str], limits: Limits = _USUAL) -> Visit | NotDecoded:
        raise NotImplementedError

    def compute(self, stream: BinaryIO, models: Sequence[Model], limits: Limits = _USUAL) -> tuple[Scored, ...] | NotDecoded:
        raise NotImplementedError

    def compute_texts(
        self, texts: Sequence[Text], models: Sequence[Model], limits: Limits = _USUAL
    ) -> tuple[tuple[Scored, ...], ...] | NotDecoded:
        raise NotImplementedError

    def analyse_texts(
        self, texts: Sequence[Text], analysers: Sequence[str], limits: Limits = _USUAL
    ) -> tuple[tuple[Verdict, ...], ...] | NotDecoded:
        raise NotImplementedError


class InThisProcess(_NoPictures):
    """The decoding program's own code, limited in time and memory much as the real process is.

    ``spent`` are the seconds that it took: they are not the intake's.
    """

    spent = 0.0

    def pages(
        self, stream: BinaryIO, limits: Limits = _USUAL, *, first: int | None = None, passwords: Sequence[str] = ()
    ) -> Pages | NotDecoded:
        content = stream.read(limits.most_bytes + 1)
        if len(content) > limits.most_bytes:
            return NotDecoded(Reason.BYTES)
        begun = time.process_time()
        try:
            with _limited():
                header, payload = worker.answer(content, limits, {"op": "pages", "first": first, "passwords": list(passwords)})
        except _Overdue:
            return NotDecoded(Reason.TIME)
        finally:
            self.spent += time.process_time() - begun
        if "not_decoded" in header:
            return NotDecoded(Reason[str(header["not_decoded"])])
        texts = tuple(payload.decode().split("\f")) if header["pages"] else ()
        return Pages(texts, int(str(header["total"])))


class AsText(_NoPictures):
    """The bytes behind the first line are the text, with form feeds between pages."""

    def pages(
        self, stream: BinaryIO, limits: Limits = _USUAL, *, first: int | None = None, passwords: Sequence[str] = ()
    ) -> Pages | NotDecoded:
        texts = stream.read().partition(b"\n")[2].decode("utf-8", "replace").replace("\x00", "").split("\f")
        return Pages(tuple(texts[:first]), len(texts))


@contextmanager
def _limited() -> Iterator[None]:
    """At most so much more time and memory inside the block."""

    def over(_signal: int, _frame: object) -> NoReturn:
        raise _Overdue

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    earlier = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (_mapped() + ROOM, hard))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.signal(signal.SIGVTALRM, earlier)


def _mapped() -> int:
    """Bytes of address space in use."""
    with open("/proc/self/statm", encoding="ascii") as told:  # noqa: PTH123 - a Path costs more than the reading
        return int(told.read().split()[0]) * resource.getpagesize()
