"""The port of decoding: what callers and the decoding program agree upon. Standard library and ``sdk`` only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO, Protocol

from grace.sdk.analysis import AnalyserInfo, Fingerprint, Picture, Seen, Text
from grace.sdk.models import ModelInput


class Reason(StrEnum):
    """Why there are no pixels; a closed list, so that no text of a hostile file or of a captured decoder gets out."""

    EMPTY = "there are no bytes"
    FORMAT = "no decoder for this format"
    DAMAGED = "damaged or cut short"
    BYTES = "more bytes than allowed"
    PIXELS = "more pixels than allowed"
    MEMORY = "needs more memory than allowed"
    TIME = "takes longer than allowed"
    DIED = "the decoder died of it"
    FORBIDDEN = "the decoder tried what is forbidden to it"
    NONSENSE = "the decoder answered nonsense"
    LOCKED = "locked with a password"
    PAGES = "more pages than allowed"
    CHARACTERS = "more text than allowed"
    MEMBERS = "more members than allowed"
    BOMB = "unpacks to more than is allowed for its size"
    DEPTH = "deeper in other archives than allowed"
    LINK = "a link, which holds no bytes"
    PART = "describes the document around it"
    EXTRA = "the extra grace-platform[media] is not installed"
    ANALYSER = "the analyser is missing or failed"


@dataclass(frozen=True, slots=True)
class NotDecoded:
    """No pixels, and why."""

    reason: Reason

    def __str__(self) -> str:
        return f"not decoded: {self.reason}"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: bytes read, pixels (width x height), pages and their characters, seconds of a clock and of a processor."""

    most_bytes: int = 100 << 20
    most_pixels: int = 120_000_000
    most_pages: int = 500
    most_characters: int = 4_000_000
    seconds: float = 20.0
    cpu_seconds: int = 15


MOST_MODELS = 16
"""Graphs that one file, or some passages, are shown to in one request."""
VIDEO = Limits(most_bytes=512 << 20, most_pixels=36_000_000, seconds=900.0, cpu_seconds=600)
"""What one video may cost: 8K at most, and so much time that most are seen to their end."""
SHEET = Limits(most_bytes=VIDEO.most_bytes, most_pixels=VIDEO.most_pixels, seconds=30.0, cpu_seconds=25)
"""What a contact sheet may cost, for which somebody waits."""
MOST_MOMENTS = 100
UNPACKING = Limits(most_bytes=VIDEO.most_bytes, seconds=300.0, cpu_seconds=240)
"""What one archive may cost to unpack, beside what :class:`Unpacking` says; the time in which members are put away does not count."""
MOST_NAME = 1_000
"""Characters of a member's name that are told."""


@dataclass(frozen=True, slots=True)
class Unpacking:
    """How much may come of one archive: members, bytes of one and of all, and times its own size, beyond ``free_bytes``, for one that is packed; and how much is handed over at a time."""

    most_members: int = 5_000
    most_member_bytes: int = 256 << 20
    most_total_bytes: int = 2 << 30
    free_bytes: int = 32 << 20
    most_ratio: int = 200
    portion_members: int = 200
    portion_bytes: int = 16 << 20


@dataclass(frozen=True, slots=True)
class Unpacked:
    """One member: its place among all, its name as written (never a path to anything), and its bytes, or why there are none.

    One without a name and bytes behind all others tells why the rest was not looked at.
    """

    place: int
    name: str
    content: bytes
    failed: Reason | None = None


