"""PDQ beside the peer: the same bits and quality, and how many times faster, by libjpeg-turbo and by Pillow alone.

    python benchmarks/matching/bench_pdq.py [PICTURES [FOLDER OF PHOTOGRAPHS ...]]     (default 510; some three minutes)

Peer: ``threatexchange`` (``pip install --no-deps threatexchange dacite``). One thread; processor time, of each picture the
best of three turns, since another program on the machine can only ever add to it.
"""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import geometric_mean, median

os.environ["OPENBLAS_NUM_THREADS"] = "1"
sys.path += [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

import ground
import numpy as np
from PIL import Image
from threatexchange.signal_type.pdq.pdq_hasher import pdq_from_bytes

from grace.evidence.decoding.port import Limits
from grace.evidence.decoding.program import pdq, pictures
from grace.simulate.pictures import draw
from tests.support.pictures import Pixels, noise, varied

TURNS = 3
SIZES = {"12 MP": (4000, 3000), "1 MP": (1152, 864), "0.2 MP": (512, 384)}
BARS = {("12 MP", "turbo"): 8, ("1 MP", "turbo"): 3, ("12 MP", "pillow"): 4, ("1 MP", "pillow"): 3}

Answer = tuple[str, int]


def ours(content: bytes) -> Answer:
    """As the decoding program does it."""
    found = pdq.fingerprint(pictures.make_pixels(content, Limits())[0])
    return found.value.hex(), found.quality


def by_pillow(content: bytes) -> Answer:
    """The same where simplejpeg is not installed."""
    turbo, pictures.turbo = pictures.turbo, None
    try:
        return ours(content)
    finally:
        pictures.turbo = turbo


def photographs(folders: Sequence[Path]) -> list[Image.Image]:
    """What is photographic enough to be decoded like a photograph: landscapes with grain, and what lies in the folders."""
    drawn = [Image.open(io.BytesIO(draw(9, number))).convert("RGB") for number in range(12)]
    found = [Image.open(path).convert("RGB") for folder in folders for path in sorted(folder.rglob("*")) if _is_picture(path)]
    return [each for each in found if each.width * each.height > 500_000] + drawn


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in {".jpg", ".jpeg", ".png"}


def written(image: Image.Image, size: tuple[int, int], number: int) -> bytes:
    """A JPEG of that size, quality 90, 4:2:0, with the grain of a sensor."""
    pixels = np.asarray(image.resize(size, Image.Resampling.LANCZOS)).astype(np.int16)
    grain = np.random.default_rng(number).normal(0, 4, pixels.shape).astype(np.int16)
    stream = io.BytesIO()
    Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8)).save(stream, "JPEG", quality=90, subsampling="4:2:0")
    return stream.getvalue()


def best(run: Callable[[bytes], Answer], content: bytes) -> tuple[float, Answer]:
    """Milliseconds and the answer."""
    times = []
    for _ in range(TURNS):
        start = time.process_time()
        answer = run(content)
        times.append(time.process_time() - start)
    return min(times) * 1000, answer


def files(count: int, folders: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    """Pictures of every kind as PNG, so that the peer decodes the same pixels, and crops of the photographs as JPEG."""
    for name, pixels in varied(count):
        yield name, _png(pixels)
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if _is_picture(path):
                yield from _crops(path)


def _crops(path: Path) -> Iterator[tuple[str, bytes]]:
    image = Image.open(path).convert("RGB")
    for number in range(6):
        rng = np.random.default_rng(number)
        left, top = (int(side * rng.uniform(0, 0.4)) for side in image.size)
        cut = image.crop((left, top, left + image.width * 6 // 10, top + image.height * 6 // 10))
        stream = io.BytesIO()
        cut.save(stream, "JPEG", quality=int(rng.integers(20, 95)))
        yield f"{path.name} {number}", stream.getvalue()


def _png(pixels: Pixels) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def compare(count: int, folders: Sequence[Path]) -> bool:
    """Bits and quality against the peer, and how often rounding had to be followed step by step."""
    pictures_seen = differing = bits = doubts = fair = fair_doubts = 0
    for _name, content in files(count, folders):
        theirs, mine = pdq_from_bytes(content), ours(content)
        apart = (int(theirs[0], 16) ^ int(mine[0], 16)).bit_count()
        differing += theirs != mine
        bits += apart
        pixels = pictures.make_pixels(content, Limits())[0]
        in_doubt = min(pixels.shape[:2]) >= 5 and _in_doubt(pixels)
        doubts += in_doubt
        fair += theirs[1] >= 50
        fair_doubts += in_doubt and theirs[1] >= 50
        pictures_seen += 1
    print(f"same bits and quality: {pictures_seen - differing} of {pictures_seen} pictures, {bits} bits apart (bar: 0 on at least 500)")
    print(f"followed step by step: {doubts} of {pictures_seen}; of the {fair} of quality 50 and more {fair_doubts}")
    return not differing and pictures_seen >= 500


def _in_doubt(pixels: Pixels) -> bool:
    return pdq._if_sure(pixels) is None  # noqa: SLF001 - how often is what is asked


def race(name: str, size: tuple[int, int], images: Sequence[Image.Image]) -> bool:
    """Times over the photographs at one size; whether the bars are met."""
    ways = {"peer": pdq_from_bytes, "turbo": ours, "pillow": by_pillow}
    rows, doubts = [], 0
    for number, image in enumerate(images):
        content = written(image, size, number)
        runs = {way: best(run, content) for way, run in ways.items()}
        assert len({answer for _, answer in runs.values()}) == 1, "the answers differ"
        doubts += _in_doubt(pictures.make_pixels(content, Limits())[0])
        rows.append({way: taken for way, (taken, _) in runs.items()} | {"bytes": len(content)})
    peer = median(row["peer"] for row in rows)
    print(
        f"{name}: {len(rows)} pictures, {median(row['bytes'] for row in rows) / 1e6:.1f} MB each, {doubts} followed step by step; threatexchange {peer:.1f} ms"
    )
    met = True
    for way in ("turbo", "pillow"):
        ratios = [row["peer"] / row[way] for row in rows]
        whole = sum(row["peer"] for row in rows) / sum(row[way] for row in rows)
        bar = BARS.get((name, way))
        met &= bar is None or median(ratios) >= bar
        print(
            f"  {way:>6}: {median(row[way] for row in rows):6.1f} ms   {median(ratios):4.1f} times as fast (mean {geometric_mean(ratios):.1f}, "
            f"worst {min(ratios):.1f}, all together {whole:.1f})" + (f"   (bar: {bar})" if bar else "")
        )
    return met


def main(arguments: Sequence[str]) -> None:
    """Print everything; exit with 1 where a bar is missed."""
    count = int(arguments[0]) if arguments else 510
    folders = [Path(each) for each in arguments[1:]]
    pictures.warm_up()
    pdq.fingerprint(noise(np.random.default_rng(1), 200, 300, 9))
    print(ground.machine())
    print(", ".join(f"{name} {version(name)}" for name in ("threatexchange", "pdqhash", "pillow", "numpy", "simplejpeg")))
    images = photographs(folders)
    met = [race(name, size, images) for name, size in SIZES.items()]
    met.append(compare(count, folders))
    sys.exit(not all(met))


if __name__ == "__main__":
    main(sys.argv[1:])
