"""The queue page at 200,000 referrals: server time of every combination of filters, of searches, and by depth of paging.

    python benchmarks/bench_queue.py [REFERRALS] [REPEATS]

The rows are made in the database by the same distribution as the invented world's (senders, kinds, floors, officers, states),
a third of them in viral groups, two senders in bulk lanes;
requests go through the whole of Django: middleware, sign-in, verbs, ledger entry, template.
"""

from __future__ import annotations

import itertools
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import ground

REFERRALS, REPEATS = 200_000, 5
if __name__ == "__main__":
    REFERRALS = int(sys.argv[1]) if len(sys.argv) > 1 else REFERRALS
    REPEATS = int(sys.argv[2]) if len(sys.argv) > 2 else REPEATS
LIMIT = 100.0
"""Milliseconds that 95 % of requests may take."""

FILL = """
INSERT INTO intake_sender (id, name, kind)
SELECT gen_random_uuid(), 'Example Sender ' || n, 'provider' FROM generate_series(1, 40) n;

INSERT INTO referrals_referral (id, number, unit_id, issuer, external, sender_id, received_at, versions)
SELECT gen_random_uuid(), nextval('referrals_number'), u.id, 'benchmark', 'EX-' || n,
       (SELECT array_agg(id ORDER BY name) FROM intake_sender)[1 + (power(random(), 3) * 39)::int + 0 * n], now() - n * interval '20 seconds', 1
FROM generate_series(1, %(referrals)s) n, accounts_unit u WHERE u.slug = 'harbour-unit';

INSERT INTO casework_queue (referral_id, unit_id, status, officer_id, outcome, floor, score, completeness, actionability, urgency, novelty,
                            why, number, sender_id, incident_kind, summary, format, recipients, received_at, changed_at)
SELECT r.id, r.unit_id,
       CASE WHEN r.number %% 20 = 0 THEN 'closed' WHEN r.number %% 50 = 1 THEN 'taken' ELSE 'open' END,
       CASE WHEN r.number %% 50 = 1 THEN (SELECT id FROM accounts_officer WHERE username = CASE WHEN r.number %% 100 = 1 THEN 'alice' ELSE 'bob' END) END,
       '', CASE WHEN random() < 0.0018 THEN 90 ELSE 0 END, (random() * 9000)::int, 60, 50, 10, 60,
       '[["a-ip", 25, "address with port and second", "actionability"], ["n-new", 60, "files on no list", "novelty"]]',
       r.number, r.sender_id, (ARRAY['material', 'material', 'material', 'material', 'enticement', 'other', 'travel'])[1 + (random() * 6)::int],
       '{"accounts": 1, "files": 3, "new": 2, "known": 1}', 'lea-json',
       (ARRAY['["DE"]', '["DE", "AT"]', '["FR"]', '["FR", "DE"]', '["IT"]', '["ES"]', '["PL", "DE"]', '["NL"]', '["europol"]', '["MT"]'])[
           1 + (power(random(), 1.5) * 9)::int]::jsonb, r.received_at, r.received_at
FROM referrals_referral r;

INSERT INTO referrals_identifier (id, kind, value)
SELECT gen_random_uuid(), 'email', 'person.' || n || '@example.net' FROM generate_series(1, %(referrals)s) n;
"""
SIGHTINGS = """
WITH d AS (
    INSERT INTO evidence_object (id, size, sha256, wrapped_key, agency_key_id, sealed_at)
    VALUES (gen_random_uuid(), 1, sha256('x'), 'x', '1', now()) RETURNING id
), doc AS (
    INSERT INTO intake_document (id, unit_id, sha256, size, object_id, way, name, received_at, state, format, format_version, reason_code, reason, attempts, dismissed_because)
    SELECT gen_random_uuid(), u.id, sha256('x'), 1, d.id, 'benchmark', 'x', now(), 'read', 'lea-json', '1', '', '', 1, ''
    FROM d, accounts_unit u WHERE u.slug = 'harbour-unit' RETURNING id
), v AS (
    INSERT INTO referrals_version (id, referral_id, ordinal, document_id, format, known_at, incident_type, incident_kind, incident_zone, canonical)
    SELECT gen_random_uuid(), r.id, 1, doc.id, 'lea-json', now(), '', 'material', '', 'x' FROM referrals_referral r, doc RETURNING id, referral_id
)
INSERT INTO referrals_sighting (referral_id, version_id, identifier_id, as_written, zone, precision, weak, basis, path)
SELECT v.referral_id, v.id, i.id, i.value, '', '', false, 'reported', '$'
FROM (SELECT *, row_number() OVER () AS n FROM v) v JOIN (SELECT *, row_number() OVER () AS n FROM referrals_identifier) i ON i.n = v.n;

INSERT INTO referrals_occurrence (unit_id, beginning, identifier_id)
SELECT r.unit_id, left(i.value, 200), i.id
FROM referrals_sighting g JOIN referrals_referral r ON r.id = g.referral_id JOIN referrals_identifier i ON i.id = g.identifier_id
ON CONFLICT DO NOTHING
"""

