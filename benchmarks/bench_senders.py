"""The pages about senders at 200,000 referrals of 300 senders, the folding of their days, and what feedback costs an intake.

    python benchmarks/bench_senders.py [REFERRALS] [REPEATS]

The rows are made in the database; requests go through the whole of Django. The largest sender has a third of all referrals. Each page
is asked for as all days are counted, and again as the days of the last minute of a busy intake wait to be counted.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import ground

REFERRALS = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
REPEATS = int(sys.argv[2]) if len(sys.argv) > 2 else 40
LIMIT = 100.0
"""Milliseconds that 95 % of requests may take."""
MINUTE = 6_000
"""Referrals of a minute at a hundred a second: their days are touched and not counted yet."""

FILL = """
INSERT INTO intake_sender (id, name, kind) SELECT gen_random_uuid(), 'Example Sender ' || n, 'provider' FROM generate_series(1, 300) n;
INSERT INTO referrals_referral (id, number, unit_id, issuer, external, sender_id, received_at, versions)
SELECT gen_random_uuid(), nextval('referrals_number'), u.id, 'benchmark', 'EX-' || n,
       (SELECT array_agg(id ORDER BY name) FROM intake_sender)[CASE WHEN n %% 3 = 0 THEN 1 ELSE 1 + (power(random(), 3) * 299)::int END],
       now() - n * (interval '60 days' / %(referrals)s), 1
FROM generate_series(1, %(referrals)s) n, accounts_unit u WHERE u.slug = 'harbour-unit';
INSERT INTO casework_queue (referral_id, unit_id, status, outcome, floor, score, completeness, actionability, urgency, novelty, why, number,
                            sender_id, incident_kind, summary, format, recipients, received_at, changed_at, lacks, way, over_share_on)
SELECT r.id, r.unit_id, CASE WHEN r.number %% 4 = 0 THEN 'closed' ELSE 'open' END, CASE WHEN r.number %% 4 = 0 THEN 'known' ELSE '' END,
       0, (random() * 9000)::int, 10 * (random() * 10)::int, 5 * (random() * 20)::int, 10, 60, '[]', r.number, r.sender_id, 'material',
       CASE WHEN r.number %% 2 = 0 THEN '{"accounts": 1, "files": 3, "here": 3}' ELSE '{"accounts": 1}' END::jsonb, 'lea-json', '["DE"]',
       r.received_at, r.received_at,
       CASE WHEN r.number %% 5000 = 0 THEN '["ip.port-missing", "file.changed"]' WHEN r.number %% 3 = 0 THEN '["ip.port-missing", "person.contact-missing"]'
            ELSE '["file.viewed-not-stated"]' END::jsonb, 'api', CASE WHEN r.number %% 10 = 0 THEN r.received_at::date END
