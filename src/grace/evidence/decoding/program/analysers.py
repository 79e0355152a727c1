"""The analysers in this program: loaded once before the doors close, shown what a file holds; what they say is told as data."""

from __future__ import annotations

import codecs
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from grace.evidence.decoding.port import Limits, Reason
from grace.evidence.decoding.program import asking
from grace.evidence.decoding.program.attempt import attempt, reason_of
from grace.evidence.decoding.program.frames import make_frames
from grace.evidence.decoding.program.pictures import Unfit, make_small_picture
from grace.evidence.decoding.program.sounds import make_sound
from grace.sdk.analysis import Analyser, AnalyserInfo, AskingAnalyser, Content, Finding, Fingerprint, Seen, Subject, Takes, Text

GROUP = "grace.analysers"
_OURS = "grace-platform"
_loaded: dict[str, Analyser | AskingAnalyser] = {}
_package: dict[str, str] = {}
_left_out: list[str] = []
_ENCODINGS = ("utf-8-sig", "utf-16", "cp1252")


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


def describe() -> dict[str, object]:
    """Who is here, who of them came with GRACE, and who could not be loaded."""
    shipped = [name for name, package in _package.items() if package == _OURS]
    return {"loaded": [asdict(each.info) for each in _loaded.values()], "shipped": shipped, "left_out": _left_out}


def make_verdicts(content: bytes, media_type: str, names: list[str], limits: Limits, text: Text | None = None) -> list[dict[str, object]]:
    """What each of the analysers says of the file, or why it says nothing. Those that take texts are handed ``text`` where it is given."""
    subjects: dict[tuple[Takes, int], Subject | Reason] = {}
    if text is not None:
        subjects = {(Takes.TEXT, each.info.most_side): text for each in _loaded.values()}
    verdicts = []
    for name in names:
        begun, elsewhere = time.process_time_ns(), asking.spent()
        verdict = _verdict(name, content, media_type, limits, subjects)
        here = (time.process_time_ns() - begun) // 1_000_000
        verdicts.append(verdict | {"milliseconds": here + asking.spent() - elsewhere})
    return verdicts


def make_verdicts_of_texts(content: bytes, names: list[str], limits: Limits) -> list[list[dict[str, object]]]:
    """What each of the analysers says of each passage; ``content`` is a JSON list of pairs, a reference and a text."""
    texts = [Text(reference, text) for reference, text in json.loads(content)]
    if sum(len(each.text) for each in texts) > limits.most_characters:
        raise Unfit(Reason.CHARACTERS)
    return [make_verdicts(b"", "text/plain", names, limits, each) for each in texts]


def _ready(point: EntryPoint) -> Analyser | AskingAnalyser:
    analyser: Analyser | AskingAnalyser = point.load()
    analyser.warm_up()
    return analyser


def _verdict(
    name: str, content: bytes, media_type: str, limits: Limits, subjects: dict[tuple[Takes, int], Subject | Reason]
) -> dict[str, object]:
    analyser = _loaded.get(name)
    if analyser is None:
        return {"name": name, "failed": Reason.ANALYSER.name}
    info = analyser.info
    key = info.takes, info.most_side
    if key not in subjects:
        subjects[key] = subject_of(info, content, media_type, limits)
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


def subject_of(info: AnalyserInfo, content: bytes, media_type: str, limits: Limits) -> Subject | Reason:
    """What the analyser is handed, or why it cannot be made of these bytes."""
    made, failure = attempt(lambda: _MAKERS[info.takes](content, media_type, info, limits))
    if made is not None:
        return made
    return reason_of(failure)


def _text(content: bytes, media_type: str, info: AnalyserInfo, limits: Limits) -> Subject:
    del media_type, info
    if len(content) > limits.most_characters:
        raise Unfit(Reason.CHARACTERS)
    usual, marked, western = _ENCODINGS
    for encoding in (usual, marked) if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else (usual,):
        try:
            return Text("", content.decode(encoding))
        except UnicodeDecodeError:
            continue
    return Text("", content.decode(western, "replace"))


_MAKERS: Mapping[Takes, Callable[[bytes, str, AnalyserInfo, Limits], Subject]] = {
    Takes.CONTENT: lambda content, media_type, _info, _limits: Content(media_type, content),
    Takes.PICTURE: lambda content, _media_type, info, limits: make_small_picture(content, info.most_side, limits),
    Takes.FRAMES: lambda content, _media_type, info, limits: make_frames(content, info.most_side, limits),
    Takes.SOUND: lambda content, _media_type, _info, limits: make_sound(content, limits),
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
