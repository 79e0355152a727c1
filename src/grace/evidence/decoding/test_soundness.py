from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from grace.evidence.decoding import soundness
from grace.evidence.decoding.layers import ALL, Layer, Walls, unpacked
from grace.evidence.decoding.pool import Pool
from grace.evidence.decoding.port import Printed
from grace.evidence.decoding.testing import fractal, written
from grace.evidence.decoding.tools import LAUNCHER, NAMES, Away, Here, Tools
from grace.evidence.decoding.zygote import Start, Zygote
from grace.host import environment
from grace.host.checks import Grade
from grace.kernel.errors import Unavailable

WITHOUT_SECCOMP: Start = partial(Zygote, layers=ALL & ~Layer.SECCOMP)


@contextmanager
def pool(*, strict: bool, start: Start) -> Iterator[Pool]:
    made = Pool(1, is_strict=lambda: strict, start=start)
    yield made
    made.close()


@pytest.mark.parametrize("walls", [Walls(ALL, 7), Walls(Layer(0)), Walls(Layer.SECCOMP | Layer.LANDLOCK, 1)])
def test_what_stands_fits_into_a_number(walls: Walls) -> None:
    assert unpacked(walls.packed()) == walls


def test_each_wall_is_told_of(tmp_path: Path) -> None:
    found = {each.about: each for each in soundness.check_walls(environment.read({"GRACE_HOME": str(tmp_path)}))}
    assert set(found) == {f"decoding, {layer}" for layer in ("namespaces", "limits", "landlock", "seccomp")}
    assert all(each.grade is Grade.GOOD or each.mend for each in found.values())


@pytest.mark.parametrize(("setting", "grade"), [("no", Grade.NOTE), ("yes", Grade.BAD)])
def test_a_missing_wall_is_told_with_a_remedy(tmp_path: Path, setting: str, grade: Grade) -> None:
    read = environment.read({"GRACE_HOME": str(tmp_path), "GRACE_DECODING_STRICT": setting})
    (found,) = (each for each in soundness.check_walls(read, WITHOUT_SECCOMP) if each.about == "decoding, seccomp")
    assert found.grade is grade
    assert "missing" in found.says
    assert "x86-64" in found.mend


@pytest.mark.parametrize(("version", "says"), [(1, "no file; from Linux 6.7"), (5, "no TCP; from Linux 6.12"), (8, "no signal")])
def test_older_versions_of_landlock_are_told_apart(version: int, says: str) -> None:
    assert says in soundness._found(Layer.LANDLOCK, Walls(ALL, version), is_strict=False).says


def test_a_program_that_does_not_start_is_bad(tmp_path: Path) -> None:
    start = partial(Zygote, program=("grace.no.such.program",))
    (found,) = soundness.check_walls(environment.read({"GRACE_HOME": str(tmp_path)}), start)
    assert found.grade is Grade.BAD


def test_with_a_wall_missing_decoding_goes_on() -> None:
    with pool(strict=False, start=WITHOUT_SECCOMP) as made:
        assert isinstance(made.fingerprint(written(fractal())), Printed)
        assert made.walls().missing is Layer.SECCOMP


def test_or_refuses_where_the_setting_is_strict() -> None:
    with pool(strict=True, start=WITHOUT_SECCOMP) as made:
        for _ in range(2):
            with pytest.raises(Unavailable, match=re.escape("this machine lacks seccomp")):
                made.fingerprint(io.BytesIO(b"GIF89a"))
            with pytest.raises(Unavailable, match=re.escape("this machine lacks seccomp")):
                made.roll()
        assert made.walls().missing is Layer.SECCOMP


def test_strict_asks_for_no_more_than_all_walls() -> None:
    with pool(strict=True, start=Zygote) as made:
        if made.walls().missing:
            pytest.skip(f"this machine lacks {made.walls().missing!r}")
        assert isinstance(made.fingerprint(written(fractal())), Printed)


def tools(roll: dict[str, Here | Away], layers: Layer = ALL) -> Tools:
    made = Tools(start=partial(Zygote, 2 << 30, layers=layers, program=LAUNCHER))
    made._roll = roll
    return made


def test_each_external_program_is_told_of(tmp_path: Path) -> None:
    read = environment.read({"GRACE_HOME": str(tmp_path)})
    found = list(soundness.check_tools(read))
    assert {each.about for each in found} == set(NAMES)
    assert all(each.grade is Grade.GOOD or each.mend for each in found)


def test_a_program_that_is_away_is_told_with_what_is_not_done_and_how_to_get_it(tmp_path: Path) -> None:
    read = environment.read({"GRACE_HOME": str(tmp_path)})
    away: dict[str, Here | Away] = {"tesseract": Away("tesseract is not installed", "apt install tesseract-ocr")}
    (found,) = soundness.check_tools(read, lambda: tools(away))
    assert (found.grade, found.mend) == (Grade.NOTE, "apt install tesseract-ocr")
    assert found.says == "tesseract is not installed: text in pictures is not read"


def test_a_program_that_cannot_run_behind_its_walls_is_bad(tmp_path: Path) -> None:
    read = environment.read({"GRACE_HOME": str(tmp_path)})
    (found,) = soundness.check_tools(read, lambda: tools({"invented": Here("1", "")}))
    assert found.grade is Grade.BAD
