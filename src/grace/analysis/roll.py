"""Which analysers are asked about which files: a question of what they take, how dear they are, and what they said before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from grace.analysis.models import Run
from grace.analysis.register import infer
from grace.evidence.decoding import here
from grace.sdk.analysis import AnalyserInfo, Cost, Takes

UNKNOWN_ONLY = frozenset({Cost.CHEAP, Cost.NORMAL})
"""What sees a file that no list knows as it comes in; a known one is seen by cheap analysers alone."""
KNOWN_TOO = frozenset({Cost.CHEAP})
_PICTURES, _TEXTS = ("image/",), ("text/", "message/rfc822")
_ALWAYS: Mapping[Takes, tuple[str, ...]] = {
    Takes.PICTURE: _PICTURES,
    Takes.TEXT: _TEXTS,
    Takes.FRAMES: ("video/",),
    Takes.SOUND: ("audio/", "video/"),
}
"""What each kind of subject can be made of."""


def analysers() -> Mapping[str, AnalyserInfo]:
    """Those at hand, by name, and the models that run now: asked for each batch, so that a model that was stopped is in none any more.

    Raises :class:`grace.kernel.errors.Unavailable` where the decoding program does not answer.
    """
    return {**here.decoder().roll().loaded, **infer.infos()}


def left_out() -> tuple[str, ...]:
    """Those installed that could not be loaded, each with what it raised, and models that nothing computes here."""
    return here.decoder().roll().left_out + infer.left_out()


def to_choose(among: Mapping[str, AnalyserInfo]) -> Mapping[str, AnalyserInfo]:
    """Those that an officer may order: all but models in their shadow run."""
    return {name: info for name, info in among.items() if not infer.is_shadow(name)}


def fits(info: AnalyserInfo, media_type: str) -> bool:
    """Whether an analyser takes files of this type."""
    makes = _ALWAYS.get(info.takes)
    return (makes is None or media_type.startswith(makes)) and (not info.media or media_type.startswith(info.media))


def usual(media_type: str, costs: Collection[Cost], among: Iterable[AnalyserInfo]) -> list[str]:
    """The names of the analysers that see a file of this type without being asked for."""
    return [info.name for info in among if info.cost in costs and fits(info, media_type)]


def may_come_along(info: AnalyserInfo) -> bool:
    """Whether it sees every file, and may be asked in one with a fingerprint: it is no model, and asks no program."""
    return info.cost in KNOWN_TOO and not info.programs and not infer.is_model(info.name)


def said_already(files: Sequence[UUID], among: Mapping[str, AnalyserInfo]) -> set[tuple[UUID, str]]:
    """The files that these very versions and models have seen, each with the analyser's name."""
    rows = Run.objects.filter(file_id__in=list(files), analyser__in=list(among)).values_list(
        "file_id", "analyser", "version", "model_digest"
    )
    return {
        (file, name) for file, name, version, digest in rows if (version, digest) == (among[name].version, among[name].model_digest or "")
    }
