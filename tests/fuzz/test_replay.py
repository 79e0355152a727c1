"""The kept corpus again: every document that a hunt found worth keeping, every finding of earlier days, and a few fresh changes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from grace.custody.verify_ledger import verify
from tests.fuzz import campaign, taking, targets
from tests.fuzz.ground import KNOWN
from tests.fuzz.keep import LARGEST, MOST, is_nobodys
from tests.fuzz.mutators.hand import Hand, by_accident
from tests.support.jobs import run_due_jobs
from tests.support.ledgers import SIGNER, exported
from tests.support.people import make_unit

SEED, CHANGES, DOCUMENTS, BATCH = 27, 25, 240, 40
ALL = pytest.mark.parametrize("target", targets.TARGETS, ids=targets.names())


@pytest.fixture(autouse=True)
def _listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator's list of passwords, as in a hunt."""
    (tmp_path / "listed").write_text(KNOWN)
    monkeypatch.setenv("GRACE_PASSWORDS_FILE", str(tmp_path / "listed"))


def kept(name: str) -> list[Path]:
    return sorted((campaign.KEPT / name).glob("*"))


@ALL
def test_the_kept_corpus(target: targets.Target) -> None:
    assert kept(target.name)
    for path in kept(target.name):
        try:
            target.feed(path.read_bytes())
        except Exception as error:
            raise AssertionError(path) from error


@ALL
def test_fresh_changes(target: targets.Target) -> None:
    """Seeded: the same in each run."""
    dice, seeds = random.Random(SEED), target.seeds()
    hand = Hand(dice, sorted(target.words()), seeds, by_accident(dice))
    for _ in range(CHANGES):
        content = target.change(dice.choice(seeds), hand)
        try:
            target.feed(content)
        except Exception as error:
            raise AssertionError(content[:2000]) from error


@ALL
def test_what_is_kept_is_small_and_nobody_s(target: targets.Target) -> None:
    contents = [path.read_bytes() for path in kept(target.name)]
    assert sum(map(len, contents)) <= 2 * MOST
    assert max(map(len, contents)) <= 4 * LARGEST
    assert all(is_nobodys(content) for content in contents)


def test_the_corpus_through_the_whole_intake(committed_db: None) -> None:
    taker = taking.Taker(make_unit("Harbour Unit").id)
    for some in batches():
        taker.take(some)
    assert [(why, name, content[:200]) for why, (name, content) in taker.wrong] == []
    assert taker.outcomes.total() == DOCUMENTS
    assert len(taker.outcomes) == 4
    run_due_jobs()
    assert verify(exported(), [SIGNER.key.public_key()]).entries > len(taker.documents)


def batches() -> Iterator[list[taking.Handed]]:
    coming = taking.documents(campaign.KEPT, random.Random(SEED))
    return (list(islice(coming, BATCH)) for _ in range(DOCUMENTS // BATCH))
