"""The analyser ``picture``: how good a picture is to look at, its colours, and whether it is a photo, a screenshot, a document or a drawing.

It says nothing of what or whom a picture shows.
"""

from __future__ import annotations

from grace.analysis.analysers.picture.colours import dominant
from grace.analysis.analysers.picture.features import Features, features
from grace.analysis.analysers.picture.kind import read
from grace.analysis.analysers.pixels import pixels_of
from grace.sdk.analysis import AnalyserInfo, Cost, Finding, Picture, Seen, Subject, Takes
from grace.sdk.signals import Basis

_KINDS, _DIGEST = read()
_EMPTY_CONTRAST, _FLAT_CONTRAST, _BLURRED, _DARK, _BRIGHT = 2, 10, 12, 40, 225
_LEAST_SURE = 0.5


class PictureAnalyser:
    """Measures are observed; the kind is a model's."""

    info = AnalyserInfo(
        name="picture",
        version="3",
        cost=Cost.CHEAP,
        licence="Apache-2.0",
        takes=Takes.PICTURE,
        gives={
            "picture.kind": "Whether it looks like a photo, a screenshot, a document or a drawing, with the features that speak for it.",
            "picture.colours": "At most five dominant colours by name, with their shares.",
            "picture.quality": "Whether it is good, blurred, flat, empty, dark or bright, with sharpness, contrast and brightness (levels of 0 to 255).",
        },
        most_side=512,
        model_digest=_DIGEST,
    )

    def warm_up(self) -> None:
        """Look at a picture once, so that what NumPy loads at first use is there."""
        self.examine(Picture(16, 16, bytes(range(256)) * 3))

    def examine(self, subject: Subject) -> Seen:
        """Its quality and colours, and its kind where one is more likely than all others together."""
        pixels = pixels_of(subject)
        seen, coarse = features(pixels)
        quality = _quality(seen)
        kind = () if quality == "empty" else _kind(seen)
        return (_measured(seen, quality), *_colours(dominant(coarse)), *kind)


def _quality(seen: Features) -> str:
    if seen.contrast < _EMPTY_CONTRAST:
        return "empty"
    if seen.contrast < _FLAT_CONTRAST:
        return "flat"
    if seen.brightness < _DARK:
        return "dark"
    if seen.sharpness < _BLURRED:
        return "blurred"
    return "bright" if seen.brightness > _BRIGHT and seen.steep == 0 else "good"


def _measured(seen: Features, quality: str) -> Finding:
    measures = {name: f"{getattr(seen, name):.0f}" for name in ("sharpness", "contrast", "brightness")}
    return Finding("picture.quality", quality, Basis.OBSERVED, facts={**measures, "flat": f"{seen.flat:.2f}"})


def _colours(found: tuple[tuple[str, float], ...]) -> Seen:
    if not found:
        return ()
    shares = {name: f"{share:.2f}" for name, share in found}
    return (Finding("picture.colours", ", ".join(shares), Basis.OBSERVED, facts=shares),)


def _kind(seen: Features) -> Seen:
    shares = _KINDS.shares(seen)
    kind, sure = max(shares.items(), key=lambda each: each[1])
    if sure < _LEAST_SURE:
        return ()
    names = ("paper", "palette", "straight", "steep", "text", "grain", "pale")
    facts = {name: f"{getattr(seen, name):.2f}" for name in names}
    return (Finding("picture.kind", kind, Basis.MODEL, confidence=round(sure, 3), facts=facts),)


ANALYSER = PictureAnalyser()
