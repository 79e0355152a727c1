"""Pictures from their arrival to the officer's page: taken in, sealed, hashed, told apart, decoded, fingerprinted, looked up, analysed, recorded.

    python benchmarks/bench_pictures.py [PICTURES [REFERRALS' PICTURES]]     (default 240 of each size, three to a referral; some two minutes)

The product's own path: zips with a report and its pictures are received (each original and each picture sealed), and the jobs that follow run as a
worker runs them, in two processes. Every picture is another one and on no list; a list of a million fingerprints is asked about each. What
counts is the wall clock from the first byte to the last row, on two cores, of workers that have taken in a report before; and, since other programs only ever add to that, the processor time
of all that took part: these processes, the decoding programs with their workers, PostgreSQL. Beside it a plain loop: read a file,
three digests, Pillow, ``pdqhash``; it keeps nothing, seals nothing, asks nothing, and trusts the file.
"""

from __future__ import annotations

import hashlib
import io
import json
import multiprocessing
import os
import sys
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import UUID

os.environ["OPENBLAS_NUM_THREADS"] = "1"
sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import ground
import numpy as np
import pdqhash
from PIL import Image

PICTURES = int(sys.argv[1]) if len(sys.argv) > 1 else 240
TO_EACH = int(sys.argv[2]) if len(sys.argv) > 2 else 3
SIZES = {"2 MP": (1632, 1224), "0.26 MP": (592, 444)}
BARS = {"2 MP": 60, "0.26 MP": 150}
PROCESSES = 2
BATCH = 10
LISTED = int(os.environ.get("LISTED", "1000000"))
SCENES = 12
_TICKS = os.sysconf("SC_CLK_TCK")
_CLAIM = (
    "DELETE FROM procrastinate_jobs WHERE id = (SELECT id FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = 'examine' "
    "ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING task_name, args::text"
)


def scenes(size: tuple[int, int]) -> list[Any]:
    """A few landscapes with the grain of a sensor."""
    from grace.simulate.pictures import draw

    made = []
    for number in range(SCENES):
        image = Image.open(io.BytesIO(draw(9, number))).convert("RGB").resize(size, Image.Resampling.LANCZOS)
        grain = np.random.default_rng(number).normal(0, 4, (size[1], size[0], 3))
        made.append(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))
    return made


def picture(of: list[Any], number: int) -> bytes:
    """Another picture for each number: a landscape that is moved along."""
    dice = np.random.default_rng(number)
    moved = np.roll(of[number % SCENES], tuple(int(dice.integers(side)) for side in of[0].shape[:2]), axis=(0, 1))
    exif, written = Image.Exif(), io.BytesIO()
    exif[0x010F], exif[0x0132] = "Invented Camera", f"2025:01:01 00:{number // 60 % 60:02d}:{number % 60:02d}"
    Image.fromarray(moved).save(written, "JPEG", quality=90, subsampling="4:2:0", exif=exif)
    return written.getvalue()


def deliveries(label: str) -> list[tuple[str, bytes]]:
    """Zips with a report and its pictures."""
    from grace.simulate import forms
    from grace.simulate.catalogue import digests_of
    from grace.simulate.plan import Form, WorldPlan
    from grace.simulate.world import World, zipped

    wanted = PICTURES // TO_EACH
    seed = list(SIZES).index(label) + 1
    world = World(WorldPlan(seed=seed, referrals=4 * wanted, days=9, files_per_referral=2, forms=((Form.TIP_ZIP, 1.0),), flaw_share=0))
    reports = [each for each in map(world.referral, range(4 * wanted)) if any(file.name.endswith("jpg") for file in each.files)]
    of, made = scenes(SIZES[label]), []
    for number, report in enumerate(reports[:wanted]):
        model = next(file for file in report.files if file.name.endswith("jpg"))
        contents = [picture(of, 1_000_000 * seed + number * TO_EACH + place) for place in range(TO_EACH)]
        files = tuple(
            replace(model, content=each, digests=digests_of(each), truth=replace(model.truth, name=f"{place}.jpg"))
            for place, each in enumerate(contents)
        )
        members = {**forms.members(replace(report, files=files), report.form), **{file.name: file.content or b"" for file in files}}
        made.append((f"{label}-{number}.zip", zipped(members)))
    return made


def first(place: int) -> bytes:
    """A report without pictures, another one for each process."""
    from grace.simulate import forms
    from grace.simulate.plan import Form, WorldPlan
    from grace.simulate.world import World, zipped

    world = World(WorldPlan(seed=90 + place, referrals=1, days=9, forms=((Form.TIP_ZIP, 1.0),), flaw_share=0))
    return zipped(forms.members(replace(world.referral(0), files=()), Form.TIP_ZIP))


def work(unit: str, number: int, pipe: Connection) -> None:
    """One process: takes in what it is handed, then runs the jobs that wait; tells its processor seconds and those of its decoding programs."""
    from grace.cli.house import set_up_django

    set_up_django()
    from django.db import connection
    from procrastinate.contrib.django import app

    from grace.evidence.decoding import here
    from grace.pipeline.receive import Delivery, Intake, receive

    here.decoder().roll()
    here.decoder().fingerprint(io.BytesIO())
    connection.ensure_connection()
    intake = Intake(UUID(unit), "benchmark", f"system:benchmark-{number}")
    receive(intake, [Delivery(*pipe.recv())])  # a worker that has just started loads what reading and scoring need
    while (task := pipe.recv()) is not None:
        used, apart = time.process_time(), decoding_seconds()
        if isinstance(task, list):
            for start in range(0, len(task), BATCH):
                receive(intake, [Delivery(*each) for each in task[start : start + BATCH]])
        else:
            while job := claimed(connection, task):
                app.tasks[job[0]].func(**json.loads(job[1]))
        pipe.send((time.process_time() - used, decoding_seconds() - apart))


