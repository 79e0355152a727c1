"""Analysers that say what a test wants, in place of those that are installed; everything else is decoded as usual."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any, BinaryIO

from grace.evidence.decoding import here
from grace.evidence.decoding.port import Limits, NotDecoded, Reason, Roll, Verdict, Visit
from grace.sdk.analysis import AnalyserInfo, Cost, Finding, Fingerprint, Seen, Takes, Text

Saying = Callable[[bytes, str], Seen | NotDecoded]
GIVES = {"gps": "a place", "colour": "a colour", "look": "what it looks like"}


def info(
    name: str,
    version: str = "1",
    cost: Cost = Cost.CHEAP,
    takes: Takes = Takes.CONTENT,
    media: tuple[str, ...] = (),
    gives: Mapping[str, str] = GIVES,
) -> AnalyserInfo:
    """An analyser that may say everything of ``gives``."""
    return AnalyserInfo(name, version, cost, "Apache-2.0", takes, gives, media)


def always(*seen: Finding | Fingerprint) -> Saying:
    """An analyser that says the same of everything."""
    return lambda _content, _media_type: seen


class SayingDecoder:
    """A decoder whose analysers are functions of bytes and media type. ``asked`` keeps who was asked about which bytes.

    ``shipped`` are those that count as GRACE's own; ``requests`` keeps the passages that were handed over together, and who saw them.
    """

    def __init__(self, *saying: tuple[AnalyserInfo, Saying]) -> None:
        self._usual = here.decoder()
        self.saying = {each.name: (each, say) for each, say in saying}
        self.asked: list[tuple[str, bytes]] = []
        self.shipped: frozenset[str] = frozenset()
        self.requests: list[tuple[list[str], list[str]]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._usual, name)

    def roll(self) -> Roll:
        return Roll({name: each for name, (each, _) in self.saying.items()}, ("absent (OSError)",), shipped=self.shipped)

    def analyse(
        self,
        stream: BinaryIO,
        media_type: str,
        analysers: Sequence[str],
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> tuple[Verdict, ...] | NotDecoded:
        del limits
        content = stream.read()
        self.asked += [(name, content) for name in analysers]
        told = {name: self.saying[name][1](content, media_type) for name in analysers}
        died = [each for each in told.values() if isinstance(each, NotDecoded) and each.reason is Reason.DIED]
        return died[0] if died else tuple(_verdict(name, each) for name, each in told.items())

    def analyse_texts(
        self,
        texts: Sequence[Text],
        analysers: Sequence[str],
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> tuple[tuple[Verdict, ...], ...] | NotDecoded:
        self.requests.append((list(analysers), [each.text for each in texts]))
        told = [self.analyse(BytesIO(each.text.encode()), "text/plain", analysers, limits) for each in texts]
        failed = next((each for each in told if isinstance(each, NotDecoded)), None)
        return failed or tuple(each for each in told if not isinstance(each, NotDecoded))

    def visit(
        self,
        stream: BinaryIO,
        media_type: str,
        analysers: Sequence[str],
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> Visit | NotDecoded:
        printed = self._usual.fingerprint(stream, limits)
        stream.seek(0)
        told = self.analyse(stream, media_type, analysers, limits)
        return told if isinstance(told, NotDecoded) else Visit(printed, told)


def _verdict(name: str, said: Seen | NotDecoded) -> Verdict:
    return Verdict(name, (), said.reason) if isinstance(said, NotDecoded) else Verdict(name, said)


@contextmanager
def saying(*told: tuple[AnalyserInfo, Saying]) -> Iterator[SayingDecoder]:
    """Let these be the analysers inside the block."""
    with here.standing_in(SayingDecoder(*told)) as decoder:
        assert isinstance(decoder, SayingDecoder)
        yield decoder
