"""One document at a time through the API: a real web server, one client, one connection; then four clients at once.

python benchmarks/bench_api.py [DOCUMENTS]
"""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ground

DOCUMENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000


def token(unit: str) -> str:
    from datetime import timedelta

    from grace.accounts.capabilities import Capability
    from grace.accounts.models import Unit
    from grace.accounts.viewer import operator
    from grace.pipeline.accounts import issue_token

    return issue_token(operator(), Unit.objects.get(slug=unit), "benchmark", {Capability.RECEIVE}, timedelta(days=1))[1]


def serve(home: Path, port: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "GRACE_HOME": str(home), "GRACE_PORT": str(port), "GRACE_LOG_LEVEL": "error"}
    process = subprocess.Popen([sys.executable, "-m", "grace.cli.main", "web"], env=environment, stdout=subprocess.DEVNULL)
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return process
        except OSError:
            time.sleep(0.2)


def send(port: int, word: str, documents: list[bytes]) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times = []
    for each in documents:
        begun = time.perf_counter()
        connection.request("POST", "/api/v1/referrals", each, {"Authorization": f"Bearer {word}", "Content-Type": "application/json"})
        answer = connection.getresponse()
        said = answer.read()
        assert answer.status == 201, (answer.status, said)
        times.append(time.perf_counter() - begun)
    return times


def main() -> None:
    print(ground.machine())
    with ground.installation() as home, ground.worker(home):
        from grace.accounts.viewer import operator
        from grace.pipeline.accounts import create_unit
        from grace.simulate.plan import load_plan
        from grace.simulate.world import documents

        create_unit(operator(), "Benchmark")
        contents = [each.content for each in documents(load_plan(DOCUMENTS)) if isinstance(each.content, bytes)]
        word, port = token("benchmark"), 18_765
        web = serve(home, port)
        try:
            half = len(contents) // 2
            begun = time.monotonic()
            times = sorted(send(port, word, contents[:half]))
            one = half / (time.monotonic() - begun)
            begun = time.monotonic()
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda part: send(port, word, part), [contents[half + place :: 4] for place in range(4)]))
            four = (len(contents) - half) / (time.monotonic() - begun)
        finally:
            web.terminate()
            web.wait(30)
        print(
            f"one client: {one:.0f} documents/s, 95 % answered within {1000 * times[int(half * 0.95)]:.0f} ms (bar: 25/s); four clients: {four:.0f}/s"
        )
    os._exit(0)


if __name__ == "__main__":
    main()
