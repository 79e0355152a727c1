"""Show files and texts to models, and make findings of their numbers; each showing is kept so that it can be made again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import connection

from grace.analysis.models import Model, ModelState
from grace.analysis.register import keep
from grace.analysis.register.calibrate import scores
from grace.analysis.register.keep import Kept
from grace.evidence import vault
from grace.evidence.decoding import here, port
from grace.evidence.decoding.port import NotDecoded, Reason, Scored, Verdict
from grace.evidence.models import File
from grace.kernel.ids import new_id
from grace.kernel.sql import by_column, insert_many
from grace.sdk.analysis import AnalyserInfo, Cost, Finding, Text
from grace.sdk.signals import Basis

KIND = "class."
"""A finding of a model is of the kind ``class.`` and the term of its label."""
SEEN, UNSEEN = "model.", "shadow."
"""How a model's name as an analyser begins: promoted, or in its shadow run."""
_LIMITS = port.Limits()


@dataclass(frozen=True, slots=True)
class Inference:
    """What one model made of one file or text: see :class:`grace.analysis.models.Inference`."""

    model: Model
    rule: str
    scored: Scored
    scores: tuple[float, ...]
    thresholds: tuple[float, ...]
    shadow: bool


def infos() -> Mapping[str, AnalyserInfo]:
    """The models that run now, as analysers, by name. Where nothing computes them here, there are none."""
    kept = keep.running()
    return {info.name: info for info in map(info_of, kept)} if kept and here.decoder().roll().runtime else {}


def left_out() -> tuple[str, ...]:
    """The models that should run and are computed by nothing here."""
    if here.decoder().roll().runtime:
        return ()
    return tuple(f"{info_of(each).name} (the extra grace-platform[models] is missing)" for each in keep.running())


def by_name() -> Mapping[str, Kept]:
    """The models that run now, by the names that they have as analysers."""
    return {info_of(each).name: each for each in keep.running()}


def info_of(kept: Kept) -> AnalyserInfo:
    """A model as an analyser. One in shadow has a name of its own and gives nothing."""
    passport, shadow = kept.passport, kept.row.state != ModelState.PROMOTED
    return AnalyserInfo(
        name=f"{UNSEEN}{passport.name}@{passport.version}" if shadow else f"{SEEN}{passport.name}",
        version=passport.version,
        cost=Cost(passport.cost),
        licence=passport.licence,
        takes=passport.input.takes,
        gives={} if shadow else {KIND + each.term: each.means for each in passport.labels if each.term},
        model_digest=kept.row.digest,
    )


def is_model(name: str) -> bool:
    """Whether an analyser of this name is a model."""
    return name.startswith((SEEN, UNSEEN))


def is_shadow(name: str) -> bool:
    """Whether it is one that officers do not see."""
    return name.startswith(UNSEEN)


def may_speak(info: AnalyserInfo, running: Mapping[str, str]) -> bool:
    """Whether a model is what it was when it was asked: promoted, or in its shadow run. Analysers are no models and always speak.

    ``running`` is what :func:`grace.analysis.register.keep.still` tells.
    """
    if not is_model(info.name):
        return True
    state = ModelState.SHADOW if is_shadow(info.name) else ModelState.PROMOTED
    return running.get(info.model_digest or "") == state


def look_into(row: File, models: Sequence[Kept]) -> list[tuple[Verdict, Inference | None]]:
    """What these models make of one file; where one takes the worker with it, each is asked alone."""
    told = computed(row, models)
    if isinstance(told, NotDecoded):
        if len(models) == 1:
            return [(Verdict(info_of(models[0]).name, (), told.reason), None)]
        return [each for one in models for each in look_into(row, [one])]
    rule = rule_now()
    return [_made(kept, scored, rule) for kept, scored in zip(models, told, strict=True)]


def computed(row: File, models: Sequence[Kept]) -> tuple[Scored, ...] | NotDecoded:
    """The bare numbers of these models for one file."""
    graphs = [graph_of(each) for each in models]
    told: list[Scored] = []
    for start in range(0, len(graphs), port.MOST_MODELS):
        with vault.open_row(row.object) as stream:
            some = here.decoder().compute(stream, graphs[start : start + port.MOST_MODELS], _LIMITS)
        if isinstance(some, NotDecoded):
            return some
        told += some
    return tuple(told)


