"""The page of a unit at 200,000 referrals: what its counting costs the job, and how long the page and the lists behind its numbers take.

    python benchmarks/bench_unit.py [REFERRALS] [REPEATS]

The rows are those of bench_senders.py (300 senders, 60 days, a quarter closed); to them come a decision on each closed one, ten looks at
files for each hundred referrals in the ledger, and a floor under one referral in two hundred. Requests go through the whole of Django.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from functools import partial

import bench_senders
import ground

REPEATS = int(sys.argv[2]) if len(sys.argv) > 2 else 20
LIMIT = 300.0
"""Milliseconds that the page may take."""
MORE = """
UPDATE casework_queue SET floor = 90, urgency = 80 WHERE number %% 200 = 0;
INSERT INTO casework_decision (id, referral_id, officer_id, act, reason, recipient, floor, before, decided_at)
SELECT gen_random_uuid(), q.referral_id, o.id, CASE WHEN q.number %% 100 = 0 THEN 'escalate' ELSE 'known' END, 'said so', '', q.floor, '{}',
       q.received_at + (random() * interval '5 days')
FROM casework_queue q, accounts_officer o WHERE q.status = 'closed' AND o.username = 'alice';
INSERT INTO custody_entry (id, at, actor, kind, act, purpose, subjects, detail, recipient, denied, salt)
SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7000' || '8' || lpad(to_hex(n), 15, '0'))::uuid, at,
       'officer:' || o.id, 'CONSULTATION', CASE WHEN n %% 3 = 0 THEN 'file.look' ELSE 'referral.read' END, 'triage', '{}', '{}', '', false,
       decode(md5(n::text), 'hex')
FROM (SELECT n, now() - n * (interval '60 days' / (%(referrals)s / 3)) AS at FROM generate_series(1, %(referrals)s / 3) n) t, accounts_officer o;
ANALYZE
"""
PAGES = {
    "the page": "/unit/",
    "waiting, all": "/unit/referrals/",
    "waiting for 30 to 60 days": "/unit/referrals/?age=3",
    "… of low completeness": "/unit/referrals/?age=3&axis=completeness&band=0",
    "… a band that is empty": "/unit/referrals/?age=3&axis=novelty&band=0",
    "urgent ones": "/unit/referrals/?age=1&urgent=1",
    "begun in 30 days": "/unit/referrals/?what=begun",
    "… the late ones": "/unit/referrals/?what=begun&over=400000",
    "let go against a floor": "/unit/referrals/?what=let_go",
    "escalated without one": "/unit/referrals/?what=raised",
    "the laboratory": "/unit/laboratory/",
}


def main() -> None:
    print(ground.machine())
    with ground.installation():
        from grace.kernel import clock
        from grace.pipeline import unit as pipeline
        from tests.support.ground import collect_static
        from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_person, make_unit

        collect_static()
        unit = make_unit("Harbour Unit")
        alice = make_person("Alice", unit, EVERYTHING_BUT_ACCOUNTS)
        bench_senders.execute(bench_senders.FILL, MORE)
        counting = []
        for _time in range(5):
            begun = time.perf_counter()
            pipeline._count(unit.id)  # noqa: SLF001 - what the job does each minute
            counting.append(1000 * (time.perf_counter() - begun))
        print(f"counting all figures anew, by the job: median {statistics.median(counting):.0f} ms, worst {max(counting):.0f} ms")
        with clock.held(clock.now()):
            for name, address in PAGES.items():
                get = partial(alice.client.get, headers={"host": "localhost"})
                answer = get(address)
                assert answer.status_code == 200
                times = sorted(bench_senders.timed(get, address) for _ in range(REPEATS))
                print(
                    f"{name:>30}: median {statistics.median(times):6.1f} ms   95 % {bench_senders.quantile(times):6.1f} ms   worst {times[-1]:6.1f} ms"
                )
        print(f"bar: the page within {LIMIT:.0f} ms")
    os._exit(0)


if __name__ == "__main__":
    sys.path.insert(0, ".")
    main()
