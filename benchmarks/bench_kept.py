"""What a batch of new referrals costs with 10, 100 and 1,000 kept searches, beside running each of them, and what a page's pill costs.

    python benchmarks/bench_kept.py [--size REFERRALS] [--repeats REPEATS]

The world is that of ``bench_search.py``. Of a hundred kept searches one asks for frequent words and one only for what is *not* there, the others for identifiers, beginnings, numbers, digests, fingerprints and rare words. Each round is rolled back, so that all have the same work.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from uuid import UUID

import bench_search
import ground

BATCHES = (1, 50, 1_000)
KEPT = (0, 10, 100, 1_000)


def options() -> argparse.Namespace:
    found = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    found.add_argument("--size", type=int, default=5_000, help="referrals")
    found.add_argument("--repeats", type=int, default=5)
    return found.parse_args()


def text_of(place: int) -> str:
    """What a kept search asks for, by its place."""
    number = place * 4 + 1
    if place % 100 == 0:
        return f"-word{number}"
    if place % 100 == 50:
        return f"word{place % 7} or word{place % 11} report"
    rare = (
        f"person.{number}.5@example.net",
        f"+44 77 {number * 10 + 2:08d}",
        f"2001:db8:{number:x}::",
        f"R-26-{number}",
        f"word{number} word{number + 3}",
        f"pdq:{number:064x}",
        f"{number:032x}",
        f"harbour_{number:03x}",
        f"ex-{number}",
    )
    return rare[place % len(rare)]


def timed(do: Callable[[], object]) -> float:
    """Milliseconds of one round, which is rolled back."""
    from django.db import transaction

    with transaction.atomic():
        begun = time.perf_counter()
        do()
        took = time.perf_counter() - begun
        transaction.set_rollback(True)
    return 1000 * took


def main() -> None:
    chosen = options()
    print(ground.machine())
    with ground.installation():
        from django.db import transaction

        from grace.casework.kept import keep, pending
        from grace.casework.kept.match import match
        from grace.casework.kept_models import KeptSearch
        from grace.casework.search import search
        from grace.casework.search_narrow import Narrow
        from grace.kernel import clock
        from grace.referrals.models import Referral
        from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit, viewer_for

        unit = make_unit("Harbour Unit")
        make_unit("Hill Unit")
        alice = viewer_for(make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS))
        make_officer("Bob", unit, EVERYTHING_BUT_ACCOUNTS)
        print(f"{chosen.size:,} referrals, {bench_search.fill(chosen.size):,} identifiers")
        newest = list(Referral.objects.filter(unit=unit).order_by("-number").values_list("id", flat=True)[: max(BATCHES)])
        made = 0
        for number in KEPT:
            with transaction.atomic():
                for place in range(made, number):
                    keep.keep(alice, keep.Wish(f"search {place}", text_of(place), Narrow(), for_unit=False), clock.now())
            made = number
            KeptSearch.objects.update(since_at="2000-01-01T00:00:00Z")
            for batch in BATCHES:
                hits: list[int] = []

                def round_(some: list[UUID], hits: list[int] = hits) -> None:
                    pending.note(unit.id, some)
                    hits.append(sum(len(each) for each in match(unit.id, clock.now(), max(BATCHES)).hits.values()))

                times = [timed(partial(round_, newest[:batch])) for _ in range(chosen.repeats)]
                median = statistics.median(times)
                print(
                    f"{number:>5,} kept, batch of {batch:>5,}: median {median:7.1f} ms   worst {max(times):7.1f} ms   {median / batch:7.3f} ms a referral   {hits[-1]:,} hits"
                )
        asked = [text_of(place) for place in range(0, made, 25)]
        each = statistics.mean(timed(partial(search, alice, text, Narrow(), most=1)) for text in asked)
        print(
            f"running each of {made:,} searches instead: {each:.1f} ms each on average of {len(asked)}, {each * made / 1000:.1f} s for a batch of any size"
        )
        news = [timed(partial(keep.with_news, alice)) for _ in range(50)]
        print(f"the pill of a page: median {statistics.median(news):.1f} ms with {made:,} kept")
    os._exit(0)


if __name__ == "__main__":
    sys.path.insert(0, ".")
    main()
