"""The external programs as they are installed here: run behind their walls, asked by analysers through the decoder. Those that are absent are skipped."""

from __future__ import annotations

import io
import os
import unicodedata
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from functools import partial

import pytest
from PIL import Image

from grace.analysis.analysers.deep_metadata import ANALYSER as DEEP
from grace.analysis.analysers.metadata.analyser import ANALYSER as METADATA
from grace.evidence.decoding.layers import ALL, Layer
from grace.evidence.decoding.pool import Pool
from grace.evidence.decoding.port import Limits, NotDecoded, Reason
from grace.evidence.decoding.tools import LAUNCHER, NAMES, Away, Here, Output, Tools
from grace.evidence.decoding.zygote import Zygote
from grace.kernel.errors import Unavailable
from grace.sdk.analysis import Content, Finding
from tests.support.file_kinds.planted import with_exif, with_other_forms
from tests.support.hostile import documents, jpegs, others, pictures
from tests.support.written_pictures import LANGUAGES, WITHOUT_TEXT, Written, chat, fonts, page, without_text

PNM = b"P5\n40 20\n255\n" + b"\xff" * 800


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    tools = Tools()
    yield tools
    tools.close()


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = Pool(1)
    yield pool
    pool.close()


def needs(tools: Tools, name: str) -> None:
    found = tools.roll()[name]
    if isinstance(found, Away):
        pytest.skip(f"{found.why}: {found.remedy}")


def test_each_is_here_or_it_is_said_how_to_get_it(tools: Tools) -> None:
    for name, found in tools.roll().items():
        assert name in NAMES
        if isinstance(found, Here):
            assert found.version
            assert len(found.digest) == 64
        else:
            assert found.remedy.startswith("apt install ")


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_behind_the_walls_and_says_the_same_twice(tools: Tools, name: str) -> None:
    needs(tools, name)
    task, content = {"exiftool": ("tags", next(with_exif()).content), "tesseract": ("Greek", PNM)}[name]
    first = tools.run(name, task, content)
    assert isinstance(first, Output), first
    again = tools.run(name, task, content)
    assert isinstance(again, Output)
    assert first.content == again.content
    assert first.milliseconds > 0


def test_what_is_not_known_or_not_asked_rightly_is_a_verdict(tools: Tools) -> None:
    needs(tools, "exiftool")
    assert tools.run("perl", "tags", b"x") == NotDecoded(Reason.ANALYSER)
    assert tools.run("exiftool", "-config", b"x") == NotDecoded(Reason.ANALYSER)


def test_the_clock_and_the_processor_are_limited(tools: Tools) -> None:
    needs(tools, "tesseract")
    chance = os.urandom(1 << 20)
    noise = b"P5\n4096 4096\n255\n" + chance * 16
    assert tools.run("tesseract", "Latin", noise, seconds=0.5) == NotDecoded(Reason.TIME)
    assert tools.run("tesseract", "Latin", noise, cpu_seconds=1) == NotDecoded(Reason.TIME)


def test_with_a_wall_missing_it_is_refused_where_the_setting_is_strict() -> None:
    tools = Tools(lambda: True, partial(Zygote, 2 << 30, layers=ALL & ~Layer.LANDLOCK, program=LAUNCHER))
    needs(tools, "exiftool")
    with pytest.raises(Unavailable, match="lacks"):
        tools.run("exiftool", "tags", b"x")
    tools.close()


def test_the_launcher_may_die(tools: Tools) -> None:
    needs(tools, "exiftool")
    assert tools._launcher is not None
    tools._launcher._process.kill()
    tools._launcher._process.wait()
    assert isinstance(tools.run("exiftool", "tags", b"GIF89a"), Output)


def of(seen: object) -> set[tuple[str, str]]:
    assert isinstance(seen, tuple)
    kinds = DEEP.info.gives.keys() - {"tag"}
    return {(each.kind, each.value) for each in seen if isinstance(each, Finding) and each.kind in kinds}


