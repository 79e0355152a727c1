"""Kill -9 in the middle of unpacking, of who unpacks or of what decodes: gone on with, each member is a file once, and the ledger tells of it once."""

from __future__ import annotations

import functools
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from grace.custody.verify_ledger import verify
from grace.evidence import unpack
from grace.evidence.decoding.port import Unpacking
from grace.evidence.models import Archive, File, Holding
from grace.pipeline.unpack import begin, unpack_and_score
from tests.integration.evidence.test_unpack import keep, zipped
from tests.support.kills import parent_of
from tests.support.ledgers import SIGNER, exported
from tests.support.people import make_unit

MEMBERS, PORTION = 120, 10


def unpack_it(archive: UUID) -> None:
    """What a worker does, in small portions; ends when it is killed, or when all is unpacked."""
    connection.close()
    setattr(unpack, "Unpacking", functools.partial(Unpacking, portion_members=PORTION))  # noqa: B010 - in a process of its own
    unpack_and_score(archive)


def who_unpacks(worker: BaseProcess) -> list[int]:
    return [worker.pid or 0]


def what_decodes(worker: BaseProcess) -> list[int]:
    """The decoding program and all that it forked, the youngest first."""
    parents = {pid: parent_of(pid) for pid in (int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit())}
    found: list[int] = []
    around = {worker.pid or 0}
    while around:
        around = {pid for pid, parent in parents.items() if parent in around}
        found += sorted(around)
    return found[::-1]


def the_youngest(worker: BaseProcess) -> list[int]:
    """The process that sees the archive's bytes."""
    return what_decodes(worker)[:1]


VICTIMS: tuple[Callable[[BaseProcess], list[int]], ...] = (who_unpacks, the_youngest, what_decodes)


def broken_off(archive: UUID, places: int, victim: Callable[[BaseProcess], list[int]]) -> bool:
    """Let somebody unpack, and kill the victim once so many places are done; whether the archive was in the middle."""
    connection.close()
    worker = multiprocessing.get_context("fork").Process(target=unpack_it, args=(archive,))
    worker.start()
    while worker.is_alive() and Archive.objects.get(archive_id=archive).next < places:
        time.sleep(0.002)
    for pid in victim(worker):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    in_the_middle = Archive.objects.get(archive_id=archive).next < MEMBERS
    worker.join(60)
    assert not worker.is_alive()
    return in_the_middle


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("moments", [3, pytest.param(60, marks=[pytest.mark.soak, pytest.mark.timeout(1_800)])])
def test_kills_in_the_middle_of_unpacking_lose_and_double_nothing(committed_db: None, moments: int) -> None:
    unit, chance = make_unit("Harbour Unit"), random.Random(5)
    in_the_middle = 0
    for moment in range(moments):
        names = [f"{moment}-{number}.txt" for number in range(MEMBERS)]
        archive = keep(unit, zipped({name: f"words of {name}".encode() for name in names}))
        begin([archive])
        in_the_middle += broken_off(archive, chance.randrange(1, MEMBERS - 2 * PORTION), VICTIMS[moment % len(VICTIMS)])
        unpack_and_score(archive)
        row = Archive.objects.get(archive_id=archive)
        assert (row.next, row.taken, row.left_out, row.reason) == (MEMBERS, MEMBERS, 0, "")
        assert row.ended_at is not None
        assert list(row.members.order_by("place").values_list("place", "name")) == list(enumerate(names))
    print(f"{in_the_middle} of {moments} were killed in the middle")
    assert in_the_middle >= moments - 1
    everything = moments * (1 + MEMBERS)
    assert File.objects.count() == Holding.objects.count() == everything
    jobs = ProcrastinateJob.objects.filter(task_name="pipeline.examine")
    examined = Counter(file for job in jobs for file in job.args["files"])
    assert (len(examined), set(examined.values())) == (moments * MEMBERS, {1})
    assert verify(exported(), [SIGNER.key.public_key()]).entries > 0
    told = Counter(subject for entry in entries("file.unpack") for subject in entry[1:])
    assert (len(told), set(told.values())) == (moments * MEMBERS, {1}), "each came out once, and the ledger says so once"


def entries(act: str) -> list[list[str]]:
    """The subjects of the entries of an act."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT subjects FROM custody_entry WHERE act = %s", [act])
        return [row[0] for row in cursor.fetchall()]
