"""Graphs are loaded and computed behind all walls: hostile ones hurt only themselves, and nothing of one stays for the next."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

import pytest
from onnx import helper

from grace.evidence.decoding.pool import Pool
from grace.evidence.decoding.port import Limits, Model, NotDecoded, Reason, Scored
from grace.sdk.models import TextInput
from tests.support.models import MADE, graph, model_of, picture

pytest.importorskip("onnxruntime")
RED = picture((255, 0, 0))


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = Pool(1)
    yield pool
    pool.close()


def model(content: bytes, outputs: int = 3, digest: str = "") -> Model:
    return Model(digest or hashlib.sha256(content).hexdigest(), MADE, outputs, lambda: content)


def computed(pool: Pool, *models: Model, content: bytes = RED) -> tuple[Scored, ...]:
    told = pool.compute(io.BytesIO(content), models)
    assert not isinstance(told, NotDecoded), told
    return told


def test_numbers_and_the_tensor_they_came_from(pool: Pool) -> None:
    assert pool.roll().runtime.startswith("onnxruntime ")
    one, turned = computed(pool, model(graph()), model(graph(turned=True)))
    assert one.outputs == pytest.approx((20, 0, 0))
    assert turned.outputs == pytest.approx((0, 0, 20))
    assert one.tensor == turned.tensor
    assert computed(pool, model(graph())) == (one,)


def test_a_graph_that_cannot_be_loaded_fails_alone(pool: Pool) -> None:
    whole = model(graph())
    for broken in (b"", b"no graph", graph()[:60], model_of([helper.make_node("Unheard", ["picture"], ["given"])])):
        bad, good = computed(pool, model(broken), whole)
        assert (bad.failed, bad.outputs) == (Reason.ANALYSER, ())
        assert good.failed is None
    (other,) = computed(pool, model(graph(), digest="0" * 64))
    assert other.failed is Reason.ANALYSER
    (more,) = computed(pool, model(graph(), outputs=4))
    assert more.failed is not None


def test_a_graph_that_wants_all_memory_ends_at_its_limit(pool: Pool) -> None:
    import numpy as np
    from onnx import numpy_helper

    shape = numpy_helper.from_array(np.array([1, 3, 1 << 15, 1 << 15], np.int64), "s")
    nodes = [
        helper.make_node("ReduceMean", ["picture"], ["one"], axes=[2, 3], keepdims=1),
        helper.make_node("Expand", ["one", "s"], ["huge"]),
        helper.make_node("GlobalAveragePool", ["huge"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["given"]),
    ]
    told = pool.compute(io.BytesIO(RED), [model(model_of(nodes, [shape]))])
    reason = told.reason if isinstance(told, NotDecoded) else told[0].failed
    assert reason in {Reason.MEMORY, Reason.DIED, Reason.ANALYSER, Reason.TIME, Reason.DAMAGED}
    assert computed(pool, model(graph()))[0].failed is None


def test_what_the_file_is_decides_as_for_any_decoder(pool: Pool) -> None:
    (nothing,) = computed(pool, model(graph()), content=b"no picture")
    assert nothing.failed is Reason.FORMAT
    of_text = Model(hashlib.sha256(graph()).hexdigest(), TextInput("text", 64, 2, 3), 3, graph)
    (wrong,) = computed(pool, of_text, content=b"some words")
    assert wrong.failed is not None
    assert pool.compute(io.BytesIO(RED), [model(graph())], Limits(most_bytes=10)) == NotDecoded(Reason.BYTES)


def test_within_one_referral_a_graph_is_handed_over_once(pool: Pool) -> None:
    asked: list[int] = []

    def content() -> bytes:
        asked.append(1)
        return graph()

    counted = Model(hashlib.sha256(graph()).hexdigest(), MADE, 3, content)
    with pool.together():
        for _ in range(3):
            computed(pool, counted)
    assert len(asked) == 1
