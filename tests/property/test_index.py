"""The index finds exactly what comparing everything with everything finds: on even and on skewed values, whatever was changed before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grace.host.compiled import AVAILABLE
from grace.kernel.errors import Unavailable
from grace.matching.index import delta, layout, loops, segment
from grace.matching.index import store as stores
from grace.matching.index.engine import NUMPY, Engine, warm
from grace.matching.index.layout import NEAR, Bits, Ids
from grace.matching.index.store import Store, Writer

ENGINES = [
    pytest.param(NUMPY, id="numpy"),
    pytest.param(loops, id="compiled", marks=pytest.mark.skipif(not AVAILABLE, reason="numba is missing")),
]


@given(st.sets(st.integers(0, 255), max_size=NEAR))
def test_whatever_31_bits_change_one_block_and_the_one_behind_it_tell(changed: set[int]) -> None:
    differs = [sum(bit // layout.BLOCK_BITS == block for bit in changed) for block in range(layout.BLOCKS)]
    assert any(differs[block - 1] <= 1 and differs[block - 1] + differs[block] <= layout.PAIR for block in range(layout.BLOCKS))


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_scattering_keeps_distances(one: bytes, other: bytes) -> None:
    values = np.frombuffer(one + other, np.uint8).reshape(2, 32)
    words = np.empty((2, 4), np.uint64)
    NUMPY.scatter(values, layout.SCATTER, words)
    assert np.bitwise_count(words[0] ^ words[1]).sum() == np.bitwise_count(values[0] ^ values[1]).sum()


def _flipped(value: Bits, bits: int, random: np.random.Generator) -> Bits:
    raised = np.unpackbits(value)
    raised[random.choice(256, bits, replace=False)] ^= 1
    return np.packbits(raised)


def _even(random: np.random.Generator, rows: int) -> Bits:
    return random.integers(0, 256, (rows, 32), np.uint8)


def _skewed(random: np.random.Generator, rows: int) -> Bits:
    """Near-duplicates of few pictures, flat pictures whose fingerprints are nearly empty, and one fingerprint again and again."""
    centres = _even(random, 50)[random.integers(0, 50, rows)]
    noise = np.packbits(random.random((rows, 256)) < 0.06, axis=1)
    values = centres ^ noise
    flat = rows // 8
    values[:flat] = np.packbits(random.random((flat, 256)) < 0.02, axis=1)
    values[flat : 2 * flat] = values[0]
    return values


@dataclass(frozen=True)
class Corpus:
    """An index of many rows in blocks, some of them removed, some in deltas; and what it should hold."""

    store: Store
    values: Bits
    ids: Ids

    def brute(self, asked: Bits, limit: int) -> set[tuple[int, int]]:
        apart = np.bitwise_count(self.values.view(np.uint64) ^ asked.view(np.uint64)).sum(axis=1, dtype=np.int64)
        near = np.flatnonzero(apart <= limit)
        return set(zip(self.ids[near].tolist(), apart[near].tolist(), strict=True))


@pytest.fixture(scope="module", params=["even", "skewed"])
def corpus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    random = np.random.default_rng(7)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segment, "BLOCKED", 10_000)
        patch.setattr(stores, "BULK", 10_000)
        yield _filled(random, {"even": _even, "skewed": _skewed}[request.param](random, 60_000), tmp_path_factory.mktemp("index"))


def _filled(random: np.random.Generator, values: Bits, folder: Path) -> Corpus:
    ids = random.permutation(len(values)).astype(np.int64)
    store = Store(folder, "pdq")
    words = store.words_of(values)
    late = 1_000
    with store.writing() as writer:
        writer.add(words[late:], ids[late:])
        writer.add(words[:late], ids[:late])
        gone = random.choice(len(ids), 5_000, replace=False)
        assert writer.remove(words[gone], ids[gone]) == len(gone)
    kept = np.setdiff1d(np.arange(len(ids)), gone)
    return Corpus(store, np.ascontiguousarray(values[kept]), ids[kept])


def test_every_distance_is_found(corpus: Corpus) -> None:
    random = np.random.default_rng(11)
    assert any(part.blocks for part in corpus.store.view().segments)
    for distance in range(NEAR + 1):
        for start in corpus.values[random.integers(0, len(corpus.values), 3)]:
            asked = _flipped(start, distance, random)
            hits = corpus.store.near([asked.tobytes()])
            told = list(zip(hits.ids.tolist(), hits.distances.tolist(), strict=True))
            assert len(told) == len(set(told))
            assert set(told) == corpus.brute(asked, NEAR)
            assert (np.diff(hits.distances.astype(int)) >= 0).all()


@given(changed=st.sets(st.integers(0, 255), max_size=NEAR), place=st.integers(0, 54_999))
@settings(deadline=None, max_examples=100)
def test_whichever_bits_differ_the_value_is_found(corpus: Corpus, changed: set[int], place: int) -> None:
    """Hypothesis crowds the differing bits in few blocks, where chance would spread them."""
    raised = np.unpackbits(corpus.values[place])
    raised[list(changed)] ^= 1
    hits = corpus.store.near([np.packbits(raised).tobytes()])
    assert (int(corpus.ids[place]), len(changed)) in set(zip(hits.ids.tolist(), hits.distances.tolist(), strict=True))


def test_less_and_more_than_31_bits_can_be_asked_for(corpus: Corpus) -> None:
    asked = corpus.values[5]
    for limit in (0, 10, 40):
        hits = corpus.store.near([asked.tobytes()], limit)
        assert set(zip(hits.ids.tolist(), hits.distances.tolist(), strict=True)) == corpus.brute(asked, limit)


def test_many_questions_at_once_get_the_answers_of_each(corpus: Corpus) -> None:
    random = np.random.default_rng(12)
    asked = [_flipped(corpus.values[random.integers(len(corpus.values))], place % 40, random).tobytes() for place in range(150)]
    hits = corpus.store.near(asked)
    for place, each in enumerate(asked):
        one = corpus.store.near([each])
        assert [part.tolist() for part in hits.of(place)] == [one.ids.tolist(), one.distances.tolist()]


def test_exact_values_are_found(corpus: Corpus) -> None:
    hits = corpus.store.find([each.tobytes() for each in corpus.values[:50]])
    for place, value in enumerate(corpus.values[:50]):
        assert set(hits.of(place)[0].tolist()) == {entry for entry, _ in corpus.brute(value, 0)}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    found: Engine = request.param
    return found


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deltas of a few rows, so that a few changes make segments and merges."""
    monkeypatch.setattr(delta, "CAPACITY", 8)
    monkeypatch.setattr(delta, "_SLOTS", 32)
    monkeypatch.setattr(stores, "BULK", 20)


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.lists(st.integers(0, 5), min_size=1, max_size=30)),
        st.tuples(st.just("remove"), st.lists(st.integers(0, 40), min_size=1, max_size=10)),
        st.tuples(st.just("merge"), st.just([])),
        st.tuples(st.just("compact"), st.just([])),
        st.tuples(st.just("again"), st.just([])),
    ),
    max_size=12,
)