Take = Callable[[Sequence[Unpacked]], bool]
"""Is handed some members, in their order; whether to go on."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A small JPEG, encoded anew from pixels, without any metadata of the original.

    ``moments``: of a contact sheet the milliseconds in which its pictures are shown, row by row.
    """

    width: int
    height: int
    jpeg: bytes
    moments: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Printed:
    """The fingerprint of a picture or video as it is stored, with the size in pixels that it has (a picture: when upright)."""

    width: int
    height: int
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class Pages:
    """The text of a document's pages as it is laid out: a line is a line, and columns are parted by at least three spaces.

    ``total`` counts all pages of the document, of which the first may have been asked for alone.
    """

    texts: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one analyser says of a file; where it says nothing because it could not, why. ``milliseconds`` of a processor, decoding included."""

    analyser: str
    seen: Seen
    failed: Reason | None = None
    milliseconds: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Visit:
    """What became of one look at a picture: its fingerprint, or why there is none, and what the analysers say."""

    printed: Printed | NotDecoded
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Roll:
    """The analysers that are at hand, by name; those installed that could not be loaded, with what they raised; and what computes models, if anything.

    ``shipped`` are the names of those loaded that came with GRACE, in the same package.
    """

    loaded: Mapping[str, AnalyserInfo]
    left_out: tuple[str, ...] = ()
    runtime: str = ""
    shipped: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Model:
    """A graph to be computed: the SHA-256 of its bytes (hexadecimal), how its input is made, how many numbers it gives, and where its bytes are had."""

    digest: str
    made: ModelInput
    outputs: int
    content: Callable[[], bytes] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Scored:
    """What one graph made of a file or a text: bare numbers, and the SHA-256 of the tensor that it was given; or why there are none."""

    digest: str
    outputs: tuple[float, ...]
    tensor: str = ""
    failed: Reason | None = None
    milliseconds: int = field(default=0, compare=False)


class Decoder(Protocol):
    """Turns a stream of untrusted bytes into something harmless. Never raises for what the bytes hold.

    Raises :class:`grace.kernel.errors.Unavailable` where decoding itself cannot run: the file is not to blame, and the
    same call may succeed later.
    """

    name: str
    """What decodes, with its version; kept with every result."""
    name_for_videos: str
    """The same, for videos."""

    def decode(self, stream: BinaryIO, limits: Limits = ..., *, most_side: int | None = None) -> Picture | NotDecoded:
        """All pixels, or with ``most_side`` a picture made smaller until no side is longer."""
        ...

    def fingerprint(self, stream: BinaryIO, limits: Limits = ...) -> Printed | NotDecoded:
        """The PDQ fingerprint; the pixels stay in the decoding process."""
        ...

    def fingerprint_video(self, stream: BinaryIO, limits: Limits = ...) -> Printed | NotDecoded:
        """The vPDQ fingerprint of a video's pictures (:mod:`grace.sdk.video`), of as many as the limits let be seen."""
        ...

    def preview(self, stream: BinaryIO, most_side: int, limits: Limits = ...) -> Preview | NotDecoded:
        """A JPEG with no side longer than ``most_side``."""
        ...

    def contact_sheet(self, stream: BinaryIO, most_side: int, moments: Sequence[int] = (), limits: Limits = ...) -> Preview | NotDecoded:
        """A JPEG with no side longer than ``most_side`` of some pictures of a video.

        Those nearest to these moments (milliseconds; the first :data:`MOST_MOMENTS` of them), or some, evenly.
        """
        ...

    def pages(
        self, stream: BinaryIO, limits: Limits = ..., *, first: int | None = None, passwords: Sequence[str] = ()
    ) -> Pages | NotDecoded:
        """The text of a PDF's pages, or of the ``first`` few. ``passwords`` are tried on a locked one: at most 3,000 bytes as JSON."""
        ...

    def unpack(
        self,
        stream: BinaryIO,
        take: Take,
        *,
        first: int = 0,
        spent: int = 0,
        passwords: Sequence[str] = (),
        most: Unpacking = ...,
        limits: Limits = ...,
    ) -> bool | NotDecoded:
        """Hand over the members of an archive from place ``first`` on, some at a time, until ``take`` says to stop.

        True where all were handed over, False where ``take`` stopped it; or why it could not go on. ``spent`` are the bytes that
        came of it before; ``passwords`` are tried on locked members.
        """
        ...

    def roll(self) -> Roll:
        """The analysers that this decoder has."""
        ...

    def analyse(
        self, stream: BinaryIO, media_type: str, analysers: Sequence[str], limits: Limits = ...
    ) -> tuple[Verdict, ...] | NotDecoded:
        """The verdicts of these analysers on one file, in their order; or why none was reached. Texts are handed over as UTF-8."""
        ...

    def visit(self, stream: BinaryIO, media_type: str, analysers: Sequence[str], limits: Limits = ...) -> Visit | NotDecoded:
        """Fingerprint a picture and show it to these analysers, which ask no program: decoded once for all. Not decoded: neither was done."""
        ...

    def compute(self, stream: BinaryIO, models: Sequence[Model], limits: Limits = ...) -> tuple[Scored, ...] | NotDecoded:
        """What these graphs, at most :data:`MOST_MODELS`, make of one file, in their order; or why nothing was made of it."""
        ...

    def compute_texts(
        self, texts: Sequence[Text], models: Sequence[Model], limits: Limits = ...
    ) -> tuple[tuple[Scored, ...], ...] | NotDecoded:
        """For each of some passages of one referral what these graphs, at most :data:`MOST_MODELS`, make of it; in their order."""
        ...

    def analyse_texts(
        self, texts: Sequence[Text], analysers: Sequence[str], limits: Limits = ...
    ) -> tuple[tuple[Verdict, ...], ...] | NotDecoded:
        """For each of some passages the verdicts of these analysers, which all take texts; in their order.

        The passages are of one referral, or of one unit where all of the analysers came with GRACE: :mod:`grace.analysis.texts` sees to that.
        """
        ...
