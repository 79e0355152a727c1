from __future__ import annotations

import pytest
from PIL import Image

from grace.analysis.analysers.picture import ANALYSER
from grace.sdk.analysis import Finding, Picture
from grace.sdk.signals import Basis
from grace.simulate.looks import Look, show

KINDS = "picture.kind"


def said(image: Image.Image) -> dict[str, Finding]:
    seen = ANALYSER.examine(Picture(*image.size, image.convert("RGB").tobytes()))
    return {one.kind: one for one in seen if isinstance(one, Finding)}


@pytest.mark.parametrize("look", Look)
def test_it_tells_the_kind_of_most_pictures(look: Look) -> None:
    found = [said(show(look, "picture", number)).get(KINDS) for number in range(12)]
    told = [one for one in found if one]
    assert sum(one.value == look for one in told) >= 10
    assert all(one.basis is Basis.MODEL and one.confidence is not None and one.confidence >= 0.5 for one in told)


def test_blur_and_darkness_are_told() -> None:
    photo = show(Look.PHOTO, "picture", 1)
    assert said(photo.resize((40, 30)).resize((512, 384), Image.Resampling.BICUBIC))["picture.quality"].value == "blurred"
    assert said(photo.point(lambda level: level // 4))["picture.quality"].value in {"dark", "flat"}
    assert said(show(Look.DOCUMENT, "picture", 1))["picture.quality"].value == "good"
