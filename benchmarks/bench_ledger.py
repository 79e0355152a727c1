"""The ledger's speed and size: appending, sequencing, history, export, and verification in a process of its own.

    python benchmarks/ledger.py [ENTRIES]

Runs on an embedded server of its own, with fsync as in production, in a folder that is removed afterwards.
"""

from __future__ import annotations

import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from grace.custody.kinds import Kind
from grace.custody.line import Line

ENTRIES = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
BULK = 100
SINGLE = 2_000
RANDOM = random.Random(7)  # noqa: S311 - the same run again, not a secret
ROWS: list[tuple[str, str, str]] = []


@contextmanager
def house() -> Iterator[None]:
    """An embedded server with the present tables, and Django."""
    home = Path(tempfile.mkdtemp(prefix="grace-bench-"))
    os.environ["GRACE_HOME"] = str(home)
    from grace.host import database, environment, postgres, secrets

    found = environment.read()
    database.make_passwords(home)
    secrets.make_missing(found)
    server = postgres.start(home)
    try:
        from grace.cli.house import set_up_django

        set_up_django()
        from grace.cli import migration

        migration.bring_up_to_date(found)
        yield
    finally:
        from django.db import connection

        connection.close()
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def report(what: str, figure: str, unit: str) -> None:
    ROWS.append((what, figure, unit))
    print(f"  {what}: {figure} {unit}", file=sys.stderr, flush=True)


def line(number: int) -> Line:
    """A referral received (a referral, its document), or an officer looking at a page of the queue now and then."""
    if number % 10:
        both = (f"referral:{UUID(int=number // 4)}", f"file:{RANDOM.getrandbits(256):064x}")
        return Line(Kind.COLLECTION, "referral.receive", "sender:one", "intake", both, {"way": "folder"})
    subjects = tuple(f"referral:{UUID(int=number // 4 + other)}" for other in range(20))
    return Line(Kind.CONSULTATION, "queue.list", f"officer:{UUID(int=number % 50)}", "triage", subjects, {"query": "ab" * 32})


def append() -> None:
    from django.db import transaction

    from grace.custody import ledger

    def write(first: int, last: int, at_once: int) -> None:
        for start in range(first, last, at_once):
            with transaction.atomic():
                ledger.record(*map(line, range(start, min(start + at_once, last))))

    spent = timed(lambda: write(0, SINGLE, 1))
    report("append, a transaction each", f"{SINGLE / spent:,.0f}", "entries/s")
    tenth = (ENTRIES - SINGLE) // 10
    for part in range(10):
        first = SINGLE + part * tenth
        spent = timed(lambda first=first: write(first, first + tenth, BULK))  # type: ignore[misc]
        if part in {0, 9}:
            report(f"append, {BULK} a transaction, tenth {part + 1} of 10", f"{tenth / spent:,.0f}", "entries/s")


def sequence_and_sign() -> None:
    from django.db import transaction

    from grace.custody import ledger

    spent = timed(ledger.sequence)
    report("sequence", f"{ledger.size() / spent:,.0f}", "entries/s")

    def sign() -> None:
        with transaction.atomic():
            ledger.sign_checkpoint()

    report("first checkpoint over all", f"{timed(sign):.1f}", "s")
    write_one()
    ledger.sequence()
    report("next checkpoint", f"{timed(sign) * 1000:.1f}", "ms")


def write_one() -> None:
    from django.db import transaction

    from grace.custody import ledger

    with transaction.atomic():
        ledger.record(line(1))


def read_back() -> None:
    from grace.custody import ledger

    times = sorted(timed(lambda: ledger.history(f"referral:{UUID(int=RANDOM.randrange(ENTRIES // 4))}")) for _ in range(500))
    report("history of a referral, 95 % under", f"{times[475] * 1000:.2f}", "ms")
    times = sorted(timed(lambda: ledger.page(kind=ledger.Kind.CONSULTATION, actor=f"officer:{UUID(int=10)}")) for _ in range(100))
    report("page of an officer's consultations, 95 % under", f"{times[95] * 1000:.2f}", "ms")
    entry = ledger.page(limit=1)[0].id
    report("inclusion proof", f"{timed(lambda: ledger.prove_inclusion(entry)) * 1000:.1f}", "ms")
    report("reconcile", f"{timed(ledger.reconcile):.1f}", "s")


def export_and_verify(folder: Path) -> None:
    from grace.custody import ledger, verify_ledger
    from grace.pipeline.ledger import export_ledger

    file, key = folder / "ledger.jsonl", folder / "key.pem"
    key.write_bytes(ledger.public_pem())
    with file.open("wb") as out:
        spent = timed(lambda: export_ledger(out, actor="operator:0", purpose="benchmark", recipient="nobody:here"))
    report(f"export of {ledger.size():,}", f"{spent:.1f}", f"s ({file.stat().st_size / 1e6:,.0f} MB)")
    report("peak memory of the program, export included", f"{peak(Path('/proc/self/status').read_text()):,.0f}", "MB")
    code = "import runpy, sys; sys.argv = sys.argv[1:]\ntry: runpy.run_path(sys.argv[0], run_name='__main__')\nfinally: print(open('/proc/self/status').read())"
    started = time.perf_counter()
    ran = subprocess.run(
        [sys.executable, "-c", code, verify_ledger.__file__, str(file), "--key", str(key)], capture_output=True, text=True, check=True
    )
    spent = time.perf_counter() - started
    assert ran.stdout.startswith("VERIFIED."), ran.stdout
    report("verify offline", f"{spent:.1f}", f"s (peak memory {peak(ran.stdout):,.0f} MB)")


def peak(status: str) -> float:
    """The most memory a process held, in MB, from its /proc/…/status."""
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def sizes() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for table in ("custody_entry", "custody_subject", "custody_leaf", "custody_node"):
            cursor.execute("SELECT pg_total_relation_size(%s::regclass)", [table])
            report(f"size of {table}", f"{cursor.fetchone()[0] / 1e6:,.0f}", "MB")


def main() -> None:
    with house(), tempfile.TemporaryDirectory() as folder:
        append()
        sequence_and_sign()
        read_back()
        export_and_verify(Path(folder))
        sizes()
    width = max(len(what) for what, _, _ in ROWS)
    print(f"\n{ENTRIES:,} entries; Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    for what, figure, unit in ROWS:
        print(f"{what:<{width}}  {figure:>10}  {unit}")


if __name__ == "__main__":
    main()
