"""The line: what two promises come to in independent batches, beside what is done elsewhere, and when drift is met.

    python benchmarks/bench_line.py [BATCHES] [RUNS]     (default 1,000 and 100: two to four minutes)

All is drawn anew in each batch: audits, line and the batch that follows. The world is invented and its truth computed, see
tests/support/lines.py. What was read elsewhere as a guarantee stands beside ours: the plain quantile, the conformal quantile
(which keeps the mean) and the bound of Clopper and Pearson (which keeps the population, and is our population promise).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import ground
import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.support.lines import KINDS, LOOKS, SHARES, STATES, Course, World, courses, in_time, trials, weighted

BATCHES = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
RUNS = int(sys.argv[2]) if len(sys.argv) > 2 else 100
WHOLE = World(audited=100_000, batch=20_000)
STATEWISE = World(audited=1_000_000, batch=100_000)
LABELS = 2_000
LENGTHS = (250, 1_000, 2_000)
"""A line is to be drawn anew when as many were audited since as it rests on."""


def batches() -> None:
    for share in (10, 50):
        print(
            f"\nat most {share / 10:g} % below, {BATCHES:,} batches of {WHOLE.batch:,} referrals after {WHOLE.audited:,} audited, 2 % urgent"
        )
        for name, told in trials(share, WHOLE, BATCHES, seed=share).items():
            print(
                f"  {name:22}  batches broken {told.batch_share:6.1%}  lines broken in the population {told.population_share:6.1%}"
                f"  refused {told.refused:4}  read {told.read:5.1%}"
            )


def by_state() -> None:
    for share in (10, 50):
        print(f"\nthe same by state, at most {share / 10:g} %, batches of {STATEWISE.batch:,} after {STATEWISE.audited:,} audited")
        for number, name in enumerate(STATES):
            told = trials(share, STATEWISE, BATCHES, seed=100 * share + number, state=number)
            parts = "  ".join(f"{way} {one.batch_share:6.1%}" for way, one in told.items() if one.refused < one.trials)
            ours = told["batch promise"]
            print(f"  {name:8} {SHARES[number]:4.0%} of the urgent  refused {ours.refused:5}  batches broken: {parts}")


def by_weight() -> None:
    print(f"\nsamples of unequal shares (lower half of the scores at 2 %, upper at 10 %), at most 5 %, {BATCHES:,} batches")
    for name, told in weighted(50, BATCHES, seed=9).items():
        print(
            f"  {name:30}  batches broken {told.batch_share:6.1%}  in the population {told.population_share:6.1%}  refused {told.refused}"
        )


def _told(found: list[Course]) -> str:
    fired = [each for each in found if each.alarm is not None]
    at = [each.missed[each.alarm - 1] for each in fired if each.alarm]
    signs = {sign: sum(each.seen.get(sign, LOOKS + 1) == each.alarm for each in fired) for sign in ("ranks", "rate", "scores")}
    first = ", ".join(f"{sign} {number}" for sign, number in signs.items() if number)
    when = f"miss rate then (median, 95 %) {np.median(at):.2f}, {np.quantile(at, 0.95):.2f} of the promise" if at else ""
    return f"before twice the promise {in_time(found):6.1%}  {when}  first seen by {first or 'none'}"


def drifts() -> None:
    for share in (10, 50):
        print(
            f"\nat most {share / 10:g} %, line on {LABELS:,} audited urgent ones; even drift until twice as many are missed; {RUNS} runs each"
        )
        for name, drift in KINDS.items():
            for length in LENGTHS:
                found = courses(share, drift, length, LABELS, RUNS, seed=share * length)
                if drift == KINDS["nothing changes"]:
                    alarms = sum(each.alarm is not None for each in found) / RUNS
                    print(f"  {name:50} {length:5,} audited urgent ones  alarms although {alarms:6.1%}")
                else:
                    print(f"  {name:50} {length:5,} on the way  {_told(found)}")


def main() -> None:
    print(ground.machine(), f"numpy {np.__version__}")
    begun = time.perf_counter()
    for part in (batches, by_state, by_weight, drifts):
        part()
    print(f"\n{time.perf_counter() - begun:.0f} s in all")


if __name__ == "__main__":
    main()
