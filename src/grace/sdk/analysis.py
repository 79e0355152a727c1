"""The contract of an analyser and of a hasher: typed input in, findings out; decoding happens elsewhere.

Analysers are found by the entry point group ``grace.analysers``. An analyser never opens a file or a socket: it is
handed pixels, text or bytes that the limited decoding process made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from grace.sdk.signals import Basis


class Cost(StrEnum):
    """How dear an analyser is: decides lane and default, not order."""

    CHEAP = "cheap"
    NORMAL = "normal"
    DEAR = "dear"


@dataclass(frozen=True, slots=True)
class Picture:
    """Decoded pixels: ``rgb`` is height x width x 3 bytes, row by row, upright as the stated orientation rule says."""

    width: int
    height: int
    rgb: bytes


@dataclass(frozen=True, slots=True)
class Text:
    """A passage handed over with an opaque reference, so that the analyser learns nothing of whose it is."""

    reference: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What an analyser saw, where, and how sure it is (0 to 1; None where sureness has no meaning)."""

    kind: str
    value: str
    basis: Basis
    where: str = ""
    confidence: float | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnalyserInfo:
    """Who speaks: name, version, cost, licence, and the digest of its model where it has one."""

    name: str
    version: str
    cost: Cost
    licence: str
    takes: frozenset[str]
    model_digest: str | None = None


class Analyser(Protocol):
    """An analyser: stateless after construction; the same input gives the same findings."""

    info: AnalyserInfo

    def examine(self, subject: Picture | Text) -> tuple[Finding, ...]:
        """The findings; empty where there is nothing to say. Raises ``ValueError`` for input it does not take."""
        ...


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A perceptual hash: ``value`` in raw bytes (PDQ: 32), ``quality`` 0 to 100."""

    algorithm: str
    value: bytes
    quality: int


class Hasher(Protocol):
    """A perceptual hasher over decoded pixels."""

    algorithm: str
    version: str

    def fingerprint(self, picture: Picture) -> Fingerprint:
        """The fingerprint of the picture. Raises ``ValueError`` where width x height x 3 is not ``len(rgb)``."""
        ...
