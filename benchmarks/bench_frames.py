"""Pictures for each shot of a video: how fast and how many shots, beside key pictures alone, every picture, and PySceneDetect where it is installed.

python benchmarks/bench_frames.py [seconds of each 1080p video]

The videos are made here: clouds and shapes that move as before a hand-held camera, with its noise, and shots whose beginnings are known. *Coverage* is
told on small videos of many codecs and ways of encoding, most of them with long groups of pictures and no key picture at a cut, shots of
1 to 3 s, in half of the videos only cuts, in the others fades and dissolves too. *Speed* is told on 1080p, as seconds of video for a second of a
processor, the shots 2 to 6 s long; `make_frames` gives pictures of at most 128 pixels a side, and so do its rivals.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from ground import machine

from grace.evidence.decoding.port import VIDEO
from grace.evidence.decoding.program import moments
from grace.evidence.decoding.program.frames import make_frames, survey
from grace.evidence.decoding.program.videos import Watch, av
from tests.support.shots import Recipe, shots_of, starts, written

UNMARKED = {"sc_threshold": "0"}
MPEG = {"sc_threshold": "1000000000"}
QUICK = {"deadline": "realtime", "cpu-used": "8"}
SMALL: Mapping[str, dict[str, Any]] = {
    "h264, groups of 250, key pictures at cuts": {},
    "h264, groups of 250, none at cuts": {"options": UNMARKED},
    "the same, CRF 35": {"options": {**UNMARKED, "crf": "35"}},
    "the same, CRF 15": {"options": {**UNMARKED, "crf": "15"}},
    "the same, 150 kbit/s on average": {"options": UNMARKED, "bit_rate": 150_000},
    "the same, 150 kbit/s at most": {"options": {**UNMARKED, "maxrate": "150k", "bufsize": "100k"}, "bit_rate": 150_000},
    "the same, little delay": {"options": {**UNMARKED, "tune": "zerolatency", "preset": "ultrafast"}},
    "the same, refreshed by columns": {"options": {**UNMARKED, "x264-params": "intra-refresh=1"}},
    "the same, one group": {"options": UNMARKED, "gop": 100_000},
    "the same, open groups of 100": {"options": {**UNMARKED, "x264-params": "open-gop=1"}, "gop": 100},
    "the same, groups of 50": {"options": UNMARKED, "gop": 50},
    "the same, groups of 25": {"options": UNMARKED, "gop": 25},
    "the same, 29.97 a second": {"options": UNMARKED, "rate": Fraction(30_000, 1001)},
    "the same, 60 a second": {"options": UNMARKED, "rate": Fraction(60)},
    "the same, 24 a second, varying": {"options": UNMARKED, "rate": Fraction(24), "varies": True},
    "the same, a calm camera": {"options": UNMARKED, "noise": 1, "speed": 0.02},
    "the same, a wild and noisy camera": {"options": UNMARKED, "noise": 8, "speed": 0.4},
    "h265, none at cuts": {"codec": "libx265", "options": {"preset": "ultrafast", "x265-params": "scenecut=0:log-level=error:keyint=250"}},
    "mpeg4, groups of 250": {"codec": "mpeg4", "options": MPEG, "bit_rate": 400_000},
    "mpeg4 in AVI, B pictures": {"codec": "mpeg4", "options": {**MPEG, "bf": "2"}, "bit_rate": 400_000, "written_as": "avi"},
    "mpeg2 in MPEG-TS, groups of 100": {"codec": "mpeg2video", "options": MPEG, "bit_rate": 600_000, "written_as": "mpegts", "gop": 100},
    "vp8": {"codec": "libvpx", "options": {**QUICK, "lag-in-frames": "10"}, "bit_rate": 300_000, "written_as": "webm"},
    "vp9": {"codec": "libvpx-vp9", "options": QUICK, "bit_rate": 300_000, "written_as": "webm"},
    "mjpeg": {"codec": "mjpeg", "bit_rate": 2_000_000, "written_as": "avi"},
}
LARGE: Mapping[str, dict[str, Any]] = {
    "h264, groups of 1 s": {"gop": 25, "options": UNMARKED},
    "h264, groups of 2 s": {"gop": 50, "options": UNMARKED},
    "h264, groups of 10 s, key pictures at cuts": {"gop": 250},
    "h264, groups of 10 s, none at cuts": {"gop": 250, "options": UNMARKED},
}
SEEDS = (11, 12)


def shown(recipe: Recipe, taken: list[int]) -> int:
    """How many shots have a picture among those taken."""
    slack = 1000 / float(recipe.rate) if recipe.varies else 0
    return sum(any(start <= moment < end + slack for moment in taken) for start, end in pairwise(starts(recipe)))


def coverage() -> None:
    total = np.zeros(3, np.int64)
    print("Shots seen of all             key pictures alone   pictures a second   decoded for it")
    for name, how in SMALL.items():
        found = np.zeros(3, np.int64)
        taken = lasted = 0.0
        costs = []
        for seed, ways in [(seed, ways) for seed in SEEDS for ways in (("cut",), ("cut", "mixed", "fade"))]:
            recipe = Recipe(shots_of(np.random.default_rng(seed), 10, ways, 1.0, 3.0), seed, **how)
            looked = survey(written(recipe), VIDEO, Watch(VIDEO))
            places = moments.chosen(looked.packets, looked.end)
            times = looked.packets.moments
            keys = times[looked.packets.keys].tolist()
            found += len(recipe.shots), shown(recipe, [int(times[place]) for place in places]), shown(recipe, keys)
            taken, lasted = taken + len(places), lasted + looked.end / 1000
            costs.append(_decoded(places, looked.packets))
        total += found
        print(f"{name:44} {found[1]:3} of {found[0]}   {found[2]:3}   {taken / lasted:.2f} a second   {np.mean(costs):4.0%}", flush=True)
    print(f"all {total[1]} of {total[0]} ({total[1] / total[0]:.1%}); key pictures alone {total[2]} ({total[2] / total[0]:.1%})")


def _decoded(places: list[int], packets: moments.Packets) -> float:
    """The share of all packets that lie between a picture taken and the key picture that it builds upon."""
    keys = np.flatnonzero(packets.keys)
    lasts: dict[int, int] = {}
    for place in places:
        key = int(keys[max(int(np.searchsorted(keys, place, side="right")) - 1, 0)])
        lasts[key] = max(lasts.get(key, key), place)
    return sum(last - key + 1 for key, last in lasts.items()) / len(packets.keys)


def frames(content: bytes) -> list[int]:
    return [moment for moment, _ in make_frames(content, 128, VIDEO).pictures]


def key_pictures(content: bytes) -> list[int]:
    return list(_plain(content, "NONKEY"))


def every_picture(content: bytes) -> list[int]:
    return list(_plain(content, "DEFAULT"))


def _plain(content: bytes, skipped: str) -> Iterator[int]:
    with av.open(io.BytesIO(content)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count, stream.codec_context.skip_frame = 1, skipped
        for frame in container.decode(stream):
            frame.reformat(width=128, height=72, format="rgb24", interpolation="AREA", threads=1).to_ndarray()
            yield round(1000 * frame.time)


def scenes(content: bytes) -> list[int]:
    """PySceneDetect's usual detector, reading by PyAV; the first moment of each scene."""
    detect: Any = import_module("scenedetect")
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        file.write(content)
        file.flush()
        video = detect.open_video(file.name, backend="pyav")
        manager = detect.SceneManager()
        manager.add_detector(detect.ContentDetector())
        manager.detect_scenes(video)
        return [round(1000 * start.get_seconds()) for start, _ in manager.get_scene_list(start_in_scene=True)]