def test_what_was_planted_comes_back_as_from_our_own_reader(tools: Tools, pool: Pool) -> None:
    """In the same kinds and words, so that the findings of both agree."""
    needs(tools, "exiftool")
    missing = {}
    for planted in [*with_exif(), *with_other_forms()]:
        told = pool.analyse(io.BytesIO(planted.content), "image/jpeg", ["deep_metadata"], Limits())
        assert not isinstance(told, NotDecoded)
        (verdict,) = told
        assert verdict.failed is None
        assert verdict.milliseconds > 20
        ours = of(METADATA.examine(Content("", planted.content)))
        if away := ours - of(verdict.seen):
            missing[planted.name] = away
    assert missing == {}


def lines_of(pool: Pool, picture: Image.Image) -> list[Finding]:
    content = io.BytesIO()
    picture.save(content, "PNG")
    content.seek(0)
    told = pool.analyse(content, "image/png", ["text_in_pictures"], Limits(seconds=60.0))
    assert not isinstance(told, NotDecoded), told
    assert told[0].failed is None, told[0].failed
    return [each for each in told[0].seen if isinstance(each, Finding)]


@pytest.mark.parametrize("make", [page, chat])
@pytest.mark.parametrize("script", LANGUAGES)
def test_text_is_read_in_its_script(tools: Tools, pool: Pool, script: str, make: Callable[[str, str, int], Written]) -> None:
    """One font here; the error rates over many are the benchmark's."""
    needs(tools, "tesseract")
    if "DejaVuSans.ttf" not in fonts():
        pytest.skip("the font DejaVu Sans is not installed: apt install fonts-dejavu-core")
    written = make(script, "DejaVuSans.ttf", 22)
    lines = [each for each in lines_of(pool, written.picture) if each.kind == "writing"]
    read, truth = (unicodedata.normalize("NFKC", " ".join(text)) for text in ([each.value for each in lines], written.lines))
    assert SequenceMatcher(None, read, truth, autojunk=False).ratio() > 0.97
    assert {each.facts["script"] for each in lines} == {script}
    places = [tuple(float(share) for share in each.where.removeprefix("box:").split(",")) for each in lines]
    assert [top for _, top, _, _ in places] == sorted(top for _, top, _, _ in places)
    assert all(left >= 0 and left + width <= 1.0001 and top + height <= 1.0001 for left, top, width, height in places)


@pytest.mark.parametrize("name", WITHOUT_TEXT)
def test_where_there_is_no_text_none_is_read(tools: Tools, pool: Pool, name: str) -> None:
    needs(tools, "tesseract")
    assert lines_of(pool, without_text(name)) == []


def test_an_analyser_of_which_the_program_is_absent_is_left_out_and_named(pool: Pool) -> None:
    pool._tools._roll = {"exiftool": Away("exiftool is not installed", "apt install libimage-exiftool-perl")}
    pool._roll = None
    roll = pool.roll()
    assert "deep_metadata" not in roll.loaded
    assert "deep_metadata (exiftool is not installed)" in roll.left_out
    pool._tools._roll, pool._roll = None, None
    found = pool._tools.roll()["exiftool"]
    if isinstance(found, Here):
        assert pool.roll().loaded["deep_metadata"].model_digest == found.digest


@pytest.mark.timeout(900)
@pytest.mark.parametrize("every", [12, pytest.param(1, marks=pytest.mark.soak)])
def test_exiftool_bears_hostile_files_behind_its_walls(tools: Tools, every: int) -> None:
    """Each gets an answer or a reason; none makes it try what is forbidden, which would be a call that the list lacks."""
    needs(tools, "exiftool")
    told: dict[str, list[str]] = {}
    for file in [file for family in (pictures, jpegs, others, documents) for file in family.files()][::every]:
        made = tools.run("exiftool", "tags", file.content)
        told.setdefault("told" if isinstance(made, Output) else str(made.reason), []).append(file.name)
    print({reason: len(names) for reason, names in told.items()}, {reason: names for reason, names in told.items() if reason != "told"})
    assert str(Reason.FORBIDDEN) not in told, told
    assert isinstance(tools.run("exiftool", "tags", b"GIF89a"), Output)
