"""A unit's queue played through: five ways of choosing beside each other, at loads below and above 1.

    python benchmarks/bench_backlog.py [COURSES]     (default 20: five minutes)

50 officers, one shift of eight hours on every day, an hour a referral: 400 can be read in a day. Scores are binormal, of a stated
quality (AUC); no floor helps, which is harder than the product, whose floors come first. Urgent: 0.18 %. All ways see the same
courses. The bar is read at load 1.1 over 120 days from an empty desk, with the share out of turn that the table names; which AUC it
asks for is printed, not chosen. Nothing below is tuned: the usual share of the product and half of it are both shown.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from math import sqrt

import ground

from grace.priority.laboratory.setting import Setting, Shift, Way
from grace.priority.laboratory.told import over

COURSES = int(sys.argv[1]) if len(sys.argv) > 1 else 20
BASE = Setting(per_day=440, minutes=60, shifts=(Shift(50, days=tuple(range(7))),), urgent_share=0.0018)
HALF, USUAL = 100, 200
QUALITIES = (0.80, 0.85, 0.90, 0.95, 0.98)


def played(setting: Setting, name: str) -> None:
    told = over(setting, range(1, COURSES + 1))
    figures = {key: value[0] if value else float("nan") for key, value in told["figures"].items()}
    in_time = 1 - told["urgent_late"] / told["urgent"]
    error = 1.96 * sqrt(in_time * (1 - in_time) / told["urgent"])
    met = in_time >= 0.99 and figures["unread"] <= 0.01
    print(
        f"  {name:34}  urgent within 24 h {in_time:6.1%} ± {error:4.1%}  95 % within {figures['urgent_p95']:7.1f} h"
        f"  longest {figures['urgent_longest']:7.0f} h  unread after 60 days {figures['unread']:6.2%}  oldest {figures['oldest']:5.1f} d"
        f"  waiting {figures['waiting']:6,.0f}{'  bar met' if met else ''}"
    )


def ways(load: float, auc: float) -> None:
    print(f"\nload {load}, AUC {auc}, {COURSES} courses of 120 days ({COURSES * 120 * 400 * load:,.0f} referrals each way)")
    setting = replace(BASE, per_day=400 * load, auc=auc)
    for name, way in (
        ("first in, first out", Way.FIFO),
        ("score only", Way.SCORE),
        ("score and age", Way.AGEING),
        ("earliest deadline", Way.DEADLINE),
    ):
        played(replace(setting, policy=way), name)
    for share in (HALF, USUAL):
        played(replace(setting, out_of_turn=share), f"score, {share / 10:g} % out of turn")


def qualities() -> None:
    print("\nload 1.1, 20 % out of turn, by the quality of the score")
    for auc in QUALITIES:
        played(replace(BASE, auc=auc, out_of_turn=USUAL), f"AUC {auc}")
    print("\nthe same, half of the urgent ones held up by a floor, as are 2 % of the others")
    for auc in QUALITIES[:3]:
        played(replace(BASE, auc=auc, out_of_turn=USUAL, floored=0.5, false_floors=0.02), f"AUC {auc}")


def shares() -> None:
    print("\nload 1.1, AUC 0.95, by the share out of turn")
    for share in (0, 50, 100, 150, 200, 300, 500):
        played(replace(BASE, out_of_turn=share), f"{share / 10:g} % out of turn")
    print("\nload 1.1, AUC 0.95, 20 % out of turn, longer courses: the tail grows for as long as the load stays above 1")
    for days in (120, 240, 365):
        played(replace(BASE, out_of_turn=USUAL, days=days), f"{days} days")
    print("\nload 1.1, AUC 0.95, 20 % out of turn, nobody at work at the weekend")
    played(replace(BASE, out_of_turn=USUAL, shifts=(Shift(70),)), "70 officers, Monday to Friday")


def main() -> None:
    print(ground.machine())
    begun = time.perf_counter()
    for load in (0.95, 1.1, 1.5):
        ways(load, 0.95)
    qualities()
    shares()
    print(f"\n{time.perf_counter() - begun:.0f} s in all")


if __name__ == "__main__":
    main()
