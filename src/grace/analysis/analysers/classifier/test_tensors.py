from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest

from grace.analysis.analysers.classifier.runtime import NO_REPORTS, OnnxRuntime
from grace.analysis.analysers.classifier.tensors import of_picture, tensor_of
from grace.sdk.analysis import Picture, Sound, Text
from grace.sdk.models import PictureInput, TextInput
from grace.sdk.testing_runtimes import RuntimeContract
from tests.support.models import MADE, graph

PLAIN = PictureInput("picture", 8, "pad", "nhwc", (0.5, 0.25, 0.0), (0.5, 0.5, 0.5))


def test_a_picture_is_brought_to_size_and_measured_channel_by_channel() -> None:
    pixels = np.zeros((4, 16, 3), np.uint8)
    pixels[:, :, 0] = 255
    given = of_picture(pixels, PLAIN)
    assert given.shape == PLAIN.shape == (1, 8, 8, 3)
    assert given.dtype == np.float32
    assert given[0, 4, 4].tolist() == [1.0, -0.5, 0.0]
    assert not given[0, :3].any()
    assert not given[0, 5:].any()
    stretched = of_picture(pixels, MADE)
    assert stretched.shape == (1, 3, 8, 8)
    assert np.allclose(stretched[0, 0], 1)
    assert np.allclose(stretched[0, 1:], 0)


def test_a_text_is_counted_by_its_pieces() -> None:
    made = TextInput("text", 64, 2, 3)
    one, same, other = (tensor_of(Text("", text), made) for text in ("Harbour  AT night", "harbour at\nnight", "a quiet garden"))
    assert one.shape == made.shape
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert float(np.linalg.norm(one)) == pytest.approx(1)
    assert not tensor_of(Text("", ""), made).any()
    for odd in ("\ud800", "\0", "e\u0301"):
        assert np.isfinite(tensor_of(Text("", odd), made)).all()


def test_other_subjects_are_refused() -> None:
    with pytest.raises(TypeError):
        tensor_of(Sound(16_000, b""), MADE)
    with pytest.raises(TypeError):
        tensor_of(Picture(1, 1, b"\0\0\0"), TextInput("text", 64, 2, 3))
    with pytest.raises(ValueError, match="bytes"):
        tensor_of(Picture(2, 2, b"\0"), MADE)


@pytest.mark.skipif(find_spec("onnxruntime") is None, reason="the extra is not installed")
class TestOnnxRuntime(RuntimeContract):
    runtime = OnnxRuntime()
    content = graph()
    made = MADE
    outputs = 3
    subject = Picture(10, 10, bytes([255, 0, 0] * 100))

    def test_the_numbers_are_the_graphs(self) -> None:
        self.runtime.warm_up()
        assert self.runtime.load(graph(), MADE, 3).compute(self.subject).outputs == pytest.approx((20, 0, 0))


def test_a_runtime_that_was_not_warmed_up_loads_nothing() -> None:
    with pytest.raises(ValueError, match="warmed up"):
        OnnxRuntime().load(graph(), MADE, 3)


def test_the_library_that_would_call_home_is_told_not_to_before_it_is_loaded() -> None:
    """Told so it starts no thread of its own, which is what would report."""
    pytest.importorskip("onnxruntime")
    program = "import os; from grace.analysis.analysers.classifier.runtime import RUNTIME; RUNTIME.warm_up(); print(len(os.listdir('/proc/self/task')))"
    alone = {name: value for name, value in os.environ.items() if name != NO_REPORTS} | {"OPENBLAS_NUM_THREADS": "1"}
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, env=alone, timeout=120)
    assert told.stdout.strip() == b"1"
