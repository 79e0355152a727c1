"""What the walls around decoding cost: processor time of both sides together, beside the same code in this process.

    python benchmarks/bench_sandbox.py [TURNS [SIZE]]     (default 40, all sizes; some two minutes)

A *visit* is what a picture that comes in is handed over for: its fingerprint and the cheap analysers, decoded once. Interleaved; the median of the
ratios of each turn. A worker serves all files of a line, as in one referral; the last line has one for each file.
"""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"
sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import ground
import numpy as np
from PIL import Image

from grace.evidence.decoding.layers import ALL, Layer
from grace.evidence.decoding.pool import Pool
from grace.evidence.decoding.port import Limits, NotDecoded
from grace.evidence.decoding.program import __main__ as program
from grace.evidence.decoding.program import worker
from grace.evidence.decoding.zygote import MEMORY, Zygote
from grace.simulate.pictures import draw

SIZES = {"0.26 MP": (592, 444), "2 MP": (1632, 1224), "12 MP": (4000, 3000)}
SEEN_BY = ("file_type", "metadata", "picture", "embedding")
REQUESTS: dict[str, dict[str, Any]] = {
    "visit": {"op": "visit", "media_type": "image/jpeg", "analysers": list(SEEN_BY)},
    "fingerprint": {"op": "fingerprint"},
    "preview": {"op": "preview", "most_side": 512},
    "decode to 512 px": {"op": "decode", "most_side": 512},
    "decode": {"op": "decode", "most_side": None},
}
BARS = {
    ("2 MP", "visit"): 1.08,
    ("2 MP", "fingerprint"): 1.08,
    ("2 MP", "preview"): 1.08,
    ("2 MP", "decode to 512 px"): 1.08,
    ("2 MP", "decode"): 1.08,
}


def photograph(size: tuple[int, int]) -> bytes:
    """A landscape that is drawn, with the grain of a sensor."""
    image = Image.open(io.BytesIO(draw(9, 0))).convert("RGB").resize(size, Image.Resampling.LANCZOS)
    pixels = np.asarray(image).astype(np.int16)
    grain = np.random.default_rng(1).normal(0, 4, pixels.shape).astype(np.int16)
    stream = io.BytesIO()
    Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8)).save(stream, "JPEG", quality=90, subsampling="4:2:0")
    return stream.getvalue()


def here(content: bytes, request: dict[str, Any]) -> float:
    """Milliseconds of processor time in this process."""
    begun = time.process_time()
    header, _ = worker.answer(content, Limits(), dict(request))
    assert "not_decoded" not in header, header
    return (time.process_time() - begun) * 1000


def apart(pool: Pool, content: bytes, request: dict[str, Any]) -> float:
    """The same behind the walls: this process's and the worker's."""
    verbs: dict[str, Callable[[io.BytesIO], object]] = {
        "visit": lambda stream: pool.visit(stream, request["media_type"], request["analysers"]),
        "fingerprint": pool.fingerprint,
        "preview": lambda stream: pool.preview(stream, request["most_side"]),
        "decode": lambda stream: pool.decode(stream, most_side=request["most_side"]),
    }
    workers = pool._analysing if request["op"] == "visit" else pool._decoding  # noqa: SLF001 - to ask the system what they have used
    (idle,) = workers._idle  # noqa: SLF001
    before, begun = _used(idle.process), time.process_time()
    assert not isinstance(verbs[request["op"]](io.BytesIO(content)), NotDecoded)
    return (time.process_time() - begun) * 1000 + _used(idle.process) - before


def _used(process: int) -> float:
    """Milliseconds that the process has been on a processor."""
    return int(Path(f"/proc/{process}/schedstat").read_text(encoding="ascii").split()[0]) / 1e6


def one_for_each(content: bytes, times: int) -> float:
    """Milliseconds a file, with a worker forked for each: this process's, the program's and its workers'."""
    pool = Pool(1)
    pool.walls()
    begun, before = time.process_time(), sum(os.times()[2:4])
    for _ in range(times):
        assert not isinstance(pool.fingerprint(io.BytesIO(content)), NotDecoded)
    ours = time.process_time() - begun
    pool.close()
    loading = Pool(1)  # what starting and ending the program itself takes is no file's
    between = sum(os.times()[2:4])
    loading.walls()
    loading.close()
    return (ours + (between - before) - (sum(os.times()[2:4]) - between)) * 1000 / times


def main() -> None:
    if os.environ.get("GLIBC_TUNABLES") != MEMORY:  # the peer keeps its memory as the decoding program does, or it would be too slow
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | {"GLIBC_TUNABLES": MEMORY})  # noqa: S606 - this script again
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    sizes = {label: size for label, size in SIZES.items() if label in sys.argv[2:] or not sys.argv[2:]}
    print(ground.machine())
    program.load_codecs()
    program.load_analysers()
    walled, bare = Pool(1, files_for_each=10**6), Pool(1, files_for_each=10**6, start=partial(Zygote, layers=Layer(0)))
    print(f"walls: {walled.walls()}; bar {BARS[('2 MP', 'fingerprint')]} at 2 MP; `hop` is the same process without any wall")
    with walled.together(), bare.together():
        for label, size in sizes.items():
            content = photograph(size)
            for pool in (walled, bare):
                pool.fingerprint(io.BytesIO(content))
                pool.visit(io.BytesIO(content), "image/jpeg", SEEN_BY)
            for name, request in REQUESTS.items():
                runs: list[Callable[[], float]] = [partial(here, content, request)]
                runs += [partial(apart, pool, content, request) for pool in (bare, walled)]
                rows = [[run() for run in runs] for _ in range(turns)]
                plain, hop, behind = (
                    median(row[0] for row in rows),
                    median(row[1] / row[0] for row in rows),
                    median(row[2] / row[0] for row in rows),
                )
                print(f"{label:8} {name:17} here {plain:7.2f} ms   hop {hop:5.3f}   behind the walls {behind:5.3f}", flush=True)
    for pool in (walled, bare):
        pool.close()
    content = photograph(SIZES["2 MP"])
    plain = median(here(content, REQUESTS["fingerprint"]) for _ in range(turns))
    print(f"2 MP     fingerprint, a worker for each file: {one_for_each(content, turns) / plain:5.3f} ({ALL!r})")


if __name__ == "__main__":
    main()
