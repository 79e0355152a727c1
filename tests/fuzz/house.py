"""The second layer: the corpus through the whole intake of an installation of its own, with a real worker, for a given time.

``python -m tests.fuzz.house --seconds 500 --corpus DIR`` prints what became of all, and leaves with 1 where anything is wrong.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path

from tests.fuzz import ground, memory
from tests.fuzz.hunt_options import MOST_MEMORY

BATCH = 40
PATIENCE = 300.0
"""Seconds for the jobs that are left when the time is over."""


@dataclass
class Lived:
    """What came of it. Peaks are megabytes of resident memory: of the intake, of the worker, of a process that decodes."""

    documents: int = 0
    distinct: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    jobs: int = 0
    wrong: list[str] = field(default_factory=list)
    peaks: dict[str, int] = field(default_factory=dict)


def live(corpus: Path, findings: Path, seconds: float, seed: int) -> Lived:
    """Take documents in for so many seconds, wait for the jobs, and look at everything."""
    findings.mkdir(parents=True, exist_ok=True)
    with installation() as home, worker(home) as process:
        from tests.fuzz import taking
        from tests.support.people import make_unit

        taker = taking.Taker(make_unit("Harbour Unit").id)
        coming = taking.documents(corpus, random.Random(seed))
        lived = Lived()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            taker.take(list(islice(coming, BATCH)))
            _measure(lived, process.pid)
        lived.documents, lived.distinct = taker.outcomes.total(), len(taker.documents)
        lived.outcomes, lived.reasons = dict(taker.outcomes), dict(taker.reasons.most_common())
        lived.wrong = [_kept(findings, why, content) for why, (_, content) in taker.wrong]
        lived.wrong += [*_drained(lived, until), *_lost(taker), *_ledger(home)]
        _measure(lived, process.pid)
        lived.wrong += [f"{who} took {most} MB" for who, most in lived.peaks.items() if most > MOST_MEMORY]
    return lived


def _kept(findings: Path, why: str, content: bytes) -> str:
    path = findings / hashlib.sha256(content).hexdigest()[:12]
    path.write_bytes(content)
    path.with_suffix(".txt").write_text(why, errors="replace")
    return f"{path}: {why.strip().splitlines()[-1]}"


@contextmanager
def installation() -> Iterator[Path]:
    """An embedded server with the present tables and a vault, and Django; removed afterwards."""
    from grace.cli import migration
    from grace.host import environment, postgres

    with ground.home() as home:
        server = postgres.start(home, durable=False)
        try:
            ground.set_up()
            migration.bring_up_to_date(environment.read())
            yield home
        finally:
            server.stop()
            from tests.support import ground as support

            support.remove_home(home)


@contextmanager
def worker(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker: it runs the jobs and numbers the ledger."""
    with (home / "worker.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "grace.cli.main", "worker"], stdout=log, stderr=log, env={**os.environ})
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)


def _drained(lived: Lived, until: float) -> Iterator[str]:
    """Wait for the jobs; those that failed, or are still there."""
    from django.db import connection

    while time.monotonic() < until + PATIENCE:
        with connection.cursor() as cursor:
            cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1")
            counts = dict(cursor.fetchall())
        if not counts.get("todo") and not counts.get("doing"):
            break
        time.sleep(0.2)
    lived.jobs = sum(counts.values())
    yield from (f"{count} jobs are {status}" for status, count in counts.items() if status != "succeeded")
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, count(*) FROM procrastinate_jobs WHERE attempts > 1 GROUP BY 1")
        yield from (f"{count} jobs {name} were tried more than once" for name, count in cursor.fetchall())


def _lost(taker: "taking.Taker") -> Iterator[str]:  # type: ignore[name-defined] # noqa: F821, UP037 - Django is not set up before
    """Whether there are as many documents, originals and entries as different ones came."""
    from grace.custody.models import Entry
    from grace.intake.models import Document

    kept = {bytes(digest) for digest in Document.objects.values_list("sha256", flat=True)}
    if kept != taker.documents.keys():
        yield f"{len(taker.documents)} different documents came, {len(kept)} are kept"
    told = Entry.objects.filter(act="document.receive").count()
    if told < len(kept):
        yield f"{len(kept)} documents are kept, {told} entries tell of it"


def _ledger(home: Path) -> Iterator[str]:
    """The ledger agrees with itself, and its export verifies by itself; the vault is sound."""
    export, key = home / "ledger.jsonl", home / "key.pem"
    for words in (
        ("custody", "status"),
        ("custody", "key"),
        ("custody", "export", str(export), "--recipient", "authority:data-protection", "--purpose", "lawfulness-check"),
        ("custody", "verify", str(export), "--key", str(key)),
        ("evidence", "scrub"),
    ):
        done = subprocess.run([sys.executable, "-m", "grace.cli.main", *words], capture_output=True, text=True, check=False)
        if words[1] == "key":
            key.write_text(done.stdout)
        if done.returncode or (words[1] == "verify" and not done.stdout.startswith("VERIFIED.")):
            yield f"grace {' '.join(words[:2])} says: {(done.stdout + done.stderr)[-300:]}"


def _measure(lived: Lived, worker_pid: int) -> None:
    """Note the peaks so far of this process, of the worker, and of all that decode for them."""
    decoding = max(map(memory.peak, memory.below(os.getpid(), worker_pid)), default=0)
    peaks = {"intake": memory.peak(os.getpid()), "worker": memory.peak(worker_pid), "decoding": decoding}
    lived.peaks = {who: max(most, lived.peaks.get(who, 0)) for who, most in peaks.items()}


def main() -> int:
    """Print it as JSON, or in lines."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.house", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--findings", type=Path)
    parser.add_argument("--seed", type=int, default=27)
    asked = parser.parse_args()
    lived = live(
        asked.corpus.absolute(), (asked.findings or asked.corpus.parent / "findings" / "house").absolute(), asked.seconds, asked.seed
    )
    print(json.dumps(asdict(lived)))
    return int(bool(lived.wrong))


if __name__ == "__main__":
    sys.exit(main())
