"""Read a worker's answer as a stranger's: types, ranges and lengths are checked, and None means nonsense."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Any

from grace.evidence.decoding.port import (
    MOST_MOMENTS,
    MOST_NAME,
    Limits,
    Model,
    NotDecoded,
    Pages,
    Preview,
    Printed,
    Reason,
    Roll,
    Scored,
    Unpacked,
    Unpacking,
    Verdict,
    Visit,
)
from grace.sdk import video
from grace.sdk.analysis import (
    MOST_FACTS,
    MOST_FINGERPRINT,
    MOST_SEEN,
    MOST_VALUE,
    AnalyserInfo,
    Cost,
    Finding,
    Fingerprint,
    Picture,
    Takes,
)
from grace.sdk.signals import Basis
from grace.sdk.text import storable

_MOST_PREVIEW = 16 << 20
_PDQ_HEX = 64
_MOST_VIDEO = 1 << 20
_MOST_TOLD = 16 << 20
_MOST_INDEX = 8 << 20
_MOST_MILLISECONDS = 86_400_000
_SHA256 = re.compile(r"[0-9a-f]{64}")
_BASES = {str(each): each for each in (Basis.OBSERVED, Basis.MODEL)}


class Nonsense(Exception):
    """It says more than may be said."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a worker says: its message, and what lies on the slate."""

    header: dict[str, Any]
    read: Callable[[int, int], bytes]
    """So many bytes from a place on."""

    def content(self, most: int) -> bytes:
        """As many bytes as the message says. Raises :class:`Nonsense` where these are more than allowed."""
        size = self.header.get("bytes")
        if type(size) is not int or not 0 <= size <= most:
            raise Nonsense
        return self.read(size, 0) if size else b""


def read_picture(told: Told, limits: Limits) -> Picture | None:
    """Pixels: exactly as many as width and height say."""
    size = _size(told.header, limits)
    if size is None:
        return None
    rgb = told.content(size[0] * size[1] * 3)
    return Picture(*size, rgb) if len(rgb) == size[0] * size[1] * 3 else None


def read_preview(told: Told, limits: Limits) -> Preview | None:
    """Bytes that start and end as a JPEG does."""
    size = _size(told.header, limits)
    jpeg = told.content(_MOST_PREVIEW)
    fits = size is not None and jpeg.startswith(b"\xff\xd8\xff") and jpeg.endswith(b"\xff\xd9")
    return Preview(*size, jpeg) if size and fits else None


def read_sheet(told: Told, limits: Limits) -> Preview | None:
    """A preview, with moments in order."""
    preview, moments = read_preview(told, limits), told.header.get("moments")
    if preview is None or not isinstance(moments, list) or not 0 < len(moments) <= MOST_MOMENTS:
        return None
    if any(type(each) is not int or not 0 <= each <= video.MOST_MILLISECONDS for each in moments) or moments != sorted(moments):
        return None
    return replace(preview, moments=tuple(moments))


def read_printed(told: Told, limits: Limits) -> Printed | None:
    """A PDQ of 64 hexadecimal digits and a quality of 0 to 100."""
    size, value, quality = _size(told.header, limits), told.header.get("value"), told.header.get("quality")
    if size is None or not isinstance(value, str) or len(value) != _PDQ_HEX or type(quality) is not int or not 0 <= quality <= 100:
        return None
    try:
        return Printed(*size, Fingerprint("pdq", bytes.fromhex(value), quality))
    except ValueError:
        return None


def read_printed_video(told: Told, limits: Limits) -> Printed | None:
    """Bytes that are a vPDQ fingerprint."""
    size = _size(told.header, limits)
    value = told.content(_MOST_VIDEO)
    try:
        return Printed(*size, video.pack(video.unpack(value))) if size else None
    except ValueError:
        return None


def read_pages(told: Told, limits: Limits) -> Pages | None:
    """Texts in UTF-8 with form feeds between, as many as the header says."""
    content = told.content(4 * limits.most_characters + limits.most_pages)
    count, total = told.header.get("pages"), told.header.get("total")
    if type(count) is not int or type(total) is not int or not 0 <= count <= total <= limits.most_pages:
        return None
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    texts = tuple(text.split("\f")) if count else ()
    return Pages(texts, total) if len(texts) == count and len(text) - count < limits.most_characters else None


