"""Look through an ONNX file without running or loading it: what it is made of, and that it holds nothing that a classifier does not need.

A few lines read the protobuf wire format, so that no library is shown the file before this has been asked: only operators of the list, of the
standard domain, no functions, no graphs inside nodes (so no loops), no data in other files, and tensors that are as large as they say. The
numbers of fields are those of ``onnx.proto``. The graph is computed in the decoding program alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid
from grace.sdk.text import storable

_NAMES = (
    "Abs Add ArgMax AveragePool BatchNormalization Cast Clip Concat Constant Conv DequantizeLinear Div DynamicQuantizeLinear "
    "Elu Erf Exp Expand Flatten Gather Gelu Gemm GlobalAveragePool GlobalMaxPool GroupNormalization HardSigmoid HardSwish "
    "Identity InstanceNormalization LayerNormalization LeakyRelu Log LogSoftmax LRN MatMul MatMulInteger Max MaxPool Mean Min "
    "Mish Mul Neg Pad Pow PRelu QLinearConv QLinearMatMul QuantizeLinear Reciprocal ReduceMax ReduceMean ReduceSum Relu "
    "Reshape Resize Selu Shape Sigmoid Sign Slice Softmax Softplus Softsign Split Sqrt Squeeze Sub Sum Tanh Transpose "
    "Unsqueeze Where"
)
OPERATORS = frozenset(_NAMES.split())
"""What a classifier of pictures or texts is made of; nothing that reads, calls, loops or draws at random."""
MOST_NODES = 20_000
MOST_TENSORS = 20_000
_OPSETS = range(9, 27)
_FLOAT = 1
_WIDTHS = {1: 4, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8, 12: 4, 13: 8}
"""Bytes of an element, by ``TensorProto.DataType``."""
_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5
Field = tuple[int, int | memoryview]


@dataclass(frozen=True, slots=True)
class Door:
    """An input or output: its name, and its sides; None for one that is not fixed."""

    name: str
    sides: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a graph is made of."""

    operators: tuple[str, ...]
    parameters: int
    opset: int
    taken: Door
    given: Door


def look_through(content: bytes) -> Looked:
    """What the file holds. Raises :class:`Invalid` for what is no ONNX file, and for one that holds more than a classifier needs."""
    try:
        return _Reader().model(memoryview(content))
    except (_Wrong, ValueError, IndexError, UnicodeDecodeError, OverflowError) as fault:
        why = str(fault) if isinstance(fault, _Wrong) else "it is damaged"
        raise Invalid(
            _("This model is not taken: %(why)s.") % {"why": why},
            remedy=_("Export it anew as one plain ONNX file; see the how-to about models."),
        ) from None


class _Wrong(Exception):
    """Why the file is refused, in words that hold nothing of it but names of operators."""


class _Reader:
    def __init__(self) -> None:
        self._operators: set[str] = set()
        self._nodes = self._tensors = self._parameters = 0

    def model(self, raw: memoryview) -> Looked:
        graph: memoryview | None = None
        opsets: dict[str, int] = {}
        for number, value in _fields(raw):
            if number == 7 and isinstance(value, memoryview):
                if graph is not None:
                    raise _Wrong("it holds two graphs")
                graph = value
            elif number == 8 and isinstance(value, memoryview):
                domain, version = _opset(value)
                opsets[domain] = version
            elif number in {20, 25}:
                raise _Wrong("it brings functions or a training of its own")
        if graph is None or set(opsets) != {""}:
            raise _Wrong("it has no graph, or operators of another domain than ONNX's own")
        if opsets[""] not in _OPSETS:
            raise _Wrong(f"its operators are not of versions {_OPSETS.start} to {_OPSETS.stop - 1}")
        taken, given = self._graph(graph)
        return Looked(tuple(sorted(self._operators)), self._parameters, opsets[""], taken, given)

    def _graph(self, raw: memoryview) -> tuple[Door, Door]:
        doors: dict[int, list[Door]] = {11: [], 12: []}
        held: set[str] = set()
        for number, value in _fields(raw):
            if not isinstance(value, memoryview):
                continue
            if number == 1:
                self._node(value)
            elif number == 5:
                held.add(self._tensor(value))
            elif number == 15:
                raise _Wrong("it holds sparse tensors")
            elif number in doors:
                doors[number].append(_door(value))
        taken = [door for door in doors[11] if door.name not in held]
        if len(taken) != 1 or len(doors[12]) != 1:
            raise _Wrong("it has not exactly one input and one output")
        return taken[0], doors[12][0]

    def _node(self, raw: memoryview) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise _Wrong(f"it has more than {MOST_NODES} nodes")
        operator, domain = "", ""
        for number, value in _fields(raw):
            if number == 4:
                operator = _text(value)
            elif number == 7:
                domain = _text(value)
            elif number == 5 and isinstance(value, memoryview):
                self._attribute(value)
        if domain not in {"", "ai.onnx"} or operator not in OPERATORS:
            raise _Wrong(f"its operator {storable(operator)[:40] if operator.isprintable() else '?'} is not on the list")
        self._operators.add(operator)

    def _attribute(self, raw: memoryview) -> None:
        for number, value in _fields(raw):
            if number in {6, 11, 21, 22, 23}:
                raise _Wrong("a node holds a graph, a reference or sparse tensors")
            if number in {5, 10} and isinstance(value, memoryview):
                self._tensor(value)

    def _tensor(self, raw: memoryview) -> str:
        self._tensors += 1
        if self._tensors > MOST_TENSORS:
            raise _Wrong(f"it has more than {MOST_TENSORS} tensors")
        sides: list[int] = []
        kind, name, there = 0, "", 0
        for number, value in _fields(raw):
            if number in {13, 14} and value:
                raise _Wrong("a tensor lies in another file")
            if number == 1:
                sides += _numbers(value)
            elif number == 2 and isinstance(value, int):
                kind = value
            elif number == 8:
                name = _text(value)
            elif number == 9 and isinstance(value, memoryview):
                there += len(value)
            elif number in {4, 5, 7, 10, 11}:
                there += len(value) if isinstance(value, memoryview) else 8
        elements = math.prod(sides)
        # a number of the packed fields may take one byte where the element has eight
        if kind not in _WIDTHS or any(side < 0 for side in sides) or elements > there * 8 + 8:
            raise _Wrong("a tensor is smaller than it says, or of a kind that is not taken")
        self._parameters += elements
        return name


