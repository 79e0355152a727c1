from __future__ import annotations

from grace.analysis.analysers.embedding import ANALYSER
from grace.analysis.analysers.embedding.forms import SIZE as FORMS
from grace.analysis.analysers.embedding.look import EVEN, ODD
from grace.analysis.analysers.embedding.signs import SIZE as SIGNS
from grace.sdk.analysis import Fingerprint, Picture
from grace.sdk.testing import AnalyserContract, gradient


class TestEmbedding(AnalyserContract):
    analyser = ANALYSER
    subjects = (gradient(200, 300), Picture(9, 200, bytes(9 * 200 * 3)), Picture(200, 1, bytes(range(200)) * 3))


def test_it_is_one_fingerprint_of_at_most_a_kilobyte() -> None:
    (seen,) = ANALYSER.examine(gradient())
    assert isinstance(seen, Fingerprint)
    assert len(seen.value) == EVEN + ODD + FORMS + SIGNS <= 1024
