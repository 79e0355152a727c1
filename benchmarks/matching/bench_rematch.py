"""A list changes, and what is stored is asked again: seconds from the commit until matches are kept and scores have followed.

    python benchmarks/matching/bench_rematch.py [--files 200000] [--entries 1000000] [--referrals 2000]

Referrals come in by the real intake, which only names their files; files with fingerprints are put beside them by SQL, as many as
a unit may hold, and their attachments are given fingerprints too. Half of what comes onto a list matches something. One process does
all jobs, one after another.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[2] / "build" / "kernels"))

import ground

FILES = """
INSERT INTO evidence_object (id, size, sha256, wrapped_key, agency_key_id, sealed_at)
SELECT md5('o' || n)::uuid, 1, sha256(('f' || n)::bytea), '', 'none', now() FROM generate_series(1, %(files)s) n;
INSERT INTO evidence_file (id, sha256, sha1, md5, size, media_type, object_id, since)
SELECT md5('f' || n)::uuid, sha256(('f' || n)::bytea), substring(sha256(('f' || n)::bytea) FOR 20), decode(md5('f' || n), 'hex'), 1,
       'image/jpeg', md5('o' || n)::uuid, now() FROM generate_series(1, %(files)s) n;
INSERT INTO evidence_fingerprint (id, file_id, algorithm, value, quality, made_at)
SELECT md5('p' || n)::uuid, md5('f' || n)::uuid, 'pdq', sha256(('p' || n)::bytea), 90, now() FROM generate_series(1, %(files)s) n;
UPDATE referrals_attachment SET pdq = sha256(id::text::bytea);
UPDATE referrals_attachment a SET file_id = md5('f' || m.n)::uuid
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM referrals_attachment) m WHERE m.id = a.id AND m.n <= %(files)s;
ANALYZE;
"""
ENTRIES = """
INSERT INTO matching_hashlist (id, name, source, default_category, created_at, changed_at) VALUES (md5('l')::uuid, 'large', 's', '', now(), now());
INSERT INTO matching_entry (hash_list_id, algorithm, value, category, source, note, added_at)
SELECT md5('l')::uuid, 'pdq', sha256(('e' || n)::bytea), 'A', 's', '', now() FROM generate_series(1, %(entries)s / 2) n
UNION ALL SELECT md5('l')::uuid, 'md5', decode(md5('e' || n), 'hex'), 'A', 's', '', now() FROM generate_series(1, %(entries)s / 2) n;
INSERT INTO matching_coverage (id, hash_list_id, algorithm, entries)
VALUES (md5('c1')::uuid, md5('l')::uuid, 'pdq', %(entries)s / 2), (md5('c2')::uuid, md5('l')::uuid, 'md5', %(entries)s / 2);
"""


def take_in(number: int) -> Any:
    """Referrals by the real intake, without their jobs."""
    from grace.accounts.models import Unit
    from grace.pipeline.receive import Delivery, Intake, receive
    from grace.simulate.plan import load_plan
    from grace.simulate.world import World

    unit = Unit.objects.create(name="Bench", slug="bench")
    world = World(load_plan(number))
    for start in range(0, number, 50):
        documents = [world.document(place) for place in range(start, min(start + 50, number))]
        receive(
            Intake(unit.id, "benchmark", "system:benchmark"),
            [Delivery(each.name, each.content) for each in documents if isinstance(each.content, bytes)],
        )
    return unit


def run(text: str, **values: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in text.split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)


def work_off() -> dict[str, float]:
    """Run what is due of our own jobs; seconds by name."""
    from django.db import connection
    from procrastinate.contrib.django import app

    spent: dict[str, float] = {}
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM procrastinate_jobs WHERE id = (SELECT id FROM procrastinate_jobs WHERE task_name = ANY(%s) ORDER BY id LIMIT 1)"
                " RETURNING task_name, args",
                [["pipeline.follow_lists", "pipeline.rematch", "pipeline.score_listed"]],
            )
            row = cursor.fetchone()
        if row is None:
            return spent
        begun = time.perf_counter()
        app.tasks[row[0]].func(**(json.loads(row[1]) if isinstance(row[1], str) else row[1]))
        spent[row[0]] = spent.get(row[0], 0) + time.perf_counter() - begun


def measured(name: str, change: Callable[[], object]) -> None:
    """One change of a list and all that follows."""
    from grace.matching.models import Match
    from grace.priority.models import Assessment

    before = Match.objects.count()
    newest = Assessment.objects.order_by("-assessed_at")[0].assessed_at
    begun = time.perf_counter()
    change()
    changed = time.perf_counter()
    spent = work_off()
    whole = time.perf_counter() - changed
    scored = Assessment.objects.filter(assessed_at__gt=newest).count()
    parts = ", ".join(f"{key.removeprefix('pipeline.')} {seconds:.2f}" for key, seconds in spent.items())
    print(
        f"  {name}: list changed in {changed - begun:.2f} s; all followed {whole:.2f} s later ({parts}); "
        f"{Match.objects.count() - before:+,} matches, {scored:,} referrals scored",
        flush=True,
    )


def load(name: str, number: int) -> None:
    """Entries of which half match: half of these near a file's or attachment's fingerprint, half by MD5."""
    from grace.accounts.viewer import operator
    from grace.evidence.models import Fingerprint
    from grace.pipeline.lists import import_list
    from grace.referrals.models import Attachment

    kept = Attachment.objects.order_by("?").values_list("md5", "pdq", "file_id")[: max(1, number // 4)]
    lines = []
    prints = {each.file_id: bytes(each.value) for each in Fingerprint.objects.filter(file_id__in=[file for _, _, file in kept])}
    for md5, pdq, file in kept:
        value = int.from_bytes(prints.get(file) or bytes(pdq or b""), "big") ^ (1 << 20) - 1
        lines += [f"pdq,{value:064x},A,,", f"md5,{bytes(md5 or b'').hex()},A,,"]
    while len(lines) < number:
        lines += [f"pdq,{os.urandom(32).hex()},A,,", f"md5,{os.urandom(16).hex()},A,,"]
    content = "\n".join(["algorithm,value,category,source,note", *lines[:number]])
    import_list(operator(), io.BytesIO(content.encode()), name, source="s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200_000)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--referrals", type=int, default=2_000)
    wanted = parser.parse_args()
    print(ground.machine(), flush=True)
    with ground.installation():
        from grace.accounts.viewer import operator
        from grace.matching import follow
        from grace.matching.index import engine
        from grace.matching.models import Due, HashList, Sweep
        from grace.pipeline.lists import remove
        from grace.referrals.models import Attachment

        engine.warm()
        run(ENTRIES, entries=wanted.entries)
        follow.tend()
        take_in(wanted.referrals)
        run(FILES, files=wanted.files)
        begun = time.perf_counter()
        follow.tend()
        print(f"  {wanted.files:,} fingerprints of held files indexed in {time.perf_counter() - begun:.1f} s")
        Due.objects.all().delete()
        Sweep.objects.all().delete()
        print(
            f"  {wanted.entries:,} entries; {Attachment.objects.count():,} attachments of {wanted.referrals:,} referrals; half of what comes matches"
        )
        for number in (1, 100, 1_000, 10_000):
            measured(f"{number:,} entries, one by one", lambda number=number: load(f"L{number}", number))  # type: ignore[misc]  # bound
        measured("50,000 entries, in a sweep", lambda: load("L50000", 50_000))
        measured("the list of 1,000 taken out", lambda: remove(operator(), HashList.objects.get(name="L1000").id))


if __name__ == "__main__":
    main()