def look_into_texts(
    texts: Sequence[Text], models: Sequence[Kept], limits: port.Limits
) -> list[list[tuple[Verdict, Inference | None]]] | NotDecoded:
    """What these models make of each of some texts of one referral; or why nothing was made of any."""
    told = computed_of_texts(texts, models, limits)
    if isinstance(told, NotDecoded):
        return told
    rule = rule_now()
    return [[_made(kept, scored, rule) for kept, scored in zip(models, some, strict=True)] for some in told]


def computed_of_texts(texts: Sequence[Text], models: Sequence[Kept], limits: port.Limits = _LIMITS) -> list[list[Scored]] | NotDecoded:
    """The bare numbers of these models for each of some texts of one referral."""
    graphs = [graph_of(each) for each in models]
    told: list[list[Scored]] = [[] for _ in texts]
    for start in range(0, len(graphs), port.MOST_MODELS):
        some = here.decoder().compute_texts(texts, graphs[start : start + port.MOST_MODELS], limits)
        if isinstance(some, NotDecoded):
            return some
        for so_far, more in zip(told, some, strict=True):
            so_far.extend(more)
    return told


def graph_of(kept: Kept) -> port.Model:
    """A model's graph as the decoding program takes it; its bytes come out of the vault when they are needed."""
    return port.Model(kept.passport.graph.sha256, kept.passport.input, len(kept.passport.labels), partial(vault.read, kept.row.graph_id))


def rule_now() -> str:
    """What decodes and what computes, with their versions: other ones may give other numbers."""
    return f"{here.decoder().name}; {here.decoder().roll().runtime}"


def findings(kept: Kept, told: Sequence[float]) -> tuple[Finding, ...]:
    """What the scores amount to: a finding for each label that reaches its threshold, the surest first."""
    reached = [(score, label) for score, label in zip(told, kept.passport.labels, strict=True) if label.term and score >= label.threshold]
    return tuple(
        Finding(KIND + label.term, label.name, Basis.MODEL, "", score, {"threshold": str(label.threshold), "scheme": kept.passport.scheme})
        for score, label in sorted(reached, key=lambda each: (-each[0], each[1].name))
    )


@dataclass(frozen=True, slots=True)
class Of:
    """What an inference is made of: a file, or the text of a referral that has this digest."""

    file_id: UUID | None = None
    referral_id: UUID | None = None
    sha256: bytes = b""


def keep_all(made: Sequence[tuple[Of, Inference]], at: datetime) -> None:
    """Write inferences down."""
    rows = [_row(of, each, at) for of, each in made]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, by_column(rows, len(_COLUMNS)))


def _row(of: Of, each: Inference, at: datetime) -> tuple[object, ...]:
    outputs, told, thresholds = (json.dumps(list(some)) for some in (each.scored.outputs, each.scores, each.thresholds))
    what = new_id(), each.model.id, of.file_id, of.referral_id, of.sha256
    return *what, each.rule, bytes.fromhex(each.scored.tensor), outputs, told, thresholds, each.shadow, each.scored.milliseconds, at


_COLUMNS = {
    "id": "uuid",
    "model_id": "uuid",
    "file_id": "uuid",
    "referral_id": "uuid",
    "sha256": "bytea",
    "rule": "text",
    "tensor": "bytea",
    "outputs": "jsonb",
    "scores": "jsonb",
    "thresholds": "jsonb",
    "shadow": "boolean",
    "milliseconds": "integer",
    "at": "timestamptz",
}
_KEEP = insert_many("analysis_inference", _COLUMNS)


def _made(kept: Kept, scored: Scored, rule: str) -> tuple[Verdict, Inference | None]:
    info = info_of(kept)
    if scored.failed is not None:
        return Verdict(info.name, (), scored.failed, scored.milliseconds), None
    try:
        told = scores(kept.passport, scored.outputs)
    except ValueError:
        return Verdict(info.name, (), Reason.NONSENSE, scored.milliseconds), None
    shadow = is_shadow(info.name)
    thresholds = tuple(each.threshold for each in kept.passport.labels)
    kept_as = Inference(kept.row, rule, scored, told, thresholds, shadow)
    return Verdict(info.name, () if shadow else findings(kept, told), None, scored.milliseconds), kept_as