def speed(seconds: int) -> None:
    ways: dict[str, Callable[[bytes], list[int]]] = {
        "GRACE": frames,
        "key pictures alone": key_pictures,
        "every picture": every_picture,
    }
    if find_spec("scenedetect"):
        ways["PySceneDetect"] = scenes
    print("Speed at 1080p, seconds of video for a second of a processor; shots seen; pictures")
    for name, how in LARGE.items():
        recipe = Recipe(
            shots_of(np.random.default_rng(7), max(2, seconds // 4), ("cut",), 2.0, 6.0), 7, width=1920, height=1080, **_quick(how)
        )
        content, lasts = written(recipe), starts(recipe)[-1] / 1000
        print(f"{name}: {lasts:.0f} s, {len(content) * 8 / lasts / 1e6:.1f} Mbit/s, {len(recipe.shots)} shots", flush=True)
        for way, find in ways.items():
            took = []
            for _ in range(1 if way in {"every picture", "PySceneDetect"} else 3):
                begun = time.process_time()
                taken = find(content)
                took.append(time.process_time() - begun)
            print(f"  {way:20} {lasts / min(took):6.1f}   {shown(recipe, taken)} of {len(recipe.shots)}   {len(taken)}", flush=True)


def _quick(how: dict[str, Any]) -> dict[str, Any]:
    return {**how, "options": {"preset": "veryfast", **how.get("options", {})}}


if __name__ == "__main__":
    print(machine())
    av.logging.set_level(av.logging.PANIC)
    speed(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
    coverage()
