from __future__ import annotations

import random
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from grace.analysis.analysers.text_in_pictures import ANALYSER, lines, reading
from grace.analysis.analysers.text_in_pictures.page import lay
from grace.sdk.analysis import Finding, Picture
from grace.sdk.testing import AnalyserContract, mutate


@pytest.fixture(autouse=True, scope="module")
def warm() -> None:
    """Languages are told by an analyser that loads its model late."""
    ANALYSER.warm_up()


TEXTS = ("Write to kite@example.org", "before nine in the morning")
HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"


def drawn(*texts: str, size: int = 24, behind: str = "white", letters: str = "black") -> Image.Image:
    """The texts one below the other, in the font that comes with Pillow."""
    picture = Image.new("RGB", (640, 40 + 2 * size * len(texts)), behind)
    draw = ImageDraw.Draw(picture)
    for number, text in enumerate(texts):
        draw.text((30, 20 + 2 * size * number), text, font=ImageFont.load_default(size), fill=letters)
    return picture


def picture_of(image: Image.Image) -> Picture:
    return Picture(image.width, image.height, image.tobytes())


def grey(image: Image.Image) -> lines.Plane:
    return np.asarray(image.convert("L"))


def rows(content: bytes, texts: tuple[str, ...], sureness: int) -> bytes:
    """What Tesseract would write of a page on which these texts stand one below the other."""
    page = lay(grey(drawn(*TEXTS)), lines.find(grey(drawn(*TEXTS))))
    assert content == page.written()
    told = [HEAD, "1\t1\t0\t0\t0\t0\t0\t0\t640\t200\t-1\t"]
    for place, text in zip(page.places, texts, strict=True):
        for number, word in enumerate(text.split()):
            told.append(f"5\t1\t1\t1\t1\t{number}\t{24 + 90 * number}\t{place.top + 9}\t80\t24\t{sureness}.5\t{word}")
    return "\n".join(told).encode()


class TestTextInPictures(AnalyserContract):
    analyser = ANALYSER
    subjects = (picture_of(drawn(*TEXTS)),)

    def ask(self, program: str, task: str, content: bytes, /) -> bytes:
        assert program == "tesseract"
        return rows(content, TEXTS, 95)


@pytest.mark.parametrize(("behind", "letters"), [("white", "black"), ("#0b141a", "#e9edef"), ("#007aff", "white"), ("#dcf8c6", "#303030")])
@pytest.mark.parametrize("size", [14, 24, 40])
def test_lines_are_found_on_any_ground(size: int, behind: str, letters: str) -> None:
    found = lines.find(grey(drawn(*TEXTS[1:], "after the rain", size=size, behind=behind, letters=letters)))
    assert len(found) == 2
    for number, line in enumerate(found):
        assert 20 <= line.left <= 30 + size
        assert 20 + 2 * size * number <= line.top < line.bottom <= 20 + 2 * size * (number + 1)
        assert line.shapes >= 8


def test_a_page_is_black_on_white_whatever_the_picture_was() -> None:
    for behind, letters in (("black", "white"), ("white", "black")):
        image = grey(drawn(*TEXTS, behind=behind, letters=letters))
        page = lay(image, lines.find(image))
        assert page.grey[0, 0] == 255
        assert 0.02 < (page.grey < 100).mean() < 0.4
        assert (np.frombuffer(page.written(page.places).split(b"255\n", 1)[1], np.uint8) == 255).all()


def test_a_box_of_the_page_is_told_in_shares_of_the_picture() -> None:
    seen = ANALYSER.examine(picture_of(drawn(*TEXTS)), lambda _program, _task, content: rows(content, TEXTS, 95))
    first, second = (each for each in seen if isinstance(each, Finding) and each.kind == "writing")
    assert (first.value, second.value) == TEXTS
    assert first.confidence == pytest.approx(0.955)
    left, top, _, height = (float(share) for share in first.where.removeprefix("box:").split(","))
    assert 0.02 < left < 0.08
    assert 0.1 < top < 0.3
    assert 0.05 < height < 0.3


