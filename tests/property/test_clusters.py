from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL.Image import Image

from grace.analysis.analysers.embedding.forms import SIZE as SIZE_OF_FORMS
from grace.analysis.analysers.embedding.forms import cells
from grace.analysis.analysers.embedding.look import EVEN, LENGTH, ODD, look_at
from grace.analysis.analysers.embedding.signs import SIZE as SIZE_OF_SIGNS
from grace.analysis.clusters import near as nearness
from grace.analysis.clusters.clusters import Clusters
from grace.analysis.clusters.looks import Looks, looks
from grace.analysis.clusters.near import near, pick_slowly
from grace.analysis.clusters.over import over, over_slowly, usual
from grace.analysis.clusters.rule import BITS_OF_PDQ, LEAST_OVER, NEEDED
from grace.host import compiled
from grace.simulate.looks import Change, Look, change, show
from grace.simulate.pictures import pdq_of

Groups = set[frozenset[bytes]]


def random_looks(scenes: int, copies: int, seed: int, spread: float = 0.5) -> Looks:
    """Copies of invented scenes, some so far from each other that chains arise."""
    rng = np.random.default_rng(seed)
    middles = np.repeat(rng.normal(size=(scenes, EVEN + ODD)), copies, axis=0)
    drawn = middles + spread * rng.normal(size=middles.shape)
    scaled = np.rint(drawn * LENGTH / np.linalg.norm(drawn, axis=1)[:, None]).astype(np.int8)
    pdqs = np.repeat(rng.integers(0, 256, (scenes, 32), np.uint8), copies, axis=0) ^ (
        rng.integers(0, 256, (len(drawn), 32), np.uint8) & rng.integers(0, 256, (len(drawn), 32), np.uint8)
    )
    trust, quality = rng.integers(30, 101, len(drawn)), rng.choice([0, 60, 100], len(drawn))
    forms = np.repeat(rng.integers(0, 256, (scenes, SIZE_OF_FORMS), np.uint8), copies, axis=0)
    forms[rng.random(len(drawn)) < 0.5] = 0
    signs = np.repeat(rng.integers(0, 256, (scenes, SIZE_OF_SIGNS), np.uint8), copies, axis=0)
    signs[rng.random(len(drawn)) < 0.5] = 0
    return Looks(scaled, trust.astype(np.uint8), pdqs, quality.astype(np.uint8), forms, signs)


def groups(clusters: Clusters) -> Groups:
    found: dict[bytes, set[bytes]] = {}
    for name in clusters.stored().names:
        found.setdefault(clusters.centre(name), set()).add(name)
    return {frozenset(members) for members in found.values()}


def names_of(rows: Sequence[int]) -> list[bytes]:
    return [b"picture %d" % row for row in rows]


def added(pictures: Looks, *batches: Sequence[int]) -> Clusters:
    clusters = Clusters()
    for batch in batches:
        clusters.add(names_of(batch), pictures.of(np.array(batch, np.int64)))
    return clusters


def by_the_rule(clusters: Clusters) -> dict[bytes, bytes]:
    """The rule told plainly: by rank, each is a centre or belongs to the first centre that it is near."""
    stored = clusters.stored()
    order = clusters._by_rank(np.arange(len(stored.names)))
    asked, found = near(stored.looks, stored.looks)
    close = set(zip(asked.tolist(), found.tolist(), strict=True))
    centres: list[int] = []
    told = {}
    for row in order.tolist():
        first = next((centre for centre in centres if (row, centre) in close), row)
        if first == row:
            centres.append(row)
        told[stored.names[row]] = stored.names[first]
    return told


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), cuts=st.lists(st.integers(1, 59), max_size=6), spread=st.floats(0.2, 1.2))
def test_clusters_are_the_same_in_any_order_and_any_batches(seed: int, cuts: list[int], spread: float) -> None:
    pictures = random_looks(12, 5, seed, spread)
    order = np.random.default_rng(seed).permutation(60).tolist()
    edges = [0, *sorted({*cuts}), 60]
    pieces = [order[first:last] for first, last in itertools.pairwise(edges)]
    clusters = added(pictures, *pieces)
    told = by_the_rule(clusters)
    assert {name: clusters.centre(name) for name in told} == told
    assert groups(clusters) == groups(added(pictures, range(60)))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), gone=st.sets(st.integers(0, 59), max_size=40))
