"""Many writers, several sequencers, a database that goes away: no gap, no fork, nothing lost, and nobody waits."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction

from grace.custody import ledger
from grace.custody.models import Entry, Leaf
from grace.custody.verify_ledger import verify
from grace.host.database import Role
from tests.support import ground
from tests.support.ledgers import SIGNER, exported, looked_at, received, tamper, write

pytestmark = pytest.mark.usefixtures("committed_db")


def closing(work: Callable[[], int]) -> Callable[[], int]:
    """Run in a thread and close its connection."""

    def run() -> int:
        try:
            return work()
        finally:
            connection.close()

    return run


def write_some() -> int:
    """One writer: many small transactions, every third rolled back."""
    kept = 0
    for number in range(60):
        with transaction.atomic():
            ledger.record(received(number), looked_at(number))
            if number % 3 == 0:
                transaction.set_rollback(True)  # stands for any act that fails after its line was written
            else:
                kept += 2
    return kept


def sequence_some() -> int:
    total, until = 0, time.monotonic() + 3
    while time.monotonic() < until:
        total += ledger.sequence()
    return total


def test_writers_and_sequencers_at_the_same_time_leave_one_unbroken_tree() -> None:
    with ThreadPoolExecutor(8) as pool:
        sequencers = [pool.submit(closing(sequence_some)) for _ in range(3)]
        writers = [pool.submit(closing(write_some)) for _ in range(5)]
        kept = sum(writer.result() for writer in writers)
        sequenced = sum(sequencer.result() for sequencer in sequencers)
    sequenced += ledger.sequence(wait=True)
    assert kept == sequenced == Entry.objects.count() == 5 * 80
    assert list(Leaf.objects.order_by("seq").values_list("seq", flat=True)) == list(range(kept))
    assert ledger.reconcile().is_sound
    assert verify(exported(), [SIGNER.key.public_key()]).entries == kept


def test_the_sequencer_does_not_wait_for_an_open_transaction_and_takes_its_entries_later() -> None:
    written, go_on = threading.Event(), threading.Event()

    def slow_writer() -> int:
        with transaction.atomic():
            ledger.record(received(1))
            written.set()
            assert go_on.wait(20)
        return 1

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(closing(slow_writer))
        assert written.wait(20)
        write(received(2))
        assert ledger.sequence() == 1
        go_on.set()
        slow.result()
    assert ledger.sequence() == 1
    assert [row.seq for row in ledger.page()] == [0, 1], "numbered in the order of sequencing, not of writing"
    assert ledger.reconcile().is_sound


def test_a_writer_does_not_wait_for_the_sequencer() -> None:
    write(received(1))
    with transaction.atomic():
        ledger.sequence()

        def other_writer() -> int:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '1s'")
                ledger.record(received(2))
            return ledger.sequence()  # another sequencer is at work: nothing to do, and no waiting

        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(closing(other_writer)).result(20) == 0
    assert ledger.sequence() == 1


@contextmanager
def sequencing(**options: float) -> Iterator[None]:
    """The background sequencer, running."""
    stop = threading.Event()
    thread = threading.Thread(target=ledger.sequence_forever, args=(stop,), kwargs={"every": 0.05, **options})
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until, "waited 20 s in vain"
        time.sleep(0.05)


def test_the_background_sequencer_numbers_within_a_second() -> None:
    with sequencing():
        write(received(1))
        started = time.monotonic()
        wait_until(lambda: ledger.size() == 1)
        assert time.monotonic() - started < 1
        assert ledger.oldest_unsequenced_age() == 0


def test_the_background_sequencer_signs_now_and_then() -> None:
    with sequencing(checkpoint_every=0.1):
        write(received(1))
        wait_until(lambda: ledger.size_signed() == 1)


def test_the_background_sequencer_outlives_its_connection(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    name = connection.settings_dict["NAME"]
    with sequencing():
        for number in range(3):
            write(received(number))
            wait_until(lambda number=number: ledger.size() == number + 1)  # type: ignore[misc]
            connection.close()
            with ground.connect(Role.SUPERUSER, "postgres") as server:
                server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
    assert "cannot reach the database (OperationalError)" in caplog.text
    assert "referral" not in caplog.text


def test_without_its_key_the_sequencer_warns_and_goes_on(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GRACE_KEYS", str(tmp_path))
    with sequencing(checkpoint_every=0.1):
        write(received(1))
        wait_until(lambda: "No checkpoint was signed" in caplog.text)
        write(received(2))
        wait_until(lambda: ledger.size() == 2)
    assert ledger.size_signed() == 0


def test_a_sequencer_that_is_refused_says_so_and_loses_nothing(caplog: pytest.LogCaptureFixture) -> None:
    tamper("REVOKE INSERT ON custody_leaf FROM grace_app")
    try:
        with sequencing():
            write(received(1))
            wait_until(lambda: "The sequencer failed (ProgrammingError)" in caplog.text)
        assert ledger.oldest_unsequenced_age() > 0
    finally:
        tamper("GRANT INSERT ON custody_leaf TO grace_app")
    assert ledger.sequence() == 1
    assert ledger.reconcile().is_sound