@given(changes=CHANGES, kind=st.sampled_from(sorted(stores.WIDTHS)), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_changed_it_holds_what_a_plain_table_holds(
    small: None, engine: Engine, tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, list[int]]], kind: str, seed: int
) -> None:
    plain = Plain(Store(tmp_path_factory.mktemp("index"), kind, engine), np.random.default_rng(seed))
    reader = Store(plain.store.folder, kind, engine)
    for what, numbers in changes:
        with plain.store.writing() as writer:
            getattr(plain, what)(writer, numbers)
        asked = [value.tobytes() for value in plain.several]
        wanted = [sorted(entry for entry, place in plain.held.items() if place == each) for each in range(len(asked))]
        found = [reader.find(asked), reader.near(asked)] if kind == "pdq" else [reader.find(asked)]
        for hits in found:
            assert [sorted(hits.of(place)[0].tolist()) for place in range(len(asked))] == wanted
    assert plain.store.check() == []


class Plain:
    """A table of entries, and the index that should hold the same."""

    def __init__(self, store: Store, random: np.random.Generator) -> None:
        self.store = store
        self.several = random.integers(0, 256, (6, stores.WIDTHS[store.kind]), np.uint8)
        self.held: dict[int, int] = {}
        self.last: list[tuple[int, int]] = []
        self._number = count()

    def add(self, writer: Writer, numbers: list[int]) -> None:
        self.last = [(next(self._number), place) for place in numbers]
        self.held |= dict(self.last)
        self._put(writer, self.last)

    def again(self, writer: Writer, _: list[int]) -> None:
        """As after a crash between the change of the index and the note of it."""
        self._put(writer, [(entry, place) for entry, place in self.last if entry in self.held])

    def remove(self, writer: Writer, numbers: list[int]) -> None:
        gone = [entry for entry in dict.fromkeys(numbers) if entry in self.held]
        places = [self.held.pop(entry) for entry in gone]
        assert writer.remove(self.store.words_of(self.several[places]), np.array(gone, np.int64)) == len(gone)

    def merge(self, writer: Writer, _: list[int]) -> None:
        while writer.merge():
            pass

    def compact(self, writer: Writer, _: list[int]) -> None:
        writer.compact()

    def _put(self, writer: Writer, pairs: list[tuple[int, int]]) -> None:
        places, entries = [place for _, place in pairs], [entry for entry, _ in pairs]
        writer.add(self.store.words_of(self.several[places]), np.array(entries, np.int64))


