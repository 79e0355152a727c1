"""The weights by which ``grace.identifiers.in_text.weighed`` knows names, fitted to the spent sets; what they are worth on a set left out.

    python benchmarks/fit_names.py [FOLDER]     (FOLDER: where to write weights.toml and heard.txt)

Every text of the shape of a name that has a service in its reach is a row; it is a name where a label says so. Rows come from the sets of
``bench_freetext.py`` whose errors have been seen, and from the texts of the extractor's own tests, where what the rules find is right. Each set
in turn is left out, the weights are fitted to all else, and the table says what they make of it: **alone** (every row of the set, whether a
rule finds it or not) and **added** (rows that no rule finds). It flatters: tests were written after the errors of the older sets had been seen,
and which traits there are, what is no row and where the mark stands was chosen with these sets in view. A set that nobody has seen decides.

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
import numpy.typing as npt
import pytest

import grace.identifiers.find as finder
from grace.identifiers.in_text import handles, spellings
from grace.identifiers.in_text.hits import Hit
from grace.identifiers.in_text.mentions import mentions
from grace.identifiers.in_text.nears import Around
from grace.identifiers.in_text.traits import candidates, traits
from grace.identifiers.in_text.views import seen
from grace.identifiers.in_text.weighed import weighed
from grace.identifiers.in_text.words import bare
from tests.support.snippets import FOLDERS, snippets

UNSPENT = {"twelfth"}
"""Sets whose errors nobody has used: their README says when that ends."""
SPENT = [name for name in FOLDERS if name not in UNSPENT]
TESTS = "tests"
LONGEST = 1_500
SHRINKING, LEAST_ROWS, SMALLEST = 1.0, 5, 0.02
STEPS, STEPS_FROM_NEAR = 12, 4
_WORD = re.compile(r"(?<![\w@#.])[^\W\d_]{2,}(?![\w@]|\.\w)")
MARKS = (0.0, 0.5, 1.0, 1.25, 1.5, 2.0, 3.0)
MARK = 1.25
OF_NOBODY = 4.0
"""How often a row counts that a text of the tests says is no name: people thought of each for what it looks like."""
HEAD = """# What each trait of a text weighs where it is asked whether it is a name at a service (`traits.py`, `weighed.py`). Written by
# benchmarks/fit_names.py from the spent sets of labelled texts; not to be changed by hand. A weight can make a text a name, nothing else.

[mark]
least = {mark}

[weights]
"""

Numbers = npt.NDArray[np.float64]
Place = tuple[int, int]


class Row(NamedTuple):
    """A text that may be a name: where it was read, whether it is one, whether a rule finds it, its traits."""

    read_in: str
    is_name: bool
    is_ruled: bool
    traits: list[str]


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


def words_of(name: str) -> set[str]:
    """The words in small letters that the texts of a set say where nothing is labelled."""
    told: set[str] = set()
    for each in snippets(name):
        taken = [(label.start, label.end) for label in each.identifiers]
        found = [found for found in _WORD.finditer(each.text) if found[0].islower() and not overlaps(found.span(), taken)]
        told |= {bare(word[0]) for word in found}
    return told


def all_rows() -> list[Row]:
    """The rules alone tell what is ruled, and what stands in a text of their tests."""
    told = sorted(texts_of_tests(), key=str)
    rows: list[Row] = []
    with nothing_weighed():
        for name in SPENT:
            with hearing(other for other in SPENT if other != name):
                for each in snippets(name):
                    labels = [(label.start, label.end) for label in each.identifiers if label.kind == "handle"]
                    rows += rows_of(name, each.text, each.region, labels)
        with hearing(SPENT):
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


def fitted(table: Numbers, truth: Numbers, counts: Numbers, near: Numbers | None = None) -> Numbers:
    """Logistic regression by Newton's method, from weights that are near if there are any, each row counted so often.

    Weights are shrunk, the last (of every row) is not.
    """
    weights, shrinking = np.zeros(table.shape[1]) if near is None else near, np.full(table.shape[1], SHRINKING)
    shrinking[-1] = 0.01
    for _ in range(STEPS if near is None else STEPS_FROM_NEAR):
        said = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (counts * (said - truth)) + shrinking * weights
        bend = (table * (counts * said * (1 - said) + 1e-6)[:, None]).T @ table + np.diag(shrinking)
        weights = weights - np.linalg.solve(bend, slope)
    return weights


def tabled(rows: Sequence[Row]) -> tuple[list[str], Numbers]:
    counts = Counter(trait for row in rows for trait in row.traits)
    names = sorted(trait for trait, count in counts.items() if count >= LEAST_ROWS)
    at = {trait: place for place, trait in enumerate(names)}
    table = np.zeros((len(rows), len(names) + 1))
    table[:, -1] = 1
    for place, row in enumerate(rows):
        table[place, [at[trait] for trait in row.traits if trait in at]] = 1
    return names, table


def counted(rows: Sequence[Row]) -> Numbers:
    return np.array([OF_NOBODY if row.read_in == TESTS and not row.is_name else 1.0 for row in rows])


def report(rows: Sequence[Row], table: Numbers, truth: Numbers, near: Numbers) -> None:
    """What the weights make of each set that they have not seen, by the mark."""
    read_in = np.array([row.read_in for row in rows])
    is_ruled = np.array([row.is_ruled for row in rows])
    counts, scores = counted(rows), np.full(len(rows), -np.inf)
    for name in SPENT:
        others, own = read_in != name, read_in == name
        scores[own] = table[own] @ fitted(table[others], truth[others], counts[others], near)
    is_of_sets, newest = read_in != TESTS, SPENT[-1]
    print(f"{int(is_of_sets.sum())} rows of the sets, {int((~is_of_sets).sum())} of tests, {table.shape[1] - 1} traits\n")
    print(f"mark   alone, each set left out: precision  recall  false | added to {newest}: true  false | added to the others: true  false")
    for mark in MARKS:
        told = is_of_sets & (scores > mark)
        added = [truth[told & ~is_ruled & where] for where in (read_in == newest, read_in != newest)]
        print(
            f"{mark:4.2f} {truth[told].mean():33.3f} {truth[told].sum() / truth[is_of_sets].sum():9.3f} {int((1 - truth[told]).sum()):6} |"
            f" {int(added[0].sum()):21} {int((1 - added[0]).sum()):6} | {int(added[1].sum()):22} {int((1 - added[1]).sum()):6}"
        )


def wrapped(every: Iterable[str]) -> str:
    return "\n".join(textwrap.wrap(" ".join(every), 160)) + "\n"


def main() -> None:
    rows = all_rows()
    names, table = tabled(rows)
    truth = np.array([float(row.is_name) for row in rows])
    told = fitted(table, truth, counted(rows))
    report(rows, table, truth, told)
    if len(sys.argv) > 1:
        weights = dict(zip([*names, "any"], told, strict=True))
        lines = [f'"{name}" = {weight:.2f}' for name, weight in sorted(weights.items()) if abs(weight) >= SMALLEST]
        folder = Path(sys.argv[1])
        folder.joinpath("weights.toml").write_text(HEAD.format(mark=MARK) + "\n".join(lines) + "\n", encoding="utf-8")
        folder.joinpath("heard.txt").write_text(wrapped(sorted(set[str]().union(*map(words_of, SPENT)))), encoding="utf-8")


if __name__ == "__main__":
    main()