def claimed(connection: Any, task: str) -> tuple[str, str] | None:
    """The next job of that name, taken away."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM.replace("AND queue_name", "AND task_name = %s AND queue_name"), [task])
        found: tuple[str, str] | None = cursor.fetchone()
        return found


def decoding_seconds() -> float:
    """Processor seconds of this process's decoding programs and of their workers that have ended."""
    return sum(sum(map(int, fields[11:15])) for fields in processes().values() if int(fields[1]) == os.getpid()) / _TICKS


def database_seconds(home: Path) -> float:
    """Processor seconds of the installation's PostgreSQL."""
    mine = [fields for process, fields in processes().items() if _works_in(process, home)]
    return sum(sum(map(int, fields[11:13])) for fields in mine) / _TICKS


def processes() -> dict[int, list[str]]:
    """What the system tells of each process, from its state on."""
    told = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            told[int(path.parent.name)] = path.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
    return told


def _works_in(process: int, home: Path) -> bool:
    try:
        return Path(f"/proc/{process}/cwd").readlink().is_relative_to(home.resolve())
    except OSError:
        return False


def plainly(contents: list[bytes]) -> float:
    """Processor milliseconds a picture of the plain loop."""
    begun = time.process_time()
    for content in contents:
        for digest in (hashlib.md5, hashlib.sha1, hashlib.sha256):
            digest(content)
        pdqhash.compute(np.asarray(Image.open(io.BytesIO(content)).convert("RGB")))
    return 1000 * (time.process_time() - begun) / len(contents)


def run(label: str, pipes: list[Connection], home: Path) -> None:
    """All pictures of a size, step by step."""
    made = deliveries(label)
    steps: dict[str, list[Any]] = {
        "taken in": [made[place::PROCESSES] for place in range(PROCESSES)],
        "examined": ["pipeline.examine"] * PROCESSES,
        "analysed": ["pipeline.analyse"] * PROCESSES,
    }
    count, wall, spent = len(made) * TO_EACH, 0.0, 0.0
    lines = []
    for step, tasks in steps.items():
        begun, database = time.monotonic(), database_seconds(home)
        for pipe, task in zip(pipes, tasks, strict=True):
            pipe.send(task)
        told = [pipe.recv() for pipe in pipes]
        took = time.monotonic() - begun
        own, apart = (1000 * sum(column) / count for column in zip(*told, strict=True))
        stored = 1000 * (database_seconds(home) - database) / count
        wall, spent = wall + took, spent + own + apart + stored
        lines.append(
            f"  {step:9} {1000 * took / count:6.1f} ms of the clock; processor: Python {own:5.1f}, decoding {apart:5.1f}, PostgreSQL {stored:5.1f} ms"
        )
    plain = plainly([picture(scenes(SIZES[label]), number) for number in range(24)])
    print(f"{label}: {count} pictures, {TO_EACH} to a referral, {sum(len(content) for _, content in made) / count / 1e6:.2f} MB each")
    print("\n".join(lines))
    print(
        f"  in all    {count / wall:6.1f} pictures a second (bar: {BARS[label]}); {spent:.1f} ms of processors each: "
        f"{1000 * PROCESSES / spent:.1f} a second where nothing else runs; the plain loop: {plain:.1f} ms, {1000 * PROCESSES / plain:.1f} a second",
        flush=True,
    )


def report() -> None:
    """What there is afterwards: nothing may be missing."""
    from grace.analysis.models import Run
    from grace.evidence.models import Examination, File, Fingerprint

    pictures = File.objects.filter(media_type="image/jpeg").count()
    runs = Run.objects.filter(failed="").values_list("analyser", flat=True)
    print(
        f"kept: {pictures} pictures, {Examination.objects.filter(decoded=True).count()} examined, {Fingerprint.objects.count()} fingerprints; runs: "
        + ", ".join(f"{name} {list(runs).count(name)}" for name in sorted(set(runs)))
    )


def main() -> None:
    print(ground.machine())
    with ground.installation() as home:
        import psycopg
        from django.db import connection

        from grace.host import database
        from grace.host.database import Role
        from tests.support.people import make_unit
        from tests.support.relisting import load

        unit = make_unit("Benchmark")
        dice = np.random.default_rng(1)
        load([("pdq", dice.bytes(32)) for _ in range(LISTED)])
        connection.close()
        with psycopg.connect(database.embedded(home, Role.OWNER).url, autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE")  # what the database does by itself within a minute: the list is there for long
        context = multiprocessing.get_context("spawn")
        ends = [context.Pipe() for _ in range(PROCESSES)]
        workers = [context.Process(target=work, args=(str(unit.id), place, ends[place][1])) for place in range(PROCESSES)]
        for each in workers:
            each.start()
        for place, (end, _) in enumerate(ends):
            end.send(("first.zip", first(place)))
        for label in SIZES:
            run(label, [end for end, _ in ends], home)
        for end, _ in ends:
            end.send(None)
        for each in workers:
            each.join()
        report()


if __name__ == "__main__":
    main()
