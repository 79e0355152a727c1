from __future__ import annotations

import random

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from grace.analysis.register.graph import look_through
from grace.kernel.errors import Invalid
from tests.support.models import graph, model_of

RELU = helper.make_node("Relu", ["picture"], ["given"])


def test_a_plain_graph_is_looked_through() -> None:
    looked = look_through(graph())
    assert looked.operators == ("Flatten", "Gemm", "GlobalAveragePool")
    assert (looked.parameters, looked.opset) == (9, 17)
    assert (looked.taken.name, looked.taken.sides) == ("picture", (1, 3, 8, 8))
    assert (looked.given.name, looked.given.sides) == ("given", (1, 3))


def refused(content: bytes, why: str) -> None:
    with pytest.raises(Invalid, match="not taken") as refusal:
        look_through(content)
    assert why in refusal.value.message


@pytest.mark.parametrize("operator", ["Loop", "If", "Scan", "RandomNormal", "SequenceMap", "StringNormalizer", "Optional"])
def test_operators_that_are_not_on_the_list(operator: str) -> None:
    refused(model_of([helper.make_node(operator, ["picture"], ["given"])]), f"operator {operator}")


def test_operators_of_other_domains() -> None:
    node = helper.make_node("Relu", ["picture"], ["given"], domain="com.example")
    refused(model_of([node]), "not on the list")
    refused(model_of([RELU], opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.example", 1)]), "another domain")
    refused(model_of([RELU], opset_imports=[helper.make_opsetid("", 3)]), "versions")


def test_functions_and_graphs_inside_nodes() -> None:
    function = helper.make_function(
        "com.example", "F", ["a"], ["b"], [helper.make_node("Relu", ["a"], ["b"])], [helper.make_opsetid("", 17)]
    )
    refused(model_of([RELU], functions=[function]), "functions")
    inner = helper.make_graph([RELU], "inner", [], [])
    refused(model_of([helper.make_node("Relu", ["picture"], ["given"], body=inner)]), "a node holds a graph")


def test_tensors_in_other_files_and_tensors_that_lie() -> None:
    outside = numpy_helper.from_array(np.zeros(9, np.float32), "w")
    outside.data_location = TensorProto.EXTERNAL
    entry = outside.external_data.add()
    entry.key, entry.value = "location", "../../etc/passwd"
    model = onnx.load_from_string(graph())
    model.graph.initializer[0].CopyFrom(outside)
    refused(model.SerializeToString(), "another file")
    model = onnx.load_from_string(graph())
    model.graph.initializer[0].dims[:] = [100_000, 100_000]
    refused(model.SerializeToString(), "smaller than it says")
    model.graph.initializer[0].dims[:] = [-3, -3]
    refused(model.SerializeToString(), "smaller than it says")


def test_other_doors() -> None:
    two = onnx.load_from_string(graph())
    two.graph.input.add().CopyFrom(helper.make_tensor_value_info("more", TensorProto.FLOAT, [1]))
    refused(two.SerializeToString(), "one input")
    whole = onnx.load_from_string(graph())
    whole.graph.input[0].type.tensor_type.elem_type = TensorProto.INT64
    refused(whole.SerializeToString(), "32-bit floats")


@pytest.mark.parametrize("content", [b"", b"\x00", b"\xff" * 100, b"PK\x03\x04", b"\x3a\xff\xff\xff\xff\xff\xff\xff\xff\x7f", b"\x08" * 5])
def test_what_is_no_graph(content: bytes) -> None:
    with pytest.raises(Invalid):
        look_through(content)


def test_two_thousand_mutants_get_an_answer() -> None:
    """Each is looked through or refused, and nothing else happens."""
    dice, whole = random.Random(20261126), graph()
    for _ in range(2000):
        mutant = bytearray(whole)
        for _ in range(dice.randint(1, 6)):
            mutant[dice.randrange(len(mutant))] = dice.randrange(256)
        if dice.random() < 0.3:
            mutant = mutant[: dice.randrange(len(mutant))]
        try:
            look_through(bytes(mutant))
        except Invalid:
            continue
