"""The contract of an analyser and of a hasher: typed input in, findings and fingerprints out; decoding happens elsewhere.

Analysers are found by the entry point group ``grace.analysers`` and run inside the limited decoding process, which has no file,
no network and little time: an analyser is handed what that process made of hostile bytes, and opens nothing itself. It may
import the standard library, ``grace.sdk`` and what it declares; what it needs from the disk it loads in ``warm_up``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from grace.sdk.signals import Basis


class Cost(StrEnum):
    """How dear an analyser is. Cheap ones see every file as it comes in; normal ones what no list knows; dear ones what an officer chose."""

    CHEAP = "cheap"
    NORMAL = "normal"
    DEAR = "dear"


class Takes(StrEnum):
    """What an analyser is handed: one of the subjects below."""

    CONTENT = "content"
    PICTURE = "picture"
    FRAMES = "frames"
    SOUND = "sound"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Content:
    """A whole file as it came, hostile: ``media_type`` is what its first bytes say, never what a sender says."""

    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """Decoded pixels: ``rgb`` is height x width x 3 bytes, row by row, upright as the stated orientation rule says."""

    width: int
    height: int
    rgb: bytes


@dataclass(frozen=True, slots=True)
class Film:
    """What a video is besides its pictures.

    The codec's name, width and height in pixels when upright, pictures a second on average,
    the name of its sound's codec (empty where it has none). ``is_whole`` is false where not all of it could be looked at.
    """

    codec: str
    width: int
    height: int
    rate: float
    sound: str = ""
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Frames:
    """Pictures of a video in order of time, each with the milliseconds from its beginning; ``end`` is where the video ends.

    They are few: about one for each shot of a second or longer, and more where they cost little.
    """

    pictures: tuple[tuple[int, Picture], ...]
    end: int
    film: Film | None = None


@dataclass(frozen=True, slots=True)
class Sound:
    """One channel of sound: ``samples`` are signed 16-bit little-endian numbers, ``rate`` of them a second."""

    rate: int
    samples: bytes


@dataclass(frozen=True, slots=True)
class Text:
    """A passage handed over with an opaque reference, so that the analyser learns nothing of whose it is."""

    reference: str
    text: str


Subject = Content | Picture | Frames | Sound | Text


@dataclass(frozen=True, slots=True)
class Finding:
    """What an analyser saw, where, and how sure it is (0 to 1; None where sureness has no meaning).

    ``where`` is empty for the whole, else ``box:x,y,width,height`` in shares of the picture (0 to 1), ``span:start,end`` in
    milliseconds, ``bytes:start,end`` in a file, or ``text:start,end`` in characters.
    """

    kind: str
    value: str
    basis: Basis
    where: str = ""
    confidence: float | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A perceptual hash: ``value`` in raw bytes (PDQ: 32), ``quality`` 0 to 100."""

    algorithm: str
    value: bytes
    quality: int


Seen = tuple[Finding | Fingerprint, ...]
MOST_SEEN = 500
MOST_VALUE = 1_000
MOST_FACTS = 50
MOST_FINGERPRINT = 8 << 10
"""What one analyser may say of one subject: findings and fingerprints, characters of a text, facts of a finding, bytes of a fingerprint."""


@dataclass(frozen=True, slots=True)
class AnalyserInfo:
    """Who speaks: name, version, cost, licence, and the digest of its model where it has one.

    ``takes`` is what it is handed, of files whose media type starts with one of ``media`` (none: of all). ``gives`` tells each kind
    of finding and each algorithm of fingerprint that it makes, with a line in plain words. ``most_side`` bounds the longer side of
    pictures, in pixels. ``programs`` are external programs that it asks (:class:`AskingAnalyser`); where one of them is not installed, the
    analyser is left out, and what is installed counts as its model.
    """

    name: str
    version: str
    cost: Cost
    licence: str
    takes: Takes
    gives: Mapping[str, str]
    media: tuple[str, ...] = ()
    most_side: int = 512
    model_digest: str | None = None
    programs: tuple[str, ...] = ()


class Analyser(Protocol):
    """An analyser: stateless after ``warm_up``; the same input gives the same answer."""

    info: AnalyserInfo

    def warm_up(self) -> None:
        """Load whatever is loaded late: afterwards nothing can be opened. Raises where that is not at hand; the analyser is then left out."""
        ...

    def examine(self, subject: Subject) -> Seen:
        """What there is to say; empty where there is nothing. Raises ``TypeError`` for a subject that it does not take, ``ValueError`` for one that cannot be read."""
        ...


class Ask(Protocol):
    """How an analyser asks an external program, which runs behind walls of its own and sees the content and nothing else."""

    def __call__(self, program: str, task: str, content: bytes, /) -> bytes:
        """What the program writes when it does one of its tasks on the content, as hostile as that.

        ``exiftool`` has ``tags`` (of any file, as JSON); ``tesseract`` has ``Latin``, ``Greek`` and ``Cyrillic`` (of a picture in PNM, as
        tables with tabs). Raises where the program failed; an analyser need not catch that.
        """
        ...


class AskingAnalyser(Protocol):
    """An analyser that names ``programs``: as an :class:`Analyser`, but handed a way to ask them."""

    info: AnalyserInfo

    def warm_up(self) -> None:
        """See :class:`Analyser`."""
        ...

    def examine(self, subject: Subject, ask: Ask) -> Seen:
        """See :class:`Analyser`."""
        ...


class Hasher(Protocol):
    """A perceptual hasher over decoded pixels."""

    algorithm: str
    version: str

    def fingerprint(self, picture: Picture) -> Fingerprint:
        """The fingerprint of the picture. Raises ``ValueError`` where width x height x 3 is not ``len(rgb)``."""
        ...
