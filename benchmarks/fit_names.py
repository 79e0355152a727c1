"""The trees by which ``grace.identifiers.in_text.weighed`` knows names, fitted to the spent sets; what they are worth on a set left out.

    python benchmarks/fit_names.py [FOLDER]     (FOLDER: where to write trees.txt and heard.txt)

Every text of the shape of a name that has a service in its reach is a row; it is a name where a label says so. Rows come from the sets of
``bench_freetext.py`` whose errors have been seen, from the texts of the extractor's own tests, where what the rules find is right, and from
``names_own``, texts that the extractor's author wrote for the fit, with ``{service name}`` where a name stands. Each set in turn is left out, the
trees are fitted to all else, and the table says what the extractor makes of it. It flatters: rules, tests and own texts were written after the
errors of the sets had been seen, and traits, the shape of the trees and the mark were chosen with them in view. A set that nobody has seen decides.

What words running texts say (``heard.txt``) is taken from the spent sets too, less what is labelled in them. The rows of a set are read with the words of
the other sets alone, so that no word counts as heard because it stands in the very text.
"""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

os.environ["OPENBLAS_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
import pytest
from bench_freetext import Tally, ours, score
from trees import Table, boosted

import grace.identifiers.find as finder
import grace.identifiers.in_text.weighed as told_trees
from grace.identifiers.in_text import handles, spellings
from grace.identifiers.in_text.hits import Hit
from grace.identifiers.in_text.mentions import mentions
from grace.identifiers.in_text.nears import Around
from grace.identifiers.in_text.traits import candidates, traits
from grace.identifiers.in_text.views import seen
from grace.identifiers.in_text.weighed import weighed
from grace.identifiers.in_text.words import bare
from tests.support.snippets import FOLDERS, snippets

UNSPENT = {"fourteenth"}
"""Sets whose errors nobody has used: their README says when that ends."""
SPENT = [name for name in FOLDERS if name not in UNSPENT]
TESTS, OWN = "tests", "own"
_OWN = Path(__file__).with_name("names_own")
_LABEL = re.compile(r"\{(?:\S+) (?P<name>[^}]+)\}")
LONGEST = 1_500
LEAST_ROWS = 4
_WORD = re.compile(r"(?<![\w@#.])[^\W\d_]{2,}(?![\w@]|\.\w)")
OF_NOBODY = 3.0
"""How often a row counts that a text of the tests says is no name: people thought of each for what it looks like."""
MARKS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
HEAD = """# Trees that ask for the traits of a text where it is asked whether it is a name at a service (`traits.py`, `weighed.py`): what the nodes ask
# for, the root first, and what the leaves add in thousandths. Written by benchmarks/fit_names.py; not to be changed by hand.
"""
NOTHING = "-"

Place = tuple[int, int]


class Text(NamedTuple):
    """A text with the places of everything that is labelled in it, and of names."""

    text: str
    region: str | None
    labels: list[Place]
    names: list[Place]


class Row(NamedTuple):
    """A text that may be a name: where it was read, whether it is one, whether a rule finds it, its traits."""

    read_in: str
    is_name: bool
    is_ruled: bool
    traits: set[str]


def rows_of(read_in: str, text: str, region: str | None, labels: Sequence[Place]) -> Iterator[Row]:
    """The rows of a text, given where names stand in it."""
    found = finder.find(text, region=region)
    hits = [Hit(each.start, each.end, each.normal, each.service) for each in found if each.service]
    taken = [(each.start, each.end) for each in found if not each.service]
    shown = seen(text)
    around = Around(shown, list(mentions(shown)), hits)
    for each in candidates(around):
        place = each.span()
        if not overlaps(place, taken):
            told, _ = traits(around, each)
            yield Row(read_in, overlaps(place, labels), overlaps(place, [(hit.start, hit.end) for hit in hits]), told)


def overlaps(place: Place, others: Iterable[Place]) -> bool:
    return any(start < place[1] and place[0] < end for start, end in others)


def texts_of_tests() -> set[tuple[str, str | None]]:
    """Every short text that the extractor's tests search, by running them."""
    texts: set[tuple[str, str | None]] = set()
    find = finder.find

    class Listening:
        def pytest_configure(self) -> None:
            def noting(text: str, *, region: str | None = None, most: int | None = None) -> tuple[finder.Found, ...]:
                if len(text) < LONGEST:
                    texts.add((text, region))
                return find(text, region=region, most=most)

            finder.find = noting

    folder = Path(finder.__file__).parent
    own = folder / "test_find_weighed*.py"  # what only weights find must not be called false
    pytest.main(["-q", "--no-header", "-p", "no:cacheprovider", f"--ignore-glob={own}", str(folder)], plugins=[Listening()])
    finder.find = find
    return texts


@cache
def texts(name: str) -> list[Text]:
    """The texts of a set, or those that the extractor's author wrote for the fit."""
    if name == OWN:
        return [unmarked(line.replace("\\n", "\n")) for file in sorted(_OWN.glob("*.txt")) for line in lines_of(file)]
    return [
        Text(
            each.text,
            each.region,
            [(label.start, label.end) for label in each.identifiers],
            [(label.start, label.end) for label in each.identifiers if label.kind == "handle"],
        )
        for each in snippets(name)
    ]


def lines_of(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("# ")]


def unmarked(line: str) -> Text:
    """A text of ``{service name}`` without its marks, and where its names stand."""
    text, names, last = "", list[Place](), 0
    for found in _LABEL.finditer(line):
        text += line[last : found.start()] + found["name"]
        names.append((len(text) - len(found["name"]), len(text)))
        last = found.end()
    return Text(text + line[last:], None, names, names)


def words_of(name: str) -> set[str]:
    """The words in small letters that the texts of a set say where nothing is labelled."""
    told: set[str] = set()
    for each in texts(name):
        found = [found for found in _WORD.finditer(each.text) if found[0].islower() and not overlaps(found.span(), each.labels)]
        told |= {bare(word[0]) for word in found}
    return told


def all_rows() -> list[Row]:
    """The rules alone tell what is ruled, and what stands in a text of their tests."""
    told = sorted(texts_of_tests(), key=str)
    rows: list[Row] = []
    with nothing_weighed():
        for name in [*SPENT, OWN]:
            with hearing(other for other in [*SPENT, OWN] if other != name):
                for each in texts(name):
                    rows += rows_of(name, each.text, each.region, each.names)
        with hearing([*SPENT, OWN]):
            for text, region in told:
                names = [(hit.start, hit.end) for hit in finder.find(text, region=region) if hit.service]
                rows += rows_of(TESTS, text, region, names)
    return rows


@contextmanager
def hearing(names: Iterable[str]) -> Iterator[None]:
    """Nothing but the words of these sets is heard, and those written by hand."""
    told = spellings.ordinary().union(*map(words_of, names))
    usual, spellings.heard = spellings.heard, cache(lambda: told)
    _forget()
    try:
        yield
    finally:
        spellings.heard = usual
        _forget()


def _forget() -> None:
    for each in (spellings.known_stretches, spellings.is_heard, spellings.unheard):
        each.cache_clear()


@contextmanager
def nothing_weighed() -> Iterator[None]:
    """The rules alone find names."""
    told = handles.FINDERS
    handles.FINDERS = tuple(each for each in told if each is not weighed)
    yield
    handles.FINDERS = told


def tabled(rows: Sequence[Row]) -> tuple[list[str], Table]:
    """The traits that enough rows have, and which row has which."""
    counts = Counter(trait for row in rows for trait in row.traits)
    names = sorted(trait for trait, count in counts.items() if count >= LEAST_ROWS)
    at = {trait: place for place, trait in enumerate(names)}
    return names, Table([[at[trait] for trait in row.traits if trait in at] for row in rows], len(names))


def counted(row: Row) -> float:
    return OF_NOBODY if row.read_in == TESTS and not row.is_name else 1.0


def fitted(rows: Sequence[Row], table: Table, names: Sequence[str], left_out: str = "") -> tuple[told_trees.Tree, ...]:
    """The trees that all rows but those of one set make, as the product reads them."""
    kept = np.array([row.read_in != left_out for row in rows])
    truth = np.array([float(row.is_name) for row in rows])[kept]
    asked = np.array([*names, NOTHING])
    return tuple(
        (tuple(map(str, asked[tree.asks])), tuple(round(float(each), 3) for each in tree.adds))
        for tree in boosted(table.of(kept), truth, np.array([counted(row) for row in rows])[kept])
    )


def report(rows: Sequence[Row], table: Table, names: Sequence[str]) -> None:
    """What the extractor makes of each set when trees and words have not seen it, at each mark."""
    print(f"{len(rows)} rows, {sum(row.read_in in SPENT for row in rows)} of them of the sets; {table.width} traits\n")
    print("names at services of a set that was left out: missed, false, at the mark of")
    print("set        labels " + " ".join(f"{mark:9.2f}" for mark in MARKS))
    every: dict[float, list[Tally]] = {mark: [] for mark in MARKS}
    for name in SPENT:
        trees = fitted(rows, table, names, name)
        with hearing(other for other in [*SPENT, OWN] if other != name), grown(trees):
            for mark in MARKS:
                told_trees.MARK = mark
                every[mark].append(score(ours(), snippets(name), placed=True, errors=[])[0]["handle"])
        last = [every[mark][-1] for mark in MARKS]
        print(f"{name:10} {last[0].labels:6} " + " ".join(f"{each.labels - each.hits:4} {each.false:4}" for each in last), flush=True)
    for mark, tallies in every.items():
        labels, hits, false = (sum(getattr(each, what) for each in tallies) for what in ("labels", "hits", "false"))
        print(f"at {mark:5.2f}: precision {hits / (hits + false):.4f}, recall {hits / labels:.4f} over all sets")


@contextmanager
def grown(trees: tuple[told_trees.Tree, ...]) -> Iterator[None]:
    """These trees weigh, and no others."""
    usual, mark = told_trees.trees, told_trees.MARK
    told_trees.trees = cache(lambda: trees)
    yield
    told_trees.trees, told_trees.MARK = usual, mark


def wrapped(every: Iterable[str]) -> str:
    return "\n".join(textwrap.wrap(" ".join(every), 160)) + "\n"


def main() -> None:
    rows = all_rows()
    names, table = tabled(rows)
    if len(sys.argv) > 1:
        folder = Path(sys.argv[1])
        lines = [f"{' '.join(asks)}|{' '.join(f'{1000 * each:.0f}' for each in adds)}" for asks, adds in fitted(rows, table, names)]
        folder.joinpath("trees.txt").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
        folder.joinpath("heard.txt").write_text(wrapped(sorted(set[str]().union(*map(words_of, [*SPENT, OWN])))), encoding="utf-8")
    report(rows, table, names)


if __name__ == "__main__":
    main()
