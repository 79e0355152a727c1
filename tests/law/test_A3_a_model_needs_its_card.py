"""A model and the data that it was trained on are described, or it is not taken in (AI Act, Articles 10, 11, 13 and 18)."""

from __future__ import annotations

import json

import pytest

from grace.analysis.register.passport import read_passport, write_passport
from grace.kernel.errors import Invalid
from tests.support.models import graph, passport

TEXTS = ("purpose", "limits", "training_data", "held_out_data", "licence_of_data", "trained_by")


@pytest.mark.parametrize("text", TEXTS)
def test_a_model_without_a_text_of_its_card_is_refused(text: str) -> None:
    told = json.loads(write_passport(passport(graph())))
    for wanting in ("", None):
        told["card"][text] = wanting
        with pytest.raises(Invalid, match="no passport"):
            read_passport(json.dumps(told).encode())
    del told["card"][text]
    with pytest.raises(Invalid, match="no passport"):
        read_passport(json.dumps(told).encode())


def test_a_model_without_measures_of_what_it_tells_is_refused() -> None:
    told = json.loads(write_passport(passport(graph())))
    told["card"]["slices"][0]["labels"] = told["card"]["slices"][0]["labels"][:1]
    with pytest.raises(Invalid, match="does not measure"):
        read_passport(json.dumps(told).encode())
