"""A new connection to the embedded PostgreSQL, with the roles' random passwords stretched as PostgreSQL does by default, and as GRACE keeps them.

python benchmarks/bench_connect.py [CONNECTIONS]
"""

from __future__ import annotations

import os
import statistics
import sys
import time

import ground

CONNECTIONS = int(sys.argv[1]) if len(sys.argv) > 1 else 200
USUAL = 4_096
"""PostgreSQL's own number of iterations."""


def main() -> None:
    print(ground.machine())
    with ground.installation() as home:
        import psycopg
        from psycopg import sql

        from grace.host import database
        from grace.host.database import Role
        from grace.host.postgres import QUICK_SIGN_IN

        kept = int(QUICK_SIGN_IN["scram_iterations"])
        owner, app = database.embedded(home, Role.SUPERUSER), database.embedded(home, Role.APP)
        took: dict[int, list[float]] = {USUAL: [], kept: []}
        with psycopg.connect(owner.url, autocommit=True) as server:
            for _ in range(4):  # in turn, for a machine that is busy now and then
                for iterations, times in took.items():
                    server.execute(sql.SQL("SET scram_iterations = {}").format(sql.Literal(iterations)))
                    server.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(Role.APP), sql.Literal(app.password)))
                    for _ in range(CONNECTIONS // 4):
                        begun = time.perf_counter()
                        psycopg.connect(app.url).close()
                        times.append(1000 * (time.perf_counter() - begun))
        for iterations, times in took.items():
            quantiles = statistics.quantiles(times, n=20)
            print(f"{iterations:>6,} iterations: median {statistics.median(times):5.1f} ms   95 % {quantiles[18]:5.1f} ms")
        print(f"ratio of medians: {statistics.median(took[kept]) / statistics.median(took[USUAL]):.2f}")
    os._exit(0)


if __name__ == "__main__":
    main()
