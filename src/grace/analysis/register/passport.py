"""The passport: what a model is, what its numbers mean, how good it is and where it fails. Signed as the bytes that it came as.

Types, reader and JSON Schema are one: :mod:`grace.sdk.shape`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid
from grace.kernel.strict import Malformed, tree_of
from grace.sdk.analysis import Cost
from grace.sdk.models import INPUTS, MOST_OUTPUTS, ModelInput
from grace.sdk.shape import Choice, Many, Maybe, Misshapen, Moment, OneOf, Real, Text, Whole, read, schema, told
from grace.sdk.signals import is_denied

FORMAT = "grace-model-passport"
MOST_BYTES = 256 << 10
MOST_GRAPH = 200 << 20
_NAME = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_TERM = r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*"
_VERSION = r"[0-9A-Za-z][0-9A-Za-z.+-]*"
_SHA256 = r"[0-9a-f]{64}"
_COUNT = Whole(0, 10**9)
_PROSE = Text(4_000)


@dataclass(frozen=True, slots=True)
class GraphFile:
    """The file `model.onnx`: its SHA-256, and how many bytes it has."""

    sha256: Annotated[str, Text(64, pattern=_SHA256)]
    size: Annotated[int, Whole(1, MOST_GRAPH)]


@dataclass(frozen=True, slots=True)
class Temperature:
    """Exactly one label is right: the outputs, divided by `value`, go through a softmax."""

    kind: Annotated[Literal["temperature"], Choice(("temperature",))]
    value: Annotated[float, Real(0.01, 100)]


@dataclass(frozen=True, slots=True)
class Platt:
    """Each label is right or not by itself: each output times `scale` plus `offset` goes through a logistic function."""

    kind: Annotated[Literal["platt"], Choice(("platt",))]
    scale: Annotated[tuple[float, ...], Many(Real(-1_000, 1_000), 1, MOST_OUTPUTS)]
    offset: Annotated[tuple[float, ...], Many(Real(-1_000, 1_000), 1, MOST_OUTPUTS)]


@dataclass(frozen=True, slots=True)
class Counts:
    """What came of trying: right and wrong alarms, misses, and silence that was right."""

    true_positive: Annotated[int, _COUNT]
    false_positive: Annotated[int, _COUNT]
    false_negative: Annotated[int, _COUNT]
    true_negative: Annotated[int, _COUNT]


@dataclass(frozen=True, slots=True)
class Label:
    """One output: its name, the term of the agency's scheme that it stands for (empty: it says nothing), and from which score on it is told.

    `chosen` says what the threshold was chosen for, such as "least 0.97 precision on the calibration set".
    """

    name: Annotated[str, Text(60, pattern=_NAME)]
    term: Annotated[str, Text(60, empty=True, pattern=_TERM)]
    means: Annotated[str, Text(300)]
    threshold: Annotated[float, Real(0, 1)]
    chosen: Annotated[str, Text(300)]


@dataclass(frozen=True, slots=True)
class Measured:
    """How one label did on one slice, at its threshold."""

    label: Annotated[str, Text(60, pattern=_NAME)]
    counts: Annotated[Counts, Counts]


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the held-out data: what is in it, and how the labels did. The first slice is the whole."""

    name: Annotated[str, Text(60)]
    means: Annotated[str, Text(300)]
    labels: Annotated[tuple[Measured, ...], Many(Measured, 1, MOST_OUTPUTS)]


@dataclass(frozen=True, slots=True)
class Privacy:
    """What the training data were protected by: epsilon and delta of differential privacy, or null for none, and of what unit they speak."""

    epsilon: Annotated[float | None, Maybe(Real(0, 1_000))]
    delta: Annotated[float | None, Maybe(Real(0, 1))]
    unit: Annotated[str, Text(200)]


