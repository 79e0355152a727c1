"""Pictures out of untrusted videos: small, and so few that a long video is seen in little time, yet every shot that lasts.

First all packets are read and none is decoded; :mod:`~grace.evidence.decoding.program.moments` tells which pictures are wanted. Key pictures
are decoded alone, without the filter that smooths their blocks, which nobody sees in a small picture. Others are decoded with all pictures
that they build upon, exactly, and without those on which nothing builds. What is damaged or cut short is seen up to there.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grace.evidence.decoding.port import Limits, Reason
from grace.evidence.decoding.program import moments
from grace.evidence.decoding.program.moments import Packets
from grace.evidence.decoding.program.pictures import Unfit
from grace.evidence.decoding.program.videos import Watch, av, opened, prepare, rate, sample, streams
from grace.sdk.analysis import Film, Frames, Picture
from grace.sdk.video import MOST_MILLISECONDS

MOST_PICTURES = 4_000
MOST_BYTES = 192 << 20
"""Of all pictures of a video together; where there would be more, every n-th is left out."""
MOST_PACKETS = 4_000_000
"""Eighteen hours of sixty pictures a second; the rest is not looked at."""
_SHARE_OF_TIME = 0.6
"""Of the time allowed, so that some is left for whoever looks at the pictures."""
_MOST_FAULTS = 1_000
_STRETCHED = 4.0
"""Pixels are taken to be square where a file says that they are this many times as wide as high, or more."""
Seen = dict[int, Picture]
"""Pictures by the place of their packet."""


@dataclass(frozen=True, slots=True)
class Survey:
    """A video, not yet decoded: what it is, its packets, and the millisecond in which it ends."""

    film: Film
    packets: Packets
    end: int


def warm_up() -> None:
    """Load what decoding needs, also what is loaded only at its first use: later the process can open no file."""
    if av is not None:
        make_frames(sample(90), 32, Limits())


def make_frames(content: bytes, most_side: int, limits: Limits) -> Frames:
    """The pictures, none with a side longer than ``most_side``. Raises :class:`Unfit`, and whatever PyAV raises for a damaged file."""
    watch = Watch(limits, _SHARE_OF_TIME)
    found = survey(content, limits, watch)
    wanted = moments.chosen(found.packets, found.end)
    fewer = thinned(wanted, _most(found.film, most_side))
    pictures = decoded(content, found.packets, fewer, most_side, limits, watch)
    if not pictures:
        raise Unfit(Reason.TIME if watch.is_over() else Reason.DAMAGED)
    is_whole = found.film.is_whole and len(pictures) == len(wanted)
    shown = sorted((int(found.packets.moments[place]), place) for place in pictures)
    film = upright(pictures[shown[0][1]], replace(found.film, is_whole=is_whole))
    return Frames(tuple((moment, pictures[place]) for moment, place in shown), found.end, film)


def survey(content: bytes, limits: Limits, watch: Watch) -> Survey:
    """Read all packets. Raises :class:`Unfit` where there are none."""
    if av is None:
        raise Unfit(Reason.EXTRA)
    if not content:
        raise Unfit(Reason.EMPTY)
    with opened(content) as container:
        stream, *_ = streams(container)
        if stream.width * stream.height > limits.most_pixels:
            raise Unfit(Reason.PIXELS)
        shown, sizes, keys = array("q"), array("q"), bytearray()
        step = 1000 / rate(stream)
        first = float((stream.start_time or 0) * stream.time_base)
        cut = False
        for packet in _packets(container, stream):
            stamp = packet.dts if packet.pts is None else packet.pts
            moment = len(shown) * step if stamp is None else 1000 * (float(stamp * stream.time_base) - first)
            shown.append(round(min(max(moment, 0), MOST_MILLISECONDS)))
            sizes.append(packet.size)
            keys.append(packet.is_keyframe)
            cut = watch.is_over() or len(shown) == MOST_PACKETS
            if cut:
                break
        if not shown:
            raise Unfit(Reason.TIME if watch.is_over() else Reason.DAMAGED)
        keys[0] = keys[0] or not any(keys)
        film = Film(stream.codec_context.codec.name, stream.width, stream.height, 0.0, _sound(container), not cut)
    times = moments.sane(np.array(shown, np.int64), step)
    end = min(int(times.max()) + round(step), MOST_MILLISECONDS)
    packets = Packets(times, np.array(sizes, np.int64), np.frombuffer(bytes(keys), np.bool_))
    return Survey(replace(film, rate=len(times) * 1000 / max(end, 1)), packets, end)


def thinned(wanted: Sequence[int], most: int) -> list[int]:
    """All, or at most so many of them, evenly."""
    count = min(len(wanted), max(most, 1))
    return [wanted[number * len(wanted) // count] for number in range(count)]


def decoded(content: bytes, packets: Packets, wanted: Sequence[int], most_side: int, limits: Limits, watch: Watch) -> Seen:
    """The pictures of these packets, as far as they can be decoded in the time: first those that can be decoded alone."""
    keys = np.flatnonzero(packets.keys).tolist()
    alone, lasts = {place: place for place in wanted if packets.keys[place]}, dict[int, int]()
    inside = set(wanted) - alone.keys()
    for place in inside:
        key = keys[max(bisect_right(keys, place) - 1, 0)]
        lasts[key] = max(lasts.get(key, 0), place)
    seen: Seen = {}
    for runs, some, smoothed in ((alone, set(alone), "all"), (lasts, inside, "noref")):
        if runs:
            with opened(content) as container:
                stream = streams(container)[0]
                prepare(stream, limits, skip_loop_filter=smoothed)
                seen |= {place: _small(frame, most_side) for place, frame in _runs(container, stream, runs, some, watch)}
    return seen


def upright(picture: Picture, film: Film) -> Film:
    """With width and height as its pictures stand."""
    on_its_side = (picture.width > picture.height) != (film.width > film.height) and film.width != film.height
    return replace(film, width=film.height, height=film.width) if on_its_side else film


def _packets(container: Any, stream: Any) -> Iterator[Any]:
    """The packets, up to where no more can be read."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.error.FFmpegError):
            return
        if packet.size:
            yield packet


