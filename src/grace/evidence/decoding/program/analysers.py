"""The analysers in this program: loaded once before the doors close, shown what a file holds; what they say is told as data."""

from __future__ import annotations

import codecs
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from grace.evidence.decoding.port import Limits, Reason
from grace.evidence.decoding.program import asking
from grace.evidence.decoding.program.attempt import attempt, reason_of
from grace.evidence.decoding.program.frames import make_frames
from grace.evidence.decoding.program.pictures import Shown, Unfit
from grace.evidence.decoding.program.sounds import make_sound
from grace.sdk.analysis import Analyser, AnalyserInfo, AskingAnalyser, Content, Cost, Finding, Fingerprint, Seen, Subject, Takes, Text

GROUP = "grace.analysers"
_OURS = "grace-platform"
_loaded: dict[str, Analyser | AskingAnalyser] = {}
_package: dict[str, str] = {}
_left_out: list[str] = []
_ENCODINGS = ("utf-8-sig", "utf-16", "cp1252")


@dataclass(frozen=True, slots=True)
class Handed:
    """What subjects are made of."""

    content: bytes
    media_type: str
    limits: Limits
    shown: Shown


def warm_up() -> None:
    """Load every analyser that is installed, with what it needs; one that fails is left out."""
    for encoding in _ENCODINGS:
        codecs.lookup(encoding)
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        analyser, failure = attempt(partial(_ready, point))
        if analyser is None:
            _left_out.append(f"{point.name} ({failure})")
        else:
            _loaded[analyser.info.name] = analyser
            _package[analyser.info.name] = point.dist.name if point.dist else ""


def ours_for_pictures() -> list[str]:
    """The names of those that came with GRACE and see every picture."""
    infos = [analyser.info for name, analyser in _loaded.items() if _package[name] == _OURS]
    return [info.name for info in infos if info.cost is Cost.CHEAP and info.takes in {Takes.PICTURE, Takes.CONTENT}]


def describe() -> dict[str, object]:
    """Who is here, who of them came with GRACE, and who could not be loaded."""
    shipped = [name for name, package in _package.items() if package == _OURS]
    return {"loaded": [asdict(each.info) for each in _loaded.values()], "shipped": shipped, "left_out": _left_out}


def make_verdicts(
    content: bytes, media_type: str, names: list[str], limits: Limits, given: Text | Shown | None = None
) -> list[dict[str, object]]:
    """What each of the analysers says of the file, or why it says nothing.

    ``given`` is the text that those which take texts are handed, or the picture's pixels, where somebody looked at them before.
    """
    shown = given if isinstance(given, Shown) else Shown(content, limits)
    subjects: dict[tuple[Takes, int], Subject | Reason] = {}
    if isinstance(given, Text):
        subjects = {(Takes.TEXT, each.info.most_side): given for each in _loaded.values()}
    verdicts = []
    for name in names:
        begun, elsewhere = time.process_time_ns(), asking.spent()
        verdict = _verdict(name, Handed(content, media_type, limits, shown), subjects)
        here = (time.process_time_ns() - begun) // 1_000_000
        verdicts.append(verdict | {"milliseconds": here + asking.spent() - elsewhere})
    return verdicts


def make_verdicts_of_texts(content: bytes, names: list[str], limits: Limits) -> list[list[dict[str, object]]]:
    """What each of the analysers says of each passage; ``content`` is a JSON list of pairs, a reference and a text."""
    return [make_verdicts(b"", "text/plain", names, limits, each) for each in passages(content, limits)]


def passages(content: bytes, limits: Limits) -> list[Text]:
    """The passages that were handed over. Raises :class:`Unfit` where they are more than allowed."""
    texts = [Text(reference, text) for reference, text in json.loads(content)]
    if sum(len(each.text) for each in texts) > limits.most_characters:
        raise Unfit(Reason.CHARACTERS)
    return texts


def _ready(point: EntryPoint) -> Analyser | AskingAnalyser:
    analyser: Analyser | AskingAnalyser = point.load()
    analyser.warm_up()
    return analyser


def _verdict(name: str, handed: Handed, subjects: dict[tuple[Takes, int], Subject | Reason]) -> dict[str, object]:
    analyser = _loaded.get(name)
    if analyser is None:
        return {"name": name, "failed": Reason.ANALYSER.name}
    info = analyser.info
    key = info.takes, info.most_side
    if key not in subjects:
        subjects[key] = subject_of(info, handed)
    subject = subjects[key]
    if isinstance(subject, Reason):
        return {"name": name, "failed": subject.name}
    seen, failure = attempt(lambda: _examine(analyser, subject))
    if seen is None:
        return {"name": name, "failed": (Reason.DAMAGED if failure == "ValueError" else reason_of(failure, Reason.ANALYSER)).name}
    return {"name": name, "seen": _told(seen)}


def _examine(analyser: Analyser | AskingAnalyser, subject: Subject) -> Seen:
    if analyser.info.programs:
        return cast("AskingAnalyser", analyser).examine(subject, asking.ask)
    return cast("Analyser", analyser).examine(subject)


def subject_of(info: AnalyserInfo, handed: Handed) -> Subject | Reason:
    """What the analyser is handed, or why it cannot be made of these bytes."""
    made, failure = attempt(lambda: _MAKERS[info.takes](handed, info))
    if made is not None:
        return made
    return reason_of(failure)


def _text(handed: Handed, info: AnalyserInfo) -> Subject:
    del info
    content = handed.content
    if len(content) > handed.limits.most_characters:
        raise Unfit(Reason.CHARACTERS)
    usual, marked, western = _ENCODINGS
    for encoding in (usual, marked) if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else (usual,):
        try:
            return Text("", content.decode(encoding))
        except UnicodeDecodeError:
            continue
    return Text("", content.decode(western, "replace"))


_MAKERS: Mapping[Takes, Callable[[Handed, AnalyserInfo], Subject]] = {
    Takes.CONTENT: lambda handed, _info: Content(handed.media_type, handed.content),
    Takes.PICTURE: lambda handed, info: handed.shown.small(info.most_side),
    Takes.FRAMES: lambda handed, info: make_frames(handed.content, info.most_side, handed.limits),
    Takes.SOUND: lambda handed, _info: make_sound(handed.content, handed.limits),
    Takes.TEXT: _text,
}


def _told(seen: Seen) -> list[dict[str, object]]:
    return [_fingerprint(each) if isinstance(each, Fingerprint) else _finding(each) for each in seen]


def _fingerprint(each: Fingerprint) -> dict[str, object]:
    return {"algorithm": each.algorithm, "bytes": each.value.hex(), "quality": each.quality}


def _finding(each: Finding) -> dict[str, object]:
    return {
        "kind": each.kind,
        "value": each.value,
        "basis": str(each.basis),
        "where": each.where,
        "confidence": each.confidence,
        "facts": dict(each.facts),
    }
