"""Where the urgent ones of the invented world stand in the queue, and how much of it could be closed in bulk, with a bound on urgent ones.

    python benchmarks/bench_first_tenth.py [--size 3000] [--urgent-share 0.0018] [--quiet-share 0.1] [--read 300]

A year of the invented world (LEA JSON alone and in ZIPs, CyberTipline ZIPs; files with bytes; its hash lists loaded) by the real intake
and all jobs: files recognised, groups found, everything scored by the base rules, nothing else told. Its truth says what is urgent; one
urgent one in ten (--quiet-share) does not say why, so that no rule over what is stated can tell it apart: these are counted by themselves.

At 0.18 % a small world has a handful of urgent ones. With another --urgent-share there are more, and each is weighed so that
they make up 0.18 % of the queue: the tenth is then that of a queue at 0.18 %.

Closable: no floor holds it up, and it is under a group's line or in a group of a viral file or of duplicates (duplicate, viral), or all
files that it names are on lists or near them (known), or it has neither contact nor address nor file (empty). A random sample of them is "read"; the bound
is the product's own (grace.casework.bounds, 95 %).
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import ground

BATCH = 50
REAL = 0.0018
TENTH = 0.1


@dataclass(frozen=True)
class Placed:
    """A referral as it came out of the queue, with its truth."""

    position: tuple[int, int, int]
    urgent: bool
    stated: bool
    why: str
    closable: str


def plan(options: argparse.Namespace) -> Any:
    from grace.simulate.plan import Form, WorldPlan

    return WorldPlan(
        seed=options.seed,
        referrals=options.size,
        urgent_share=options.urgent_share,
        quiet_share=options.quiet_share,
        forms=((Form.LEA_JSON, 0.5), (Form.LEA_ZIP, 0.3), (Form.TIP_ZIP, 0.2)),
    )


def load_lists(world: Any) -> None:
    from grace.accounts.viewer import operator
    from grace.pipeline.lists import import_list
    from grace.simulate.world import write_lists

    with tempfile.TemporaryDirectory() as folder:
        write_lists(world.catalogue, Path(folder))
        for path in sorted(Path(folder).glob("*.csv")):
            with path.open("rb") as file:
                import_list(operator(), file, path.stem, source="benchmark")


def take_in(unit: UUID, world: Any, size: int) -> dict[UUID, Any]:
    """Take the world in as it comes; the truth of each referral, the newest where one came again."""
    from grace.kernel import clock
    from grace.pipeline.receive import Delivery, Intake, receive
    from tests.support.jobs import run_due_jobs

    intake, truths = Intake(unit, "benchmark", "system:benchmark"), {}
    for start in range(0, size, BATCH):
        documents = [world.document(place) for place in range(start, min(start + BATCH, size))]
        with clock.held(documents[-1].truth.arrives_at):
            receipts = receive(intake, [Delivery(each.name, each.content) for each in documents])
            run_due_jobs(100_000)
        for each, receipt in zip(documents, receipts, strict=True):
            truths.update(dict.fromkeys(receipt.referrals, each.truth))
    return truths


def closable(row: Any, signals: dict[str, Any]) -> str:
    """Why a referral could be closed in bulk, or nothing."""
    if row.floor:
        return ""
    if signals.get("group.viral"):
        return "viral"
    if not row.is_line or (signals.get("group.duplicate") or 0) >= 2:
        return "duplicate"
    named = signals.get("file.named_count") or 0
    known = sum(signals.get(f"file.{each}_count") or 0 for each in ("known", "near", "negative", "common"))
    if named and known >= named:
        return "known"
    leads = ("contact.email_count", "contact.phone_count", "ip.count", "file.named_count")
    return "" if any(signals.get(each) for each in leads) else "empty"


def placed(unit: UUID, truths: dict[UUID, Any]) -> list[Placed]:
    from grace.casework.models import QueueRow
    from grace.priority.models import Assessment

    signals = {
        referral: {name: value for name, value, *_rest in told}
        for referral, told in Assessment.objects.values_list("referral_id", "signals")
    }
    return [
        Placed(
            (row.turn, row.floor, row.score),
            truths[row.referral_id].urgent,
            truths[row.referral_id].stated,
            str(truths[row.referral_id].why or ""),
            closable(row, signals[row.referral_id]),
        )
        for row in QueueRow.objects.filter(unit_id=unit).order_by("-turn", "-floor", "-score", "-referral_id")
        if row.referral_id in truths
    ]


def tell(found: list[Placed], read: int) -> None:
    urgent, calm = sum(each.urgent for each in found), sum(not each.urgent for each in found)
    weight = REAL * calm / ((1 - REAL) * urgent) if urgent else 1.0
    whole, seen, above = calm + weight * urgent, 0.0, []
    missed: Counter[str] = Counter()
    for each in found:
        seen += weight if each.urgent else 1
        if each.urgent:
            above.append((seen <= TENTH * whole, each.stated))
            if not above[-1][0]:
                missed[f"{each.why}, {'stated' if each.stated else 'not stated'}"] += 1
    stated = [inside for inside, is_stated in above if is_stated]
    print(f"{len(found):,} referrals in the queue, {urgent} urgent, weighed to {REAL:.2%} of it ({weight:.3f} each)")
    print(f"urgent in the first tenth: {sum(inside for inside, _ in above) / max(1, urgent):.1%} of all   (bar: 99 %)")
    print(
        f"    of those that say why: {sum(stated) / max(1, len(stated)):.1%} of {len(stated)}; of those that do not: {urgent - len(stated)} in all"
    )
    for name, number in missed.most_common():
        print(f"    below: {number} {name}")
    print(f"on a floor: {sum(each.position[1] > 0 for each in found) / len(found):.1%} of the queue")
    bulk = [each for each in found if each.closable]
    kinds = Counter(each.closable for each in bulk)
    print(
        f"closable in bulk: {len(bulk) / len(found):.1%} of the queue   (bar: 50 %)   "
        + ", ".join(f"{name} {n / len(found):.1%}" for name, n in kinds.most_common())
    )
    bound(bulk, read)


def bound(bulk: list[Placed], read: int) -> None:
    from grace.casework.bounds import most_in_all

    sample = random.Random(1).sample(bulk, min(read, len(bulk)))  # noqa: S311 - a draw that can be made again
    shown = sum(each.urgent for each in sample)
    most, true = most_in_all(len(bulk), len(sample), shown), sum(each.urgent for each in bulk)
    print(
        f"a sample of {len(sample)} of them shows {shown} urgent: at most {most} of {len(bulk):,} ({most / max(1, len(bulk)):.2%}) with 95 % confidence;"
        f" true: {true}{' (the bound holds)' if true <= most else ' (the bound is broken)'}"
    )


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--size", type=int, default=3_000)
    asked.add_argument("--seed", type=int, default=6)
    asked.add_argument("--urgent-share", type=float, default=REAL)
    asked.add_argument("--quiet-share", type=float, default=0.1)
    asked.add_argument("--read", type=int, default=300)
    options = asked.parse_args()
    print(ground.machine())
    with ground.installation():
        from grace.simulate.world import World
        from tests.support.people import make_unit

        unit, world = make_unit("Benchmark"), World(plan(options))
        load_lists(world)
        begun = time.perf_counter()
        truths = take_in(unit.id, world, options.size)
        print(f"taken in with all jobs in {time.perf_counter() - begun:.0f} s")
        tell(placed(unit.id, truths), options.read)
    os._exit(0)


if __name__ == "__main__":
    sys.path.insert(0, ".")
    main()