@dataclass(frozen=True, slots=True)
class Card:
    """The model card and the data card: without each of these texts a model is not taken (AI Act, Articles 10, 11 and 13)."""

    purpose: Annotated[str, _PROSE]
    limits: Annotated[str, _PROSE]
    training_data: Annotated[str, _PROSE]
    held_out_data: Annotated[str, _PROSE]
    licence_of_data: Annotated[str, Text(300)]
    trained_by: Annotated[str, Text(300)]
    calibration_error: Annotated[float, Real(0, 1)]
    privacy: Annotated[Privacy, Privacy]
    slices: Annotated[tuple[Slice, ...], Many(Slice, 1, 50)]


@dataclass(frozen=True, slots=True)
class Passport:
    """A model's passport. `scheme` names the agency's list of terms that the labels are mapped to."""

    format: Annotated[str, Choice((FORMAT,))]
    format_version: Annotated[int, Whole(1, 1)]
    name: Annotated[str, Text(40, pattern=_NAME)]
    version: Annotated[str, Text(40, pattern=_VERSION)]
    made_at: Annotated[datetime, Moment()]
    licence: Annotated[str, Text(100)]
    cost: Annotated[str, Choice((str(Cost.NORMAL), str(Cost.DEAR)))]
    graph: Annotated[GraphFile, GraphFile]
    input: Annotated[ModelInput, OneOf(INPUTS)]
    calibration: Annotated[Temperature | Platt, OneOf((Temperature, Platt))]
    scheme: Annotated[str, Text(60, pattern=_NAME)]
    labels: Annotated[tuple[Label, ...], Many(Label, 1, MOST_OUTPUTS)]
    card: Annotated[Card, Card]

    def __post_init__(self) -> None:
        for fault in _faults(self):
            raise ValueError(fault)


def read_passport(raw: bytes) -> Passport:
    """The passport of a text. Raises :class:`~grace.kernel.errors.Invalid` that names the place, never the value."""
    if len(raw) > MOST_BYTES:
        raise Invalid(_("The passport is longer than %(most)d bytes.") % {"most": MOST_BYTES})
    try:
        found: Passport = read(Passport, tree_of(raw))
    except (Misshapen, Malformed) as fault:
        why = fault.message if isinstance(fault, Malformed) else f"{fault}."
        raise Invalid(
            _("This is no passport of a model: %(why)s") % {"why": why},
            remedy=_("docs/reference/model-passport.schema.json tells the form."),
        ) from None
    return found


def write_passport(passport: Passport) -> bytes:
    """The passport as a text that people can read; these bytes are what is signed."""
    return (json.dumps(told(passport), indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def passport_schema() -> dict[str, object]:
    """The JSON Schema of a passport."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "GRACE model passport, version 1", **schema(Passport)}


def _faults(passport: Passport) -> Iterator[str]:
    """What no single field can show."""
    names = [label.name for label in passport.labels]
    terms = [label.term for label in passport.labels if label.term]
    if len(set(names)) < len(names) or len(set(terms)) < len(terms):
        yield "two labels have one name or stand for one term"
    if not terms:
        yield "no label stands for a term"
    if any(is_denied(each) for each in (*names, *terms)):
        yield "a label speaks of what no model may speak of (AI Act, Article 5)"
    calibration = passport.calibration
    if isinstance(calibration, Platt) and {len(calibration.scale), len(calibration.offset)} != {len(names)}:
        yield "the calibration has not one scale and one offset for each label"
    if passport.input.kind == "text" and passport.input.least > passport.input.most:
        yield "the shortest piece of a text is longer than the longest"
    spoken = {label.name for label in passport.labels if label.term}
    for each in passport.card.slices:
        measured = [one.label for one in each.labels]
        if len(set(measured)) < len(measured) or not set(measured) <= set(names):
            yield "a slice measures what is no label, or one label twice"
    if not spoken <= {one.label for one in passport.card.slices[0].labels}:
        yield "the first slice does not measure every label that is told"
