"""The rooms of the house: each says what it is for, and a few keep out of others whatever the layers allow."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.support.source import ROOT, files_of, imports_of, layers, tree_of

ROOMS = sorted(path.parent.name for path in (ROOT / "src" / "grace").glob("*/__init__.py"))
FILE_ROOMS = ("grace.evidence", "grace.matching")


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_is_for(room: str) -> None:
    said = ast.get_docstring(tree_of(ROOT / "src" / "grace" / room / "__init__.py"))
    assert said
    assert len(said) > 20


def test_every_room_has_its_layer() -> None:
    known = {room for line in layers() for room in line} | {"simulate"}
    assert set(ROOMS) <= known


def test_federation_touches_no_file() -> None:
    touching = [f"{path}: {name}" for path in files_of("src/grace/federation") for name in imports_of(path) if name.startswith(FILE_ROOMS)]
    assert touching == []


@pytest.mark.parametrize("words", [["--version"], ["parse", "--help"]])
def test_the_command_line_starts_without_django(words: list[str]) -> None:
    if words[0] == "parse" and not (ROOT / "src" / "grace" / "cli" / f"{words[0]}.py").exists():
        pytest.skip("this group is not there")
    program = f"import sys; sys.argv = ['grace', *{words!r}]\ntry:\n import grace.cli.main as m; m.main()\nfinally:\n print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT / "src")
    assert done.stdout.splitlines()[-1] == "False", done.stdout + done.stderr