@pytest.mark.skipif(not AVAILABLE, reason="numba is missing")
def test_the_two_engines_give_the_same_blocks() -> None:
    words = Store(Path(), "pdq", NUMPY).words_of(_skewed(np.random.default_rng(3), 4_000))
    mine, other = (segment._blocks(words, engine) for engine in (NUMPY, loops))
    assert [each.tobytes() for each in mine] == [each.tobytes() for each in other]


@pytest.mark.skipif(not AVAILABLE, reason="numba is missing")
def test_no_question_waits_for_a_compiler(corpus: Corpus) -> None:
    """All that the fixture and these questions used was compiled ahead: it asks for nothing that warm() did not name."""
    warm()
    before = {
        name: list(getattr(loops, name).signatures)
        for name in ("scatter", "scan", "nearest", "find", "latest", "hanging", "link", "count_keys", "place_rows")
    }
    corpus.store.near([bytes(32)])
    corpus.store.near([bytes(32)], 60)
    corpus.store.find([bytes(32)])
    with corpus.store.writing() as writer:
        writer.add(corpus.store.words([bytes(32)]), np.array([1 << 40]))
        writer.remove(corpus.store.words([bytes(32)]), np.array([1 << 40]))
        writer.compact()
    for name, known in before.items():
        assert list(getattr(loops, name).signatures) == known, name


def test_what_is_damaged_is_told(tmp_path: Path) -> None:
    store = Store(tmp_path, "md5")
    values = np.random.default_rng(1).integers(0, 256, (stores.BULK, 16), np.uint8)
    with store.writing() as writer:
        writer.add(store.words_of(values), np.arange(len(values)))
    (folder,) = tmp_path.glob("segment-*")
    with (folder / "words.bin").open("r+b") as stream:
        stream.seek(100)
        stream.write(b"x")
    assert store.check() == [folder.name]
    with (folder / "ids.bin").open("r+b") as stream:
        stream.truncate(80)
    with pytest.raises(Unavailable, match="rebuild"):
        Store(tmp_path, "md5").find([bytes(16)])
    (folder / "about.json").write_text("{}")
    with pytest.raises(Unavailable, match="rebuild"):
        Store(tmp_path, "md5").find([bytes(16)])