def _runs(container: Any, stream: Any, runs: Mapping[int, int], wanted: Collection[int], watch: Watch) -> Iterator[tuple[int, Any]]:
    """Decode from each packet of ``runs`` to the last one named with it; the ``wanted`` pictures with the place of their packet."""
    context = stream.codec_context
    context.copy_opaque = True
    context.skip_frame = "NONREF"
    last = -1
    for place, packet in enumerate(_packets(container, stream)):
        if watch.is_over() or watch.faults > _MOST_FAULTS:
            return
        last = max(last, runs.get(place, -1))
        if place > last:
            continue
        packet.opaque = place
        frames = _frames(context, packet, watch)
        if place == last:
            frames += _frames(context, None, watch)
            context.flush_buffers()
        yield from ((frame.opaque, frame) for frame in frames if frame.opaque in wanted)


def _frames(context: Any, packet: Any, watch: Watch) -> list[Any]:
    """What comes out when this goes in; None asks for the rest."""
    try:
        return list(context.decode(packet))
    except av.error.EOFError:
        return []
    except av.error.FFmpegError:
        watch.faults += 1
        return []


def _small(frame: Any, most_side: int) -> Picture:
    """The picture upright, in the shape in which it is to be shown."""
    wide = frame.width * _shape(frame)
    scale = min(1.0, most_side / max(wide, frame.height))
    width, height = max(1, round(wide * scale)), max(1, round(frame.height * scale))
    small = frame.reformat(width=width, height=height, format="rgb24", interpolation="AREA", threads=1).to_ndarray()
    turned = np.ascontiguousarray(np.rot90(small, round(frame.rotation / 90) % 4))
    return Picture(turned.shape[1], turned.shape[0], turned.tobytes())


def _shape(frame: Any) -> float:
    """How wide a pixel is, in its height."""
    ratio = float(frame.sample_aspect_ratio or 1) if hasattr(frame, "sample_aspect_ratio") else 1.0
    return ratio if 1 / _STRETCHED < ratio < _STRETCHED else 1.0


def _most(film: Film, most_side: int) -> int:
    """How many pictures may be kept."""
    scale = min(1.0, most_side / max(film.width, film.height, 1))
    return min(MOST_PICTURES, round(MOST_BYTES / max(1.0, 3 * film.width * film.height * scale * scale)))


def _sound(container: Any) -> str:
    contexts = [stream.codec_context for stream in container.streams.audio]
    return next((context.codec.name for context in contexts if context is not None), "unknown" if contexts else "")
