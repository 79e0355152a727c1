"""The index and the table that it stands for: building it from PostgreSQL, its memory in a second process, and ``= ANY`` beside it.

    python benchmarks/matching/bench_postgres.py [ENTRIES]     (default 10,000,000 of each kind; some twenty minutes, 10 GB of disk)

A list of so many fingerprints and so many SHA-1 values is filled in by the database itself; the index is then made anew from the
table, as ``grace index rebuild`` does it. The peer is PostgreSQL's own index over the same values, asked by ``= ANY`` with 1,000 values
at once, half of them known. Both are asked on one connection, warm, and both answer with the numbers of the entries. The whole verb
(``look_up``: which kinds are covered, the changes that wait, the index, and the rows of what answers) is timed for a batch of which half
is known, and for one of which ten are.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[2] / "build" / "kernels"))

import ground

ENTRIES = int(float(sys.argv[1])) if len(sys.argv) > 1 else 10_000_000
BATCH, FEW, REPEATS, CHUNK = 1_000, 10, 21, 500_000
BYTES = {"pdq": 32, "sha1": 20}
FILL = """
INSERT INTO matching_entry (hash_list_id, algorithm, value, category, source, note, added_at)
SELECT %(list)s, %(kind)s, substring(sha256((%(kind)s || n)::bytea) FOR %(bytes)s), '', 'benchmark', '', now()
FROM generate_series(%(first)s, %(last)s) n
"""
PEER = "SELECT value, id FROM matching_entry WHERE algorithm = 'sha1' AND value = ANY(%s)"
ANOTHER = """
import sys
from pathlib import Path
from grace.cli.house import set_up_django
set_up_django()
from grace.matching import indexed
from grace.matching.index import engine
engine.warm()
indexed.ask({kind: [bytes([place]) * width for place in range(200)] for kind, width in (("pdq", 32), ("sha1", 20))})
fields = dict(line.split(":") for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:])
print(int(fields["Anonymous"].split()[0]) / 1024)
"""


def value(kind: str, number: int) -> bytes:
    """What the database makes for a number."""
    return sha256(f"{kind}{number}".encode()).digest()[: BYTES[kind]]


def fill(kind: str) -> None:
    from django.db import connection

    from grace.matching.models import Coverage, HashList

    held, _ = HashList.objects.get_or_create(name="benchmark", source="benchmark")
    begun = time.monotonic()
    with connection.cursor() as cursor:
        for first in range(0, ENTRIES, CHUNK):
            last = min(first + CHUNK, ENTRIES) - 1
            cursor.execute(FILL, {"list": held.id, "kind": kind, "bytes": BYTES[kind], "first": first, "last": last})
            cursor.execute("DELETE FROM matching_change")  # the index is made from the table, not from these
    Coverage.objects.create(hash_list=held, algorithm=kind, entries=ENTRIES)
    print(f"  {ENTRIES:,} {kind} in the table after {time.monotonic() - begun:.0f} s", flush=True)


def rebuild() -> None:
    from grace.matching import follow

    begun = time.monotonic()
    held = follow.rebuild()
    print(f"  index of {held:,} entries made from PostgreSQL in {time.monotonic() - begun:.1f} s (bar for ten million: 180)", flush=True)


def another_process() -> float:
    """What a second process has for itself alone after it has asked, in mebibytes."""
    asked = subprocess.run([sys.executable, "-c", ANOTHER], capture_output=True, text=True, check=True, env=dict(os.environ))
    return float(asked.stdout.split()[-1])


def timed(work: Callable[[], object]) -> float:
    """Median in milliseconds of wall time: the peer works in another process."""
    took = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        work()
        took.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(took)


def beside_any() -> None:
    import random

    from django.db import connection

    from grace.matching import indexed
    from grace.matching.digests import Digest
    from grace.matching.look_up import State, look_up

    numbers = random.Random(2026).sample(range(ENTRIES), BATCH)  # noqa: S311 - a benchmark asks the same each time
    asked = [value("sha1", number + (ENTRIES if place % 2 else 0)) for place, number in enumerate(numbers)]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE matching_entry")

    def peer(values: Sequence[bytes]) -> dict[bytes, int]:
        with connection.cursor() as cursor:
            cursor.execute(PEER, [list(values)])
            return {bytes(found): number for found, number in cursor.fetchall()}

    def ours(values: Sequence[bytes]) -> dict[bytes, indexed.Found]:
        return dict(indexed.ask({"sha1": values})["sha1"].found)

    def whole(values: Sequence[bytes]) -> int:
        return sum(answer.state is State.KNOWN for answer in look_up([Digest("sha1", each) for each in values], []))

    theirs, found = peer(asked), ours(asked)
    assert {each: told.ids.tolist() for each, told in found.items()} == {each: [number] for each, number in theirs.items()}
    few = [value("sha1", number + (0 if place < FEW else ENTRIES)) for place, number in enumerate(numbers)]
    assert (len(theirs), whole(asked), whole(few)) == (BATCH // 2, BATCH // 2, FEW)
    origin = indexed.origin_now()
    assert origin is not None
    store = indexed.store(indexed.LISTS, origin, "sha1")
    slow, quick, index_alone = timed(lambda: peer(asked)), timed(lambda: ours(asked)), timed(lambda: store.find(asked))
    print(
        f"  exact, a batch of {BATCH:,} among {ENTRIES:,}: = ANY {slow:.2f} ms; ours with the changes that wait {quick:.2f} ms, {slow / quick:.1f} times as fast; "
        f"the index alone {index_alone:.2f} ms, {slow / index_alone:.1f} times (bar: 10)"
    )
    half, ten = timed(lambda: whole(asked)), timed(lambda: whole(few))
    print(f"  look_up, a batch of {BATCH:,}: {ten:.2f} ms with {FEW} known; {half:.2f} ms with half of them known, their rows read")


def main() -> None:
    print(ground.machine(), flush=True)
    with ground.installation():
        rebuild()
        empty = another_process()
        fill("pdq")
        rebuild()
        fill("sha1")
        rebuild()
        full = another_process()
        print(
            f"  memory of a second process for itself: {full:.0f} MB, with an empty index {empty:.0f} MB: {full - empty:.0f} MB more (bar: 50)"
        )
        beside_any()


if __name__ == "__main__":
    main()
