from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from grace.analysis.analysers.picture import ANALYSER
from grace.analysis.analysers.picture.colours import NAMES, coarse_colours, dominant
from grace.sdk.analysis import Finding, Picture
from grace.sdk.signals import Basis
from grace.sdk.testing import AnalyserContract, gradient

KINDS = "picture.kind"


class TestPicture(AnalyserContract):
    analyser = ANALYSER
    subjects = (gradient(200, 300), Picture(512, 1, bytes(1536)))


def said(image: Image.Image) -> dict[str, Finding]:
    seen = ANALYSER.examine(Picture(*image.size, image.convert("RGB").tobytes()))
    return {one.kind: one for one in seen if isinstance(one, Finding)}


def test_colours_are_named_with_their_shares() -> None:
    image = Image.new("RGB", (100, 100), "white")
    image.paste((200, 30, 30), (0, 0, 100, 30))
    colours = said(image)["picture.colours"]
    assert (colours.value, colours.basis) == ("white, red", Basis.OBSERVED)
    assert colours.facts == {"white": "0.70", "red": "0.30"}


@pytest.mark.parametrize(("name", "colour"), [(name, colour) for name, colours in NAMES.items() for colour in colours])
def test_each_colour_has_its_own_name(name: str, colour: tuple[int, int, int]) -> None:
    assert dominant(coarse_colours(*(np.full((4, 4), level, np.uint8) for level in colour))) == ((name, 1.0),)


def test_an_empty_picture_has_a_quality_and_no_kind() -> None:
    found = said(Image.new("RGB", (100, 100), (90, 90, 90)))
    assert found["picture.quality"].value == "empty"
    assert KINDS not in found