def _door(raw: memoryview) -> Door:
    name, kind = "", 0
    sides: tuple[int | None, ...] = ()
    for number, value in _fields(raw):
        if number == 1:
            name = _text(value)
        elif number == 2:
            for tensor in _inside(value, 1):
                kind = next((each for place, each in _fields(tensor) if place == 1 and isinstance(each, int)), 0)
                sides = tuple(_side(dim) for shape in _inside(tensor, 2) for dim in _inside(shape, 1))
    if kind != _FLOAT:
        raise _Wrong("its input and output are not 32-bit floats")
    return Door(name, sides)


def _side(raw: memoryview) -> int | None:
    return next((value for number, value in _fields(raw) if number == 1 and isinstance(value, int)), None)


def _opset(raw: memoryview) -> tuple[str, int]:
    domain, version = "", 0
    for number, value in _fields(raw):
        if number == 1:
            domain = _text(value)
        elif number == 2 and isinstance(value, int):
            version = value
    return "" if domain == "ai.onnx" else domain, version


def _inside(value: int | memoryview, number: int) -> Iterator[memoryview]:
    if isinstance(value, memoryview):
        yield from (each for place, each in _fields(value) if place == number and isinstance(each, memoryview))


def _text(value: int | memoryview) -> str:
    if not isinstance(value, memoryview) or len(value) > 10_000:
        raise ValueError("a name")
    return bytes(value).decode()


def _numbers(value: int | memoryview) -> list[int]:
    """One number, or several packed."""
    if isinstance(value, int):
        return [value]
    found, place = [], 0
    while place < len(value):
        number, place = _varint(value, place)
        found.append(number)
    return found


def _fields(raw: memoryview) -> Iterator[Field]:
    """Each field of a message: its number, and what it holds. Raises ``ValueError`` and ``IndexError`` for what is no message."""
    place = 0
    while place < len(raw):
        key, place = _varint(raw, place)
        value, place = _READ[key & 7](raw, place)
        yield key >> 3, value


def _varint(raw: memoryview, place: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, 70, 7):
        byte = raw[place]
        place += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number - (1 << 64) if number >> 63 else number, place
    raise ValueError("a number without end")


def _chunk(raw: memoryview, place: int) -> tuple[memoryview, int]:
    size, place = _varint(raw, place)
    return _fixed(size)(raw, place)


def _fixed(size: int) -> Callable[[memoryview, int], tuple[memoryview, int]]:
    def take(raw: memoryview, place: int) -> tuple[memoryview, int]:
        if size < 0 or place + size > len(raw):
            raise ValueError("cut short")
        return raw[place : place + size], place + size

    return take


def _no_field(_raw: memoryview, _place: int) -> tuple[memoryview, int]:
    raise ValueError("no field")


_READ: dict[int, Callable[[memoryview, int], tuple[int | memoryview, int]]] = {
    **dict.fromkeys(range(8), _no_field),
    _VARINT: _varint,
    _EIGHT: _fixed(8),
    _BYTES: _chunk,
    _FOUR: _fixed(4),
}