FROM referrals_referral r;
INSERT INTO casework_sender_touched (unit_id, sender_id, day, rows)
SELECT unit_id, sender_id, (received_at AT TIME ZONE 'UTC')::date, count(*) FROM casework_queue GROUP BY 1, 2, 3;
INSERT INTO intake_sender_day (sender_id, unit_id, day, received, counted, over_share)
SELECT sender_id, unit_id, (received_at AT TIME ZONE 'UTC')::date, count(*), 0, count(over_share_on) FROM casework_queue GROUP BY 1, 2, 3;
"""
TOUCH = """
INSERT INTO casework_sender_touched (unit_id, sender_id, day, rows)
SELECT unit_id, sender_id, (received_at AT TIME ZONE 'UTC')::date, count(*) FROM (
    SELECT *, row_number() OVER (ORDER BY received_at DESC) / 50 AS batch FROM casework_queue ORDER BY received_at DESC LIMIT %(minute)s
) last GROUP BY batch, 1, 2, 3
"""


def execute(*statements: str) -> None:
    import psycopg

    from grace.host import database, environment
    from grace.host.database import Role

    address = database.address(environment.read(), Role.OWNER).url
    with psycopg.connect(address, autocommit=True, cursor_factory=psycopg.ClientCursor) as owner:
        for each in statements:
            owner.execute(each, {"referrals": REFERRALS, "minute": min(MINUTE, REFERRALS // 30)})


def feedback() -> None:
    """What looking for remarks adds to reading one report."""
    from grace.intake.differ import carries
    from grace.intake.feedback import remarks
    from grace.intake.normalise import facts
    from grace.intake.understand import understood
    from tests.support.deliveries import sample

    with understood("report.json", sample("d1")) as found:
        (read,) = found.reads
    fields = carries(read.report.format)
    states = [(each.stated.path, "named") for each in read.facts.attachments]
    for name, work in (("facts", lambda: facts(read.report)), ("remarks", lambda: remarks(read.report, read.facts, fields, states))):
        begun = time.perf_counter()
        for _ in range(500):
            work()
        print(f"{name:>10}: {1e6 * (time.perf_counter() - begun) / 500:7.0f} microseconds a report of the samples' size")


def addresses() -> dict[str, str]:
    from grace.intake.models import Sender
    from grace.kernel import clock

    first = Sender.objects.order_by("name").first()
    today = clock.now().date()
    month = {"since": str(today - timedelta(days=29)), "until": str(today)}
    assert first is not None
    rows = f"/senders/{first.id}/referrals/?"
    return {
        "list": "/senders/",
        "list by completeness": "/senders/?sort=completeness",
        "list by what waits": "/senders/?sort=waiting",
        "largest, 30 days": f"/senders/{first.id}/",
        "largest, 90 days": f"/senders/{first.id}/?days=90",
        "its referrals": rows + urlencode(month),
        "… that lack a common field": rows + urlencode(month | {"lacks": "ip.port-missing"}),
        "… that lack a rare one": rows + urlencode(month | {"lacks": "file.changed"}),
        "… that lack one nobody lacks": rows + urlencode(month | {"lacks": "person.missing"}),
        "over its share today": f"/queue/?sender={first.id}&over_share=1",
    }


def measure(get: Callable[[str], object], when: str) -> None:
    """Every page so many times, and all of them together."""
    together: list[float] = []
    for name, address in addresses().items():
        get(address)
        times = sorted(timed(get, address) for _ in range(REPEATS))
        together += times
        print(f"{name:>30}: median {statistics.median(times):6.1f} ms   95 % {quantile(times):6.1f} ms   worst {times[-1]:6.1f} ms")
    print(f"{when:>30}: {len(together)} requests, 95 % within {quantile(together):.1f} ms (bar: {LIMIT:.0f} ms)")


def quantile(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[18] if len(times) > 1 else times[0]


def timed(get: Callable[[str], object], address: str) -> float:
    begun = time.perf_counter()
    get(address)
    return 1000 * (time.perf_counter() - begun)


def main() -> None:
    print(ground.machine())
    with ground.installation():
        import grace.config.wsgi  # noqa: F401 - everything loaded, and set aside from the garbage collector, as in the server
        from grace.pipeline import sender_pages
        from tests.support.ground import collect_static
        from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_person, make_unit

        collect_static()
        alice = make_person("Alice", make_unit("Harbour Unit"), EVERYTHING_BUT_ACCOUNTS)
        feedback()
        execute(FILL, "VACUUM ANALYZE")
        begun = time.perf_counter()
        days = sender_pages.count_days()
        print(f"{'fold':>10}: {days:,} days of senders with {REFERRALS:,} referrals in {time.perf_counter() - begun:.1f} s")
        execute("VACUUM ANALYZE")  # what the database does by itself within minutes

        def get(address: str) -> object:
            answer = alice.client.get(address, headers={"host": "localhost"})
            assert answer.status_code == 200, (address, answer.status_code)
            return answer

        print(f"{'first':>10}: {timed(get, '/senders/'):.0f} ms for the first request of a process, which loads the programme")
        measure(get, "all days counted")
        execute(TOUCH)
        measure(get, "a minute's intake uncounted")
    os._exit(0)


if __name__ == "__main__":
    sys.path.insert(0, ".")
    main()
