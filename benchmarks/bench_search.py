"""The search page at 200,000 referrals and 2,000,000 identifiers: server time by what is typed, narrowed or not, and by depth of paging.

    python benchmarks/bench_search.py [--size REFERRALS] [--repeats REPEATS]

Rows are made in the database: twelve identifiers a referral (the last of them shared by many), texts of thirty words of a vocabulary in
which few words are frequent, three named files; every fourth referral, with as many identifiers, is another unit's. Requests go through
the whole of Django: middleware, sign-in, verb, ledger entry, template.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import bench_queue
import ground

LIMIT = 200.0
"""Milliseconds that 95 % of requests may take."""
A_REFERRAL = 12
"""Identifiers of one."""

DOCUMENTS = """
UPDATE referrals_referral SET unit_id = (SELECT id FROM accounts_unit WHERE slug = 'hill-unit') WHERE number % 4 = 3;
UPDATE casework_queue q SET unit_id = r.unit_id FROM referrals_referral r WHERE r.id = q.referral_id AND r.number % 4 = 3;
TRUNCATE referrals_sighting, referrals_occurrence;

INSERT INTO referrals_attachment (id, version_id, referral_id, ordinal, state, name, md5, tags, fields, path)
SELECT gen_random_uuid(), v.id, v.referral_id, n, 'named', 'picture-' || n || '.jpg', decode(md5(r.number % 50000 || '.' || n), 'hex'), '[]', '{}', '$'
FROM referrals_version v JOIN referrals_referral r ON r.id = v.referral_id CROSS JOIN generate_series(0, 2) n;

INSERT INTO referrals_words (referral_id, version_id, unit_id, part, words)
SELECT r.id, v.id, r.unit_id, 0, to_tsvector('simple', said.text) || array_to_tsvector(ARRAY[' unit ' || r.unit_id])
FROM referrals_referral r JOIN referrals_version v ON v.referral_id = r.id CROSS JOIN LATERAL (
    SELECT string_agg('word' || (power(random(), 4) * 20000)::int, ' ') || ' the report' AS text FROM generate_series(1, 30) n WHERE r.number > 0
) said;
"""
IDENTIFIERS = """
CREATE TEMPORARY TABLE spelt AS
SELECT r.id AS referral_id, v.id AS version_id, r.unit_id, kind, value, sha256((kind || value)::bytea) AS digest
FROM referrals_referral r JOIN referrals_version v ON v.referral_id = r.id CROSS JOIN generate_series(1, {each}) n
CROSS JOIN LATERAL (SELECT (ARRAY['email', 'ip', 'phone', 'user_id', 'screen_name'])[1 + n % 5] AS kind) k
CROSS JOIN LATERAL (SELECT CASE
    WHEN n = {each} THEN '198.51.100.' || r.number % 200
    WHEN kind = 'email' THEN 'person.' || r.number || '.' || n || '@example.net'
    WHEN kind = 'ip' THEN '2001:db8:' || to_hex(r.number % 65536) || '::' || to_hex(n)
    WHEN kind = 'phone' THEN '+4477' || lpad((r.number * 10 + n)::text, 8, '0')
    WHEN kind = 'user_id' THEN '10' || r.number || n
    ELSE 'harbour_' || md5(r.number || '.' || n) END AS value) v2;