def read_roll(told: Told, limits: Limits) -> Roll | None:
    """Who is loaded, each with what it is, and the names of those left out."""
    del limits
    roll = _json(told)
    if not isinstance(roll, dict):
        return None
    try:
        infos = [_info(each) for each in roll["loaded"]]
        left_out = tuple(str(each)[:MOST_VALUE] for each in roll["left_out"])
        loaded = {each.name: each for each in infos}
        return Roll(loaded, left_out, _short(roll["runtime"]), frozenset(map(_short, roll["shipped"])) & loaded.keys())
    except (KeyError, TypeError, ValueError):
        return None


def read_verdicts(told: Told, asked: Iterable[AnalyserInfo]) -> tuple[Verdict, ...] | None:
    """A verdict of each that was asked, in their order; one that says what it may not has failed."""
    return _verdicts(_json(told), list(asked))


def read_verdicts_of_each(told: Told, asked: Sequence[AnalyserInfo], number: int) -> tuple[tuple[Verdict, ...], ...] | None:
    """The same for each of as many subjects as were handed over."""
    verdicts = _json(told)
    if not isinstance(verdicts, list) or len(verdicts) != number:
        return None
    read = [_verdicts(each, asked) for each in verdicts]
    whole = tuple(each for each in read if each is not None)
    return whole if len(whole) == number else None


def _verdicts(verdicts: object, infos: Sequence[AnalyserInfo]) -> tuple[Verdict, ...] | None:
    if not isinstance(verdicts, list) or [each.get("name") if isinstance(each, dict) else None for each in verdicts] != [
        info.name for info in infos
    ]:
        return None
    return tuple(_verdict(info, each) for info, each in zip(infos, verdicts, strict=True))


def read_portion(told: Told, first: int, most: Unpacking) -> list[Unpacked]:
    """Some members, in the order of their places, none before ``first``. Raises :class:`Nonsense`."""
    length, size = told.header.get("index"), told.header.get("bytes")
    if type(length) is not int or type(size) is not int or not 0 < length <= _MOST_INDEX or length > size:
        raise Nonsense
    try:
        index = json.loads(told.read(length, 0))
        lengths = [_length(place, name, number, failed, most) for place, name, number, failed in index]
    except (ValueError, TypeError, RecursionError):
        raise Nonsense from None
    places = [place for place, *_ in index]
    grows = all(one < other for one, other in pairwise([first - 1, *places]))
    if not 0 < len(index) <= most.portion_members + 1 or not grows or length + sum(lengths) != size:
        raise Nonsense
    begins = accumulate(lengths, initial=length)
    return [
        Unpacked(place, name, told.read(number, begin) if number else b"", Reason[failed] if failed else None)
        for (place, name, number, failed), begin in zip(index, begins, strict=False)
    ]


def _length(place: object, name: object, number: object, failed: object, most: Unpacking) -> int:
    """How many bytes a member has that may be told so. Raises ``ValueError``."""
    is_named = isinstance(name, str) and len(name) <= MOST_NAME and storable(name) == name
    is_placed = type(place) is int and place <= most.most_members
    if not is_named or not is_placed or type(number) is not int or not 0 <= number <= most.most_member_bytes:
        raise ValueError(number)
    if failed is not None and (failed not in Reason.__members__ or number):
        raise ValueError(failed)
    return number


def read_ended(told: Told, limits: Limits) -> bool | None:
    """Whether all was handed over."""
    del limits
    ended = told.header.get("ended")
    return ended if isinstance(ended, bool) else None


def read_visit(told: Told, asked: Iterable[AnalyserInfo], limits: Limits) -> Visit | None:
    """A fingerprint, or why there is none, and verdicts."""
    unprinted = told.header.get("unprinted")
    printed = read_printed(told, limits) if unprinted is None else NotDecoded(Reason.__members__.get(str(unprinted), Reason.NONSENSE))
    verdicts = read_verdicts(told, asked)
    return Visit(printed, verdicts) if printed is not None and verdicts is not None else None


def read_done(told: Told, limits: Limits) -> bool | None:
    """That it was done."""
    del limits
    return True if told.header.get("done") is True else None


def read_scored(told: Told, asked: Iterable[Model]) -> tuple[Scored, ...] | None:
    """What each graph that was asked made of the file, in their order; one that gives other numbers than it may has failed."""
    return _scored_by_each(_json(told), list(asked))


def read_scored_of_each(told: Told, asked: Iterable[Model], number: int) -> tuple[tuple[Scored, ...], ...] | None:
    """The same of each of so many passages."""
    some, models = _json(told), list(asked)
    if not isinstance(some, list) or len(some) != number:
        return None
    read = [_scored_by_each(each, models) for each in some]
    whole = [each for each in read if each is not None]
    return tuple(whole) if len(whole) == number else None