def test_what_was_removed_leaves_no_trace(seed: int, gone: set[int]) -> None:
    pictures = random_looks(12, 5, seed, 0.9)
    clusters = added(pictures, range(60))
    before = {name: clusters.centre(name) for name in names_of(range(60))}
    changed = clusters.remove(names_of(sorted(gone)))
    left = [row for row in range(60) if row not in gone]
    assert groups(clusters) == groups(added(pictures, left))
    for name in names_of(left):
        assert clusters.centre(name) == changed.get(name, before[name])


def test_a_removal_touches_its_own_cluster_only() -> None:
    pictures = random_looks(20, 4, 3, 0.2)
    clusters = added(pictures, range(80))
    centre = clusters.centre(b"picture 0")
    members = next(group for group in groups(clusters) if centre in group)
    assert clusters.remove([centre]).keys() <= members


def test_adding_tells_what_changed_and_storing_loses_nothing() -> None:
    pictures = random_looks(12, 5, 8, 0.9)
    clusters = added(pictures, range(40))
    before = {name: clusters.centre(name) for name in names_of(range(40))}
    again = Clusters(clusters.stored())
    rest = range(40, 60)
    changed = again.add(names_of(rest), pictures.of(np.array(rest)))
    now = {name: again.centre(name) for name in again.stored().names}
    assert changed == {name: centre for name, centre in now.items() if before.get(name) != centre}
    assert set(names_of(rest)) <= changed.keys()


def test_nobody_is_joined_through_a_third() -> None:
    """A row of pictures, each near the next: every member of a cluster is near its centre."""
    rng = np.random.default_rng(1)
    steps = np.cumsum(rng.normal(size=(60, EVEN + ODD)), axis=0) + 4 * rng.normal(size=EVEN + ODD)
    scaled = np.rint(steps * LENGTH / np.linalg.norm(steps, axis=1)[:, None]).clip(-127, 127).astype(np.int8)
    none = np.zeros((60, SIZE_OF_FORMS), np.uint8), np.zeros((60, SIZE_OF_SIGNS), np.uint8)
    chain = Looks(scaled, np.full(60, 100, np.uint8), np.zeros((60, 32), np.uint8), np.zeros(60, np.uint8), *none)
    clusters = added(chain, range(60))
    assert 1 < len(groups(clusters)) < 30
    stored = clusters.stored()
    for row, centre in enumerate(stored.centres.tolist()):
        assert len(near(stored.looks.of(np.array([row])), stored.looks.of(np.array([centre])))[0])


def test_a_picture_is_added_once_and_a_strange_one_cannot_go() -> None:
    pictures = random_looks(2, 2, 1)
    clusters = added(pictures, range(4))
    with pytest.raises(ValueError, match="added once"):
        clusters.add([b"picture 1"], pictures.of(np.array([1])))
    with pytest.raises(KeyError):
        clusters.remove([b"nobody"])
    with pytest.raises(ValueError, match="shapes"):
        Looks(pictures.descriptors, pictures.trust[:3], pictures.pdqs, pictures.qualities, pictures.forms, pictures.signs)
    assert clusters.add([], looks([], [], [], [])) == {}


@pytest.mark.skipif(not compiled.AVAILABLE, reason="numba is missing")
def test_both_loops_tell_the_same_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = random_looks(300, 8, 5, 0.8)
    told = near(pictures, pictures)
    monkeypatch.setattr(nearness, "usual", lambda: pick_slowly)
    slowly = near(pictures, pictures)
    assert len(told[0]) > len(pictures)
    assert all((one == other).all() for one, other in zip(told, slowly, strict=True))