INSERT INTO referrals_identifier (id, kind, value)
SELECT DISTINCT ON (digest) encode(substring(digest, 1, 16), 'hex')::uuid, kind, value FROM spelt ON CONFLICT DO NOTHING;
INSERT INTO referrals_sighting (referral_id, version_id, identifier_id, as_written, zone, precision, weak, basis, path)
SELECT referral_id, version_id, encode(substring(digest, 1, 16), 'hex')::uuid, value, '', '', false, 'reported', '$' FROM spelt;
INSERT INTO referrals_occurrence (unit_id, beginning, identifier_id)
SELECT DISTINCT unit_id, value, encode(substring(digest, 1, 16), 'hex')::uuid FROM spelt ON CONFLICT DO NOTHING
"""


def options() -> argparse.Namespace:
    found = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    found.add_argument("--size", type=int, default=200_000, help="referrals")
    found.add_argument("--repeats", type=int, default=5)
    return found.parse_args()


def fill(size: int) -> int:
    """Make the rows; how many identifiers there are."""
    import psycopg

    from grace.host import database, environment
    from grace.host.database import Role

    bench_queue.fill(size)
    address = database.address(environment.read(), Role.OWNER).url
    with psycopg.connect(address, autocommit=True, cursor_factory=psycopg.ClientCursor) as owner:
        owner.execute(DOCUMENTS)
        owner.execute(IDENTIFIERS.replace("{each}", str(A_REFERRAL)))
        owner.execute("VACUUM ANALYZE")
        return int(owner.execute("SELECT count(*) FROM referrals_identifier").fetchone()[0])  # type: ignore[index]  # one row


def questions(size: int) -> Iterator[tuple[str, str]]:
    """What is typed, by what it is: found once, often, too often, and not at all."""
    some = [size // 7 * n + 1 for n in range(1, 6)]
    for number in some:
        yield "e-mail", f"PERSON.{number}.5@Example.net"
        yield "telephone", f"+44 77 {number * 10 + 2:08d}"
        yield "address", f"2001:DB8:{number % 65536:x}::1"
        yield "number", f"R-26-{number}"
        yield "report", f"ex-{number}"
        yield "word", f"word{number % 20_000}"
        yield "several words", f"word{number % 40} word{number % 7} report"
    yield from (("beginning", each) for each in ("person.1", "harbour_", "+4477", "p", "2001:db8", "ex-"))
    yield from (("shared address", f"198.51.100.{each}") for each in (1, 7, 77))
    yield from (("frequent word", each) for each in ("the report", "word0", "-word0", "report or word1"))
    yield from (("digest", each) for each in ("d41d8cd98f00b204e9800998ecf8427e", "1B2M2Y8AsgTpgAmY7PhCfg==", "0" * 64))
    yield from (("nothing", each) for each in ("nobody@example.org", "zzz", "?!"))


def timed(get: Callable[[str], object], address: str) -> float:
    begun = time.perf_counter()
    get(address)
    return 1000 * (time.perf_counter() - begun)


def main() -> None:
    chosen = options()
    print(ground.machine())
    with ground.installation():
        from grace.pipeline.groups import definitions
        from tests.support.ground import collect_static
        from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_person, make_unit

        collect_static()
        unit = make_unit("Harbour Unit")
        make_unit("Hill Unit")
        alice = make_person("Alice", unit, EVERYTHING_BUT_ACCOUNTS)
        make_person("Bob", unit, EVERYTHING_BUT_ACCOUNTS)
        definitions(alice.viewer)  # the first is made
        print(f"{chosen.size:,} referrals, {fill(chosen.size):,} identifiers, three quarters of them in the viewer's unit")

        def get(address: str) -> object:
            answer = alice.client.get(address, headers={"host": "localhost"})
            assert answer.status_code == 200, (address, answer.status_code)
            return answer

        measured: dict[str, list[float]] = {}
        slowest: list[tuple[float, str]] = []
        get("/search/?q=harbour")
        for name, text in questions(chosen.size):
            for narrow in ({}, {"status": "closed"}, {"state": "DE", "kind": "material", "files": "known"}):
                address = "/search/?" + urlencode({"q": text, **narrow})
                times = sorted(timed(get, address) for _ in range(chosen.repeats))
                measured.setdefault(name, []).extend(times)
                slowest.append((times[-1], address))
        for name, times in {**measured, "all": [each for some in measured.values() for each in some]}.items():
            print(
                f"{name:>16}: {len(times):>5} requests   median {statistics.median(times):6.1f} ms   95 % {statistics.quantiles(times, n=100)[94]:6.1f} ms   worst {max(times):6.1f} ms"
            )
        print(f"(bar: 95 % of all under {LIMIT:.0f} ms)")
        for took, address in sorted(slowest, reverse=True)[:5]:
            print(f"    slowest: {took:6.1f} ms {address}")
        depths(alice.viewer, get, chosen.repeats)
    os._exit(0)


def depths(viewer: object, get: Callable[[str], object], repeats: int) -> None:
    """The same search at growing depth."""
    from grace.casework.search import search
    from grace.casework.search_narrow import Narrow

    after, place, found = "", 0, {}
    while True:
        if place in {0, 200, 1_000, 1_800}:
            address = "/search/?" + urlencode({"q": "the report", "after": after})
            found[place] = statistics.median(timed(get, address) for _ in range(max(repeats, 5)))
        page = search(viewer, "the report", Narrow(), after=after, most=200)  # type: ignore[arg-type]  # a viewer
        after, place = page.after, place + 200
        if not after:
            break
    print("     depth: " + "   ".join(f"{place:,}: {took:.1f} ms" for place, took in found.items()))


if __name__ == "__main__":
    sys.path.insert(0, ".")
    main()