def test_what_stands_in_a_line_is_told_with_its_place_and_as_an_estimate() -> None:
    seen = ANALYSER.examine(picture_of(drawn(*TEXTS)), lambda _program, _task, content: rows(content, TEXTS, 95))
    told = {each.kind: each for each in seen if isinstance(each, Finding)}
    assert told["identifier.email"].value == "kite@example.org"
    assert told["identifier.email"].where == next(each for each in seen if isinstance(each, Finding) and each.kind == "writing").where
    assert told["text.language"].value == "en"
    assert {str(each.basis) for each in told.values()} == {"model"}


@pytest.mark.parametrize(("latin", "greek", "script"), [(95, 0, "Latin"), (45, 92, "Greek")])
def test_the_script_is_that_of_the_surest_model(latin: int, greek: int, script: str) -> None:
    asked = []

    def ask(_program: str, task: str, content: bytes, /) -> bytes:
        asked.append(task)
        return rows(content, TEXTS, {"Latin": latin, "Greek": greek, "Cyrillic": 30}[task])

    seen = ANALYSER.examine(picture_of(drawn(*TEXTS)), ask)
    assert {each.facts["script"] for each in seen if isinstance(each, Finding) and each.kind == "writing"} == {script}
    assert asked == (["Latin"] if script == "Latin" else ["Latin", "Greek", "Cyrillic"])


def test_what_no_model_is_sure_of_is_not_told() -> None:
    def unsure(_program: str, _task: str, content: bytes, /) -> bytes:
        return rows(content, TEXTS, 35)

    assert ANALYSER.examine(picture_of(drawn(*TEXTS)), unsure) == ()


def test_where_nothing_stands_in_rows_nobody_is_asked() -> None:
    def nobody(_program: str, _task: str, _content: bytes, /) -> bytes:
        raise AssertionError

    for image in (
        Image.new("RGB", (300, 200), "grey"),
        Image.linear_gradient("L").convert("RGB"),
        Image.radial_gradient("L").convert("RGB"),
    ):
        assert ANALYSER.examine(picture_of(image), nobody) == ()


def test_an_address_in_a_line_of_other_letters_keeps_its_own() -> None:
    greek = [
        reading.Word("γράψε", 0.9, 0, 0, 50, 20),
        reading.Word("κ1τε@εχαηρίε", 0.4, 60, 0, 160, 20),
        reading.Word("τώρα", 0.7, 170, 0, 200, 20),
    ]
    latin = [
        reading.Word("ypàpe", 0.5, 0, 0, 50, 20),
        reading.Word("kite@example.org", 0.9, 60, 0, 160, 20),
        reading.Word("twpa", 0.8, 170, 0, 200, 20),
    ]
    assert [word.text for word in reading.with_names(greek, latin)] == ["γράψε", "kite@example.org", "τώρα"]


def test_letters_are_spelt_as_people_write() -> None:
    table = f"{HEAD}\n5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t90\t\u03c3\u03ae\u00b5\u03b5\u1f01\n5\t1\t1\t1\t1\t2\t9\t0\t9\t9\t90\tﬁne\u200b\n"
    assert [word.text for word in reading.words_of(table.encode())] == ["\u03c3\u03ae\u03bc\u03b5\u03b1", "fine"]


@pytest.mark.parametrize("written", [f"{HEAD}\n1\t2", f"{HEAD}\n5\t1\t1\t1\t1\t1\tx\t0\t9\t9\t90\tword"])
def test_what_is_not_its_form_cannot_be_read(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        reading.words_of(written.encode())


def test_a_captured_tesseract_is_borne() -> None:
    chance, picture = random.Random(7), picture_of(drawn(*TEXTS))
    for _ in range(200):
        with suppress(ValueError):
            ANALYSER.examine(picture, lambda _program, _task, content: mutate(rows(content, TEXTS, 95), chance))
