"""Whatever an archive was crafted to do, it gets a verdict in time, what comes of it has limits, and the next file is decoded as if nothing had been."""

from __future__ import annotations

import io
import time
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest

from grace.accounts.models import Unit
from grace.evidence import files
from grace.evidence.decoding.pool import Pool
from grace.evidence.decoding.port import NotDecoded, Printed, Reason, Unpacked, Unpacking
from grace.evidence.decoding.testing import fractal, written
from grace.evidence.files import Keep
from grace.evidence.models import Archive, File
from grace.evidence.unpack import FREE_BYTES, MOST_MEMBERS
from grace.pipeline.unpack import begin
from tests.support.analysers import saying
from tests.support.hostile import archives
from tests.support.jobs import run_due_jobs

MOST_SECONDS = 60.0
"""On a machine that does much else; what takes longest is a second or two by itself."""


@pytest.mark.timeout(900)
def test_every_hostile_archive_gets_a_verdict_in_time_and_gives_no_more_than_allowed() -> None:
    usual, pool, told, slow = Unpacking(), Pool(1), Counter[str](), []
    for file in archives.files():
        taken: list[Unpacked] = []

        def take(portion: Sequence[Unpacked], into: list[Unpacked] = taken) -> bool:
            into += portion
            return True

        begun = time.monotonic()
        verdict = pool.unpack(io.BytesIO(file.content), take)
        seconds = time.monotonic() - begun
        told.update([str(verdict)] if isinstance(verdict, NotDecoded) else [str(each.failed or "taken") for each in taken])
        if seconds > 2:
            slow.append(f"{file.name}: {seconds:.1f} s")
        size = sum(len(each.content) for each in taken)
        assert seconds < MOST_SECONDS, file.name
        assert len(taken) <= usual.most_members + 1, file.name
        assert size <= max(usual.free_bytes, len(file.content) * usual.most_ratio), file.name
        assert verdict not in {NotDecoded(Reason.FORBIDDEN), NotDecoded(Reason.NONSENSE), NotDecoded(Reason.DIED)}, file.name
    assert isinstance(pool.fingerprint(written(fractal())), Printed)
    pool.close()
    print(f"{dict(told)}; {slow}")


@pytest.fixture
def no_analysers() -> Iterator[None]:
    """What analysers see is others' business."""
    with saying():
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("place", "no_analysers")
@pytest.mark.parametrize(
    "name", ["forty archives in each other", "a gzip in a gzip, twenty times", "sixteen that are the same", "zip of zeros"]
)
def test_nests_end_and_all_that_comes_of_one_has_limits(harbour_unit: Unit, name: str) -> None:
    content = next(each.content for each in archives.files() if each.name == name)
    (held,) = files.keep_many([Keep(harbour_unit.id, content, "received")])
    begin([held.id])
    assert run_due_jobs() < 200
    assert not Archive.objects.filter(ended_at=None).exists()
    assert sum(each.taken for each in Archive.objects.all()) <= MOST_MEMBERS
    assert sum(each.bytes for each in Archive.objects.all()) <= max(FREE_BYTES, 200 * len(content))
    assert File.objects.count() <= 60