TOGETHER = """
INSERT INTO links_group (id, unit_id, kind, key, definition_id, members, accounts, spans, made_at)
SELECT gen_random_uuid(), u.id, 'viral', sha256(n::text::bytea), d.id, 2, 2, '[]', now()
FROM generate_series(1, 300) n, accounts_unit u JOIN links_definition d ON d.unit_id = u.id WHERE u.slug = 'harbour-unit';

UPDATE casework_queue SET group_id = (SELECT array_agg(id ORDER BY key) FROM links_group WHERE kind = 'viral')[1 + (power(random(), 4) * 299)::int], is_line = floor > 0
WHERE number % 3 = 0;
UPDATE casework_queue SET is_line = true, stands = true
WHERE referral_id IN (SELECT DISTINCT ON (group_id, status) referral_id FROM casework_queue WHERE group_id IS NOT NULL ORDER BY group_id, status);

INSERT INTO casework_lane (id, unit_id, sender_id, share, seed, reason, opened_by_id, opened_at, close_reason, figures)
SELECT gen_random_uuid(), u.id, s.id, 50, 'x', 'a flood', o.id, now(), '', '{}'
FROM accounts_unit u, intake_sender s, accounts_officer o
WHERE u.slug = 'harbour-unit' AND o.username = 'alice' AND s.name IN ('Example Sender 3', 'Example Sender 7');
UPDATE casework_queue q SET lane_id = l.id, turn = CASE WHEN floor = 0 AND number % 20 <> 1 THEN 0 ELSE 1 END
FROM casework_lane l WHERE l.sender_id = q.sender_id AND q.status = 'open';
"""
"""A third of all in viral groups, of which each shows one line; two senders in bulk lanes."""


def fill(referrals: int) -> None:
    import psycopg

    from grace.host import database, environment
    from grace.host.database import Role

    with psycopg.connect(
        database.address(environment.read(), Role.OWNER).url, autocommit=True, cursor_factory=psycopg.ClientCursor
    ) as owner:
        owner.execute(FILL, {"referrals": referrals})
        owner.execute(SIGHTINGS)
        owner.execute(TOGETHER)
        owner.execute("VACUUM ANALYZE")


def requests() -> Iterator[tuple[str, dict[str, str]]]:
    """Every combination of filters, then searches with hits, with many and with none."""
    from grace.intake.models import Sender

    senders = list(Sender.objects.order_by("name"))
    parts: list[list[tuple[str, str]]] = [
        [("status", each) for each in ("open", "taken", "closed")],
        [("whose", each) for each in ("", "mine", "free")],
        [("sender", ""), ("sender", str(senders[0].id)), ("sender", str(senders[-1].id))],
        [("kind", each) for each in ("", "material", "domain")],
        [("state", each) for each in ("", "MT", "europol")],
        [("urgent", ""), ("urgent", "1")],
        [("new", ""), ("new", "1")],
        [("every", ""), ("every", "1")],
    ]
    for chosen in itertools.product(*parts):
        yield "filters", {name: value for name, value in chosen if value}
    for text in (
        "person.7@example.net",
        "PERSON.70@EXAMPLE.NET",
        "person.",
        "EX-1",
        "EX-77777",
        "77777",
        "nobody@example.org",
        "zzz",
        "d41d8cd98f00b204e9800998ecf8427e",
    ):
        yield "searches", {"q": text}
        yield "searches", {"q": text, "kind": "travel", "whose": "free"}


def timed(get: Callable[[str], object], address: str) -> float:
    begun = time.perf_counter()
    get(address)
    return 1000 * (time.perf_counter() - begun)


def main() -> None:
    print(ground.machine())
    with ground.installation():
        from grace.pipeline.groups import definitions
        from tests.support.ground import collect_static
        from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_person, make_unit

        collect_static()
        unit = make_unit("Harbour Unit")
        alice = make_person("Alice", unit, EVERYTHING_BUT_ACCOUNTS)
        make_person("Bob", unit, EVERYTHING_BUT_ACCOUNTS)
        definitions(alice.viewer)  # the first is made
        fill(REFERRALS)

        def get(address: str) -> object:
            answer = alice.client.get(address, headers={"host": "localhost"})
            assert answer.status_code == 200, (address, answer.status_code)
            return answer

        get("/queue/")
        measured: dict[str, list[float]] = {}
        slowest: list[tuple[float, str]] = []
        for group, parameters in requests():
            address = "/queue/?" + urlencode(parameters)
            times = sorted(timed(get, address) for _ in range(REPEATS))
            measured.setdefault(group, []).extend(times)
            slowest.append((times[-1], address))
        for group, times in measured.items():
            quantiles = statistics.quantiles(times, n=100)
            print(
                f"{group:>10}: {len(times):>5} requests   median {quantiles[49]:6.1f} ms   95 % {quantiles[94]:6.1f} ms   worst {max(times):6.1f} ms   (bar: 95 % under {LIMIT:.0f} ms)"
            )
        for took, address in sorted(slowest, reverse=True)[:5]:
            print(f"    slowest: {took:6.1f} ms {address}")
        depths(alice.viewer, get)
    os._exit(0)


def depths(viewer: object, get: Callable[[str], object]) -> None:
    """The same page at growing depth: paging by key costs the same everywhere."""
    from grace.casework import queue
    from grace.casework.queue import Filters

    after, place, found = "", 0, {}
    while place <= min(REFERRALS // 2, 100_000):
        if place in {0, 1_000, 10_000, 100_000}:
            found[place] = statistics.median(timed(get, "/queue/?" + urlencode({"after": after})) for _ in range(max(REPEATS, 5)))
        page = queue.page(viewer, Filters(), after=after, most=200)  # type: ignore[arg-type]  # a viewer
        after, place = page.after, place + 200
    print("     depth: " + "   ".join(f"{place:,}: {took:.1f} ms" for place, took in found.items()))


if __name__ == "__main__":
    sys.path.insert(0, ".")
    main()