@pytest.mark.skipif(not compiled.AVAILABLE, reason="numba is missing")
def test_pictures_laid_over_each_other_are_told_alike_by_both_loops() -> None:
    shown = [forms_of(image) for scene in range(3) for image in _copies(scene)[::4]]
    ones, others = (np.array(side) for side in zip(*itertools.product(shown, shown), strict=True))
    told, slowly = (np.empty(len(ones), np.int64) for _ in range(2))
    usual()(cells(ones), cells(others), told)
    over_slowly(cells(ones), cells(others), slowly)
    assert (told == slowly).all()


def test_a_picture_lies_over_its_copies_and_over_its_mirror_image_only_where_that_is_said() -> None:
    image, *copies = _copies(3)
    one, others = forms_of(image), np.array([forms_of(copy) for copy in copies])
    mirrored = np.array([how is Change.MIRRORED for how in Change])
    ones = np.repeat(one[None], len(others), axis=0)
    assert (over(ones, others, mirrored) >= LEAST_OVER[0]).sum() >= len(others) - 1
    assert over(ones[mirrored], others[mirrored], np.zeros(1, np.bool_)) < LEAST_OVER[0]
    strangers = np.array([forms_of(show(Look.PHOTO, "clusters", scene)) for scene in range(20, 30)])
    assert (over(np.repeat(one[None], 10, axis=0), strangers, np.zeros(10, np.bool_)) < LEAST_OVER[1]).all()


def test_pages_have_no_forms() -> None:
    """Another page of text would lie over them as well."""
    assert not forms_of(show(Look.DOCUMENT, "clusters", 1)).any()


def test_a_page_with_more_or_less_paper_around_it_is_the_same_page() -> None:
    """Its PDQ is another's; what stands within its margins stays."""
    pages = [show(Look.DOCUMENT, "clusters", scene) for scene in range(8)]
    changed = [change(page, how, "clusters") for how in (Change.BORDERED, Change.CROPPED) for page in pages]
    both = looks(*zip(*(described(image) for image in (*pages, *changed)), strict=True))
    asked, found = near(both.of(np.arange(8)), both)
    assert {*zip(asked.tolist(), found.tolist(), strict=True)} <= {(page, page + more) for page in range(8) for more in (0, 8, 16)}
    assert len(asked) > 8 + 12


def described(image: Image) -> tuple[bytes, int, bytes, int]:
    pixels = np.asarray(image)
    return *look_at(pixels), *pdq_of(pixels)


def forms_of(image: Image) -> npt.NDArray[np.uint8]:
    return np.frombuffer(look_at(np.asarray(image))[0][EVEN + ODD :][:SIZE_OF_FORMS], np.uint8)


def test_the_rule_asks_for_more_the_more_bits_differ() -> None:
    assert (np.diff(NEEDED[4:], axis=1) >= 0).all()
    assert (np.diff(NEEDED, axis=0)[[0, 1, 2, 4, 5, 6]] <= 0).all()
    assert (NEEDED[4:, : BITS_OF_PDQ + 1] == NEEDED.min()).all()


def test_copies_of_pictures_find_each_other_and_no_other_scene() -> None:
    images = [(scene, image) for scene in range(25) for image in _copies(scene)]
    pictures = looks(*zip(*(described(image) for _, image in images), strict=True))
    clusters = added(pictures, range(len(images)))
    centres = clusters.stored().centres
    truth = np.array([scene for scene, _ in images])
    together, same = centres[:, None] == centres, truth[:, None] == truth
    np.fill_diagonal(together, val=False)
    np.fill_diagonal(same, val=False)
    assert (together & same).sum() / together.sum() > 0.98
    assert (together & same).sum() / same.sum() > 0.9


def _copies(scene: int) -> list[Image]:
    image = show(Look.PHOTO, "clusters", scene)
    return [image, *(change(image, how, scene) for how in Change)]