def _scored_by_each(scored: object, models: Sequence[Model]) -> tuple[Scored, ...] | None:
    if not isinstance(scored, list) or len(scored) != len(models) or not all(isinstance(each, dict) for each in scored):
        return None
    return tuple(_scored(model, each) for model, each in zip(models, scored, strict=True))


def _scored(model: Model, told: dict[str, Any]) -> Scored:
    spent, outputs, tensor = _spent(told), told.get("outputs"), told.get("tensor")
    if outputs is None:
        return Scored(model.digest, (), failed=Reason.__members__.get(str(told.get("failed")), Reason.NONSENSE), milliseconds=spent)
    fits = (
        isinstance(outputs, list) and len(outputs) == model.outputs and all(type(each) is float and math.isfinite(each) for each in outputs)
    )
    if not fits or not isinstance(tensor, str) or not _SHA256.fullmatch(tensor):
        return Scored(model.digest, (), failed=Reason.NONSENSE, milliseconds=spent)
    return Scored(model.digest, tuple(outputs), tensor, None, spent)


def _json(told: Told) -> object:
    try:
        found: object = json.loads(told.content(_MOST_TOLD))
    except (ValueError, RecursionError):
        return None
    return found


def _info(told: dict[str, Any]) -> AnalyserInfo:
    return AnalyserInfo(
        name=_short(told["name"]),
        version=_short(told["version"]),
        cost=Cost(told["cost"]),
        licence=_short(told["licence"]),
        takes=Takes(told["takes"]),
        gives={_short(kind): _short(meaning) for kind, meaning in told["gives"].items()},
        media=tuple(_short(each) for each in told["media"]),
        most_side=int(told["most_side"]),
        model_digest=None if told["model_digest"] is None else _short(told["model_digest"]),
        programs=tuple(_short(each) for each in told["programs"]),
    )


def _verdict(info: AnalyserInfo, told: dict[str, Any]) -> Verdict:
    spent = _spent(told)
    if "seen" not in told:
        return Verdict(info.name, (), Reason.__members__.get(str(told.get("failed")), Reason.NONSENSE), spent)
    try:
        seen = tuple(_seen(info, each) for each in told["seen"][: MOST_SEEN + 1])
    except (KeyError, TypeError, ValueError, AttributeError):
        return Verdict(info.name, (), Reason.NONSENSE)
    return Verdict(info.name, seen, None, spent) if len(seen) <= MOST_SEEN else Verdict(info.name, (), Reason.NONSENSE)


def _spent(told: dict[str, Any]) -> int:
    spent = told.get("milliseconds")
    return spent if type(spent) is int and 0 <= spent <= _MOST_MILLISECONDS else 0


def _seen(info: AnalyserInfo, told: dict[str, Any]) -> Finding | Fingerprint:
    return _fingerprint(info, told) if "algorithm" in told else _finding(info, told)


def _finding(info: AnalyserInfo, told: dict[str, Any]) -> Finding:
    confidence, facts = told["confidence"], told["facts"]
    if told["kind"] not in info.gives or len(facts) > MOST_FACTS:
        raise ValueError("a kind that it did not name, or too many facts")
    if confidence is not None and not (isinstance(confidence, int | float) and math.isfinite(confidence) and 0 <= confidence <= 1):
        raise ValueError("a sureness from 0 to 1")
    where = _short(told["where"])
    return Finding(
        told["kind"],
        _short(told["value"]),
        _BASES[told["basis"]],
        where,
        confidence,
        {_short(name): _short(value) for name, value in facts.items()},
    )


def _fingerprint(info: AnalyserInfo, told: dict[str, Any]) -> Fingerprint:
    value, quality = bytes.fromhex(told["bytes"]), told["quality"]
    if told["algorithm"] not in info.gives or not 0 < len(value) <= MOST_FINGERPRINT or type(quality) is not int or not 0 <= quality <= 100:
        raise ValueError("an algorithm that it named, some bytes, and a quality of 0 to 100")
    return Fingerprint(told["algorithm"], value, quality)


def _short(text: object) -> str:
    if not isinstance(text, str) or len(text) > MOST_VALUE or storable(text) != text:
        raise ValueError("a text that is short and can be kept")
    return text


def _size(header: dict[str, Any], limits: Limits) -> tuple[int, int] | None:
    width, height = header.get("width"), header.get("height")
    if type(width) is not int or type(height) is not int or width < 1 or height < 1 or width * height > limits.most_pixels:
        return None
    return width, height
