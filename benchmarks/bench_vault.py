"""How fast the vault seals: many small documents in batches, one by one, and a long stream; with the disk's share.

Run ``python benchmarks/bench_vault.py``: an installation of its own, with fsync as in production, removed afterwards.
"""

from __future__ import annotations

import hashlib
import io
import os
import time
from collections.abc import Callable
from typing import BinaryIO

import ground

DOCUMENT = 7_000
BATCH = 50
BATCHES = 40
SINGLES = 200
STREAM = 256 << 20


def main() -> None:
    print(ground.machine())
    with ground.installation():
        _measure()


def _measure() -> None:
    from django.db import transaction

    from grace.evidence import vault

    batches = [[os.urandom(DOCUMENT) for _ in range(BATCH)] for _ in range(BATCHES)]
    stream = io.BytesIO(os.urandom(1 << 20) * (STREAM >> 20))
    with transaction.atomic():
        vault.seal_many(batches[0])
        many = _timed(lambda: [vault.seal_many(batch) for batch in batches])
        single = _timed(lambda: [vault.seal(io.BytesIO(content)) for content in batches[0] * (SINGLES // BATCH)])
        streamed = _timed(lambda: vault.seal(stream))
        sealed = vault.seal(io.BytesIO(stream.getvalue()))
        opened = _timed(lambda: _drain(vault.open(sealed.object_id)))
        transaction.set_rollback(True)
    _print("seal_many, batches of 50, 7 kB each", BATCH * BATCHES / many[0], "documents/s", many)
    _print("seal, one by one, 7 kB each", SINGLES / single[0], "documents/s", single)
    _print("seal, one stream of 256 MiB", STREAM / 1e6 / streamed[0], "MB/s", streamed)
    _print("open and read 256 MiB, checked", STREAM / 1e6 / opened[0], "MB/s", opened)
    content = stream.getvalue()
    digests = _timed(lambda: [hashlib.new(name, content) for name in ("md5", "sha1", "sha256")])
    _print("for comparison: the three digests alone", STREAM / 1e6 / digests[0], "MB/s", digests)


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds in all, and seconds of it that waited for the disk."""
    from grace.evidence import vault

    waited, started = vault.sync_seconds(), time.perf_counter()
    act()
    return time.perf_counter() - started, vault.sync_seconds() - waited


def _drain(stream: BinaryIO) -> None:
    with stream:
        while stream.read(1 << 20):
            pass


def _print(what: str, rate: float, unit: str, seconds: tuple[float, float]) -> None:
    print(f"{what:42} {rate:9.0f} {unit:12} waiting for the disk {seconds[1] / seconds[0]:4.0%}")


if __name__ == "__main__":
    main()
