"""The documentation cannot lie, continued: its links lead somewhere, and the commands, targets and files that it names exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import click
import pytest

from grace.cli.main import main as grace
from grace.matching.formats.grace_csv import read_lines
from grace.matching.formats.item import Fault
from tests.support.source import ROOT, tracked

_PAGES = [path for path in tracked(".md") if "locale" not in path.parts]
_BLOCK = re.compile(r"^[ ]*```(\w*)\n(.*?)^[ ]*```$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_PATH = re.compile(r"^(?:src|tests|docs|benchmarks)/[\w./-]+$")
_STOPS = {"|", ">", "<", "&&", "||", ";", "…"}
_MOST_README_LINES = 80
_MOST_PICTURE_BYTES = 200_000


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _prose(path: Path) -> str:
    return _BLOCK.sub("", _text(path))


def _anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", _prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def _said(path: Path) -> Iterator[tuple[str, bool]]:
    """Every command of ours that a page names, and whether it stands there to be typed as it is."""
    for _, block in _BLOCK.findall(_text(path)):
        for line in block.replace("\\\n", " ").splitlines():
            bare = line.strip().removeprefix("$ ").removeprefix(".venv/bin/")
            if bare.startswith("grace "):
                yield bare, True
    for span in _SPAN.findall(_prose(path)):
        if span.removeprefix(".venv/bin/").startswith("grace "):
            yield span.removeprefix(".venv/bin/"), False


def _faults(words: list[str], *, whole: bool) -> Iterator[str]:
    """What keeps the words after ``grace`` from being a command."""
    command: click.Command = grace
    context = click.Context(grace, info_name="grace")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        inner = command.get_command(context, words[0])
        if inner is None:
            yield f"no command {words[0]}"
            return
        command, words = inner, words[1:]
    options = {name: each for each in command.get_params(context) if isinstance(each, click.Option) for name in each.opts}
    given = {word.partition("=")[0] for word in words if word.startswith("--")}
    yield from (f"no option {name}" for name in sorted(given - options.keys()))
    if whole and "--help" not in given:
        if isinstance(command, click.Group):
            yield "a command is missing"
        yield from (f"{name} is missing" for name, each in options.items() if each.required and not given & set(each.opts))


def _words(said: str) -> list[str]:
    words = shlex.split(said, comments=True)[1:]
    return words[: next((place for place, word in enumerate(words) if word in _STOPS), len(words))]


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    wrong = []
    for link in _LINK.findall(_prose(page)):
        if "://" in link or link.startswith("mailto:"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            wrong.append(link)
    assert wrong == []


def test_every_command_that_is_named_exists() -> None:
    wrong = [
        f"{page.relative_to(ROOT)}: {said}: {fault}"
        for page in _PAGES
        for said, whole in _said(page)
        for fault in _faults(_words(said), whole=whole)
    ]
    assert wrong == []


def test_a_command_that_does_not_exist_would_be_found() -> None:
    assert list(_faults(["enlighten"], whole=False)) == ["no command enlighten"]
    assert list(_faults(["custody", "export", "x", "--to", "y"], whole=False)) == ["no option --to"]
    assert list(_faults(["custody", "export", "x", "--purpose=y"], whole=True)) == ["--recipient is missing"]


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", _text(ROOT / "Makefile"), re.MULTILINE))
    named = {span.split()[1] for page in _PAGES for span in _SPAN.findall(_text(page)) if re.match(r"make [a-z]+\b", span)}
    assert named - targets == set()


def test_every_file_of_ours_that_is_named_exists() -> None:
    named = {(page, span.rstrip("/")) for page in _PAGES for span in _SPAN.findall(_prose(page)) if _PATH.match(span)}
    assert sorted(f"{page.relative_to(ROOT)}: {span}" for page, span in named if not (ROOT / span).exists()) == []


def test_the_readme_fits_on_a_screen_or_two() -> None:
    assert len(_text(ROOT / "README.md").splitlines()) <= _MOST_README_LINES


def test_pictures_are_small() -> None:
    assert [path.name for path in (ROOT / "docs").rglob("*.png") if path.stat().st_size >= _MOST_PICTURE_BYTES] == []


def test_every_page_of_the_documentation_is_reached_from_another() -> None:
    linked = {
        (page.parent / link.partition("#")[0]).resolve() for page in _PAGES for link in _LINK.findall(_prose(page)) if "://" not in link
    }
    pages = {path for path in _PAGES if path.is_relative_to(ROOT / "docs") and "adr" not in path.parts}
    assert sorted(str(path.relative_to(ROOT)) for path in pages - linked) == []


def test_the_documented_hash_list_is_read() -> None:
    page = _text(ROOT / "docs" / "how-to" / "load-hash-lists.md")
    (block,) = [block for _, block in _BLOCK.findall(page) if block.startswith("algorithm,")]
    assert [each for each in read_lines(BytesIO(block.encode())) if isinstance(each, Fault)] == []


@pytest.mark.parametrize("name", ["tutorial/first-steps", "how-to/add-officers", "how-to/load-hash-lists", "how-to/take-documents-in"])
def test_words_of_screens_stand_on_screens(name: str) -> None:
    """On these pages what is bold and begins with a capital is what a screen says."""
    screens = "\n".join(_text(path) for path in tracked(".html", ".py") if path.is_relative_to(ROOT / "src" / "grace"))
    named = re.findall(r"\*\*([A-Z][^*]+)\*\*", _prose(ROOT / "docs" / f"{name}.md"))
    assert named
    assert [words for words in named if words not in screens] == []
