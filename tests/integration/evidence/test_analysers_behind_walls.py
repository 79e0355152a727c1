"""The analysers of content say the same behind the walls of the decoding program as outside: they need no file, no network, no more time."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator

import pytest

from grace.analysis.analysers.file_type.analyser import ANALYSER as FILE_TYPE
from grace.analysis.analysers.metadata.analyser import ANALYSER as METADATA
from grace.evidence.decoding.pool import Pool
from grace.evidence.decoding.port import Limits, NotDecoded, Verdict
from grace.sdk.analysis import Content
from tests.property.test_file_type import mutated
from tests.support.file_kinds.planted import with_exif, with_other_forms
from tests.support.file_kinds.set import whole

ANALYSERS = (FILE_TYPE, METADATA)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = Pool(1)
    yield pool
    pool.close()


def test_they_are_loaded_there(pool: Pool) -> None:
    assert {each.info.name for each in ANALYSERS} <= pool.roll().loaded.keys()


@pytest.fixture(scope="module")
def contents() -> dict[str, bytes]:
    return {each.name: each.content for each in whole()} | {each.name: each.content for each in (*with_exif(), *with_other_forms())}


def same(pool: Pool, content: bytes) -> bool:
    told = pool.analyse(io.BytesIO(content), "", [each.info.name for each in ANALYSERS], Limits())
    assert not isinstance(told, NotDecoded), told
    here = [Verdict(each.info.name, each.examine(Content("", content))) for each in ANALYSERS]
    return [(each.analyser, each.seen, each.failed) for each in told] == [(each.analyser, each.seen, each.failed) for each in here]


def test_they_say_the_same_there_of_every_kind_of_file(pool: Pool, contents: dict[str, bytes]) -> None:
    assert [name for name, content in contents.items() if not same(pool, content)] == []


def test_they_say_the_same_there_of_damaged_files(pool: Pool, contents: dict[str, bytes]) -> None:
    """What is loaded late only where something fails would be missing there."""
    chance = random.Random(20_261_126)
    broken = [(name, mutated(content, chance)) for name, content in contents.items() for _ in range(2)]
    assert [name for name, content in broken if content and not same(pool, content)] == []
