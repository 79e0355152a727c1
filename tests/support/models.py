"""Models for tests: a graph of a few numbers that tells how red, green and blue a picture is, its passport, its folder."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from grace.agencies.identity import own
from grace.analysis.analysers.classifier.tensors import of_text
from grace.analysis.register.folder import GRAPH, PASSPORT, SIGNATURES, signed
from grace.analysis.register.passport import Card, Counts, GraphFile, Label, Measured, Passport, Privacy, Slice, Temperature, write_passport
from grace.sdk.analysis import Text
from grace.sdk.models import PictureInput, TextInput

COLOURS = ("red", "green", "blue")
MADE = PictureInput("picture", 8, "stretch", "nchw", (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
OF_TEXTS = TextInput("text", 4096, 3, 3)
UNSIGNED = b'{"signatures": []}'


def graph(sharpness: float = 20.0, *, turned: bool = False) -> bytes:
    """The mean of each channel times a number; ``turned`` gives red for blue and blue for red."""
    weights = np.eye(3, dtype=np.float32) * np.float32(sharpness)
    nodes = [
        helper.make_node("GlobalAveragePool", ["picture"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        helper.make_node("Gemm", ["flat", "w"], ["given"], transB=1),
    ]
    return model_of(nodes, [numpy_helper.from_array(weights[::-1].copy() if turned else weights, "w")])


def model_of(nodes: Sequence[Any], tensors: Sequence[Any] = (), shape: Sequence[Any] = MADE.shape, outputs: int = 3, **more: Any) -> bytes:
    """An ONNX file of these nodes."""
    doors = [
        helper.make_tensor_value_info("picture", TensorProto.FLOAT, shape),
        helper.make_tensor_value_info("given", TensorProto.FLOAT, [1, outputs]),
    ]
    made = helper.make_graph(list(nodes), "test", doors[:1], doors[1:], list(tensors))
    model = helper.make_model(made, **({"opset_imports": [helper.make_opsetid("", 17)]} | more))
    model.ir_version = 8
    content: bytes = model.SerializeToString()
    assert onnx.load_from_string(content)
    return content


def graph_of_texts(sharpness: float = 40.0, *, turned: bool = False) -> bytes:
    """How many of the pieces of a colour's name, times a number, are in a text; ``turned`` gives red for blue and blue for red."""
    weights = np.concatenate([of_text(Text("", each), OF_TEXTS) for each in COLOURS]) * np.float32(sharpness)
    nodes = [helper.make_node("Gemm", ["picture", "w"], ["given"], transB=1)]
    return model_of(nodes, [numpy_helper.from_array(weights[::-1].copy() if turned else weights, "w")], OF_TEXTS.shape)


def passport(
    content: bytes, version: str = "1", name: str = "colours", threshold: float = 0.8, made: PictureInput | TextInput = MADE
) -> Passport:
    """A passport with everything that it needs."""
    labels = tuple(Label(each, f"colour.{each}", f"mostly {each}", threshold, "as the test likes it") for each in COLOURS)
    measured = tuple(Measured(each, Counts(90, 3, 10, 197)) for each in COLOURS)
    card = Card(
        purpose="To test.",
        limits="Knows three colours.",
        training_data="None.",
        held_out_data="Invented counts.",
        licence_of_data="Apache-2.0",
        trained_by="nobody",
        calibration_error=0.01,
        privacy=Privacy(None, None, "no personal data"),
        slices=(Slice("all", "everything", measured), Slice("small", "small ones", measured[:1])),
    )
    return Passport(
        "grace-model-passport",
        1,
        name,
        version,
        datetime(2026, 11, 26, tzinfo=UTC),
        "Apache-2.0",
        "normal",
        GraphFile(hashlib.sha256(content).hexdigest(), len(content)),
        made,
        Temperature("temperature", 1.0),
        "test-colours",
        labels,
        card,
    )


def write_folder(path: Path, content: bytes | None = None, *, sign: bool = True, **about: Any) -> Path:
    """A model's folder, signed by this installation."""
    content = graph() if content is None else content
    raw = write_passport(passport(content, **about))
    path.mkdir(parents=True)
    (path / GRAPH).write_bytes(content)
    (path / PASSPORT).write_bytes(raw)
    (path / SIGNATURES).write_bytes(signed(raw, UNSIGNED, own()) if sign else UNSIGNED)
    return path


def picture(colour: tuple[int, int, int], number: int = 0) -> bytes:
    """A picture of one colour as a file, other bytes for each number."""
    image = Image.new("RGB", (40 + number, 30), colour)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def changed(path: Path, **entries: Any) -> None:
    """Change entries of a passport in a folder, without signing it again."""
    told = json.loads((path / PASSPORT).read_bytes())
    (path / PASSPORT).write_text(json.dumps(told | entries), encoding="utf-8")


def with_labels(told: Passport, **about: Any) -> Passport:
    """The passport with its first label changed."""
    return replace(told, labels=(replace(told.labels[0], **about), *told.labels[1:]))
