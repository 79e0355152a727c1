"""Which pictures of a video to decode, told by its packets alone: when each is shown, how large it is, and whether decoding can begin there.

A picture that only says how it differs from the one before is large where much is new. So a packet several times as large as those about it,
and a lasting change of their sizes, are *turns*: places where a shot may begin. Between two turns one picture is enough. Where a key picture
lies there, it is taken, for it can be decoded alone; else the packet behind the turn is, with all that it builds upon.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]

LEAST_SHOT = 750
"""Milliseconds between turns from which on a shot may lie there: somewhat less than a second, for a turn may be told late."""
CALM = 4_000
"""Milliseconds that may pass between pictures taken where key pictures lie between."""
APART = 30_000
"""Milliseconds that may pass between pictures taken where none does."""
_SHORT = 2_500
"""Milliseconds between key pictures: up to here few shots can hide, and a packet must be larger to be suspicious."""
_SPIKE, _SPIKE_IN_SHORT, _LEAST_SPIKE, _JITTER, _SHIFT, _LEAST_SHARE = 1.5, 2.2, 1.25, 2.5, 2.5, 0.03
"""Times the usual size; times the size before or after; share of a usual key picture's size."""
_CUT = 2.5
_BEFORE = 5
_BLOCKS = 7
_TOGETHER, _LONGEST = 350, 800
"""Milliseconds: suspicious packets so near belong to one turn, which lasts no longer than that."""
_KEY_JITTER, _LEAST_KEY_CHANGE = 4.0, 0.05
_LEAST_ANCHORS = 0.05
_FEW, _REGULAR = 8, 0.8
"""Key pictures from which on they may have a beat, and the share of them that keeps it."""


@dataclass(frozen=True, slots=True)
class Packets:
    """The packets of a video as they are stored: the millisecond in which each is shown, its bytes, whether decoding can begin with it."""

    moments: Numbers
    sizes: Numbers
    keys: Marks


@dataclass(frozen=True, slots=True)
class _Turn:
    """From where on something changes, in milliseconds; and the packet at which it has changed."""

    start: int
    settled: int


def chosen(packets: Packets, end: int) -> list[int]:
    """The packets whose pictures show every shot of a second or longer, as far as sizes tell; in the order of their moments."""
    moments, keys = packets.moments, _in_time(packets, np.flatnonzero(packets.keys))
    if not len(keys):
        return []
    turns = _turns(packets)
    found, unseen = [int(keys[0])], 0
    key_moments = moments[keys]
    for number, stop in enumerate([*(turn.start for turn in turns), max(end, int(moments.max()) + 1)]):
        while unseen < number:
            settled = int(moments[turns[unseen].settled])
            if settled <= moments[found[-1]]:
                unseen += 1
                continue
            if stop - turns[unseen].start < LEAST_SHOT:
                break
            first = int(np.searchsorted(key_moments, settled))
            is_key = first < len(keys) and key_moments[first] < stop
            found.append(int(keys[first]) if is_key else turns[number - 1].settled)
    return _filled(packets, sorted(set(found), key=lambda each: (int(moments[each]), each)), end)


def sane(moments: Numbers, step: float) -> Numbers:
    """The moments, or where they hardly ever go forward, the packets one after the other, ``step`` milliseconds apart."""
    if len(moments) and _anchors(moments).mean() < _LEAST_ANCHORS:
        return (np.arange(len(moments)) * step).astype(np.int64)
    return moments


def _anchors(moments: Numbers) -> Marks:
    """Packets shown after all that are stored before them: on these others build, and what is shown between them is left out."""
    before = np.concatenate([np.full(1, np.iinfo(np.int64).min), np.maximum.accumulate(moments)[:-1]])
    return np.asarray(moments > before, np.bool_)


def _in_time(packets: Packets, places: Numbers) -> Numbers:
    return np.asarray(places[np.argsort(packets.moments[places], kind="stable")], np.int64)


def _turns(packets: Packets) -> list[_Turn]:
    """All turns in order of time, without the beginning."""
    anchors = _anchors(packets.moments)
    spikes, shifts = _between(packets, np.flatnonzero(anchors & ~packets.keys))
    sharp = np.concatenate([spikes, _at_keys(packets)])
    places = _in_time(packets, np.union1d(sharp, shifts))
    runs: list[list[int]] = []
    for place in places.tolist():
        moment = int(packets.moments[place])
        if moment <= _TOGETHER:
            continue  # the first pictures of a video are larger or smaller than others for reasons of their own
        if runs and moment - packets.moments[runs[-1][-1]] <= _TOGETHER and moment - packets.moments[runs[-1][0]] <= _LONGEST:
            runs[-1].append(place)
        else:
            runs.append([place])
    is_sharp = set(sharp.tolist())
    return _unexplained(packets, [_turn(packets, run, is_sharp) for run in runs])


def _unexplained(packets: Packets, turns: Sequence[_Turn]) -> list[_Turn]:
    """Without key pictures on the beat whose size is another because something turned since the last one: it is that turn that they show.

    (A cut that happens to fall on the beat soon after another is missed; to look for it would cost what lies between in every other case.)
    """
    keys = packets.moments[packets.keys]
    steps = np.diff(keys)
    beat = float(np.median(steps)) if len(steps) >= _FEW else 0.0
    if not beat or (np.abs(steps - beat) <= beat / 20).mean() < _REGULAR:
        return list(turns)
    kept: list[_Turn] = []
    for turn in turns:
        at = int(np.searchsorted(keys, turn.start))
        is_on_beat = bool(packets.keys[turn.settled]) and 0 < at < len(keys) and abs(int(keys[at] - keys[at - 1]) - beat) <= beat / 20
        if not is_on_beat or not any(keys[at - 1] < each.start and not packets.keys[each.settled] for each in kept[-_FEW:]):
            kept.append(turn)
    return kept


def _turn(packets: Packets, run: Sequence[int], is_sharp: Collection[int]) -> _Turn:
    """From the first suspicious packet to the last; where one is much larger than the others, a cut, it begins there."""
    largest = max(run, key=lambda place: int(packets.sizes[place]))
    others = [int(packets.sizes[place]) for place in run if place != largest]
    is_cut = not others or (largest in is_sharp and packets.sizes[largest] > _CUT * max(others))
    return _Turn(int(packets.moments[largest if is_cut else run[0]]), largest if is_cut and packets.keys[largest] else run[-1])


def _between(packets: Packets, places: Numbers) -> tuple[Numbers, Numbers]:
    """Suspicious packets among those that are no key pictures: large ones, and those about which sizes change to stay."""
    if len(places) <= 2 * _BEFORE:
        return places[:0], places[:0]
    sizes = np.log(np.maximum(packets.sizes[places], 1))
    least = np.log(max(1.0, _LEAST_SHARE * float(np.median(packets.sizes[packets.keys]))))
    usual = _around(packets, places, sizes)
    jitter = _around(packets, places, np.abs(sizes - usual))
    spikes = (sizes - usual > np.clip(_JITTER * jitter, np.log(_LEAST_SPIKE), np.log(_most_usual(packets, places)))) & (sizes > least)
    runs = np.median(np.lib.stride_tricks.sliding_window_view(sizes, _BEFORE), axis=1)
    shifts = np.zeros(len(places), np.bool_)
    before, after = runs[:-_BEFORE], runs[_BEFORE:]
    shifts[_BEFORE : _BEFORE + len(before)] = (np.abs(after - before) > np.log(_SHIFT)) & (np.maximum(after, before) > least)
    return np.asarray(places[spikes], np.int64), np.asarray(places[shifts], np.int64)


def _most_usual(packets: Packets, places: Numbers) -> npt.NDArray[np.float64]:
    """Times the usual size that a packet may have at most without being suspicious: more where the next key picture is never far."""
    keys = np.sort(packets.moments[packets.keys])
    after = np.searchsorted(keys, packets.moments[places], side="right")
    lasts = np.append(keys, np.iinfo(np.int64).max)[after] - keys[np.maximum(after - 1, 0)]
    return np.where(lasts > _SHORT, _SPIKE, _SPIKE_IN_SHORT)


def _around(packets: Packets, places: Numbers, sizes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """What is usual about each place: the median of the medians of the seconds about it."""
    lasts = int(packets.moments[places[-1]] - packets.moments[places[0]])
    block = max(3, min(len(places), round(1000 * len(places) / max(lasts, 1))))
    padded = np.concatenate([sizes, np.full(-len(sizes) % block, sizes[-1])])
    medians = np.median(padded.reshape(-1, block), axis=1)
    around = np.lib.stride_tricks.sliding_window_view(
        np.pad(medians, _BLOCKS // 2, mode="reflect" if len(medians) > _BLOCKS else "edge"), _BLOCKS
    )
    usual: npt.NDArray[np.float64] = np.repeat(np.median(around, axis=1), block)[: len(sizes)]
    return usual


def _at_keys(packets: Packets) -> Numbers:
    """Key pictures that may begin a shot: off the beat of the others, or of another size than the one before."""
    places = np.flatnonzero(packets.keys)
    if len(places) < 2:
        return places[:0]
    steps = np.diff(packets.moments[places])
    changes = np.abs(np.diff(np.log(np.maximum(packets.sizes[places], 1))))
    most = np.maximum(_LEAST_KEY_CHANGE, _KEY_JITTER * np.median(changes))
    beat = float(np.median(steps))
    return np.asarray(places[1:][(changes > most) | (np.abs(steps - beat) > beat / 10)], np.int64)


def _filled(packets: Packets, found: list[int], end: int) -> list[int]:
    """With key pictures wherever calm lasts too long, and others where there are none."""
    moments = packets.moments
    keys = _in_time(packets, np.flatnonzero(packets.keys))
    filled = _every(found, moments, keys, CALM, end)
    anchors = np.flatnonzero(_anchors(moments) & ~packets.keys)
    return _every(filled, moments, anchors, APART, end)


def _every(found: list[int], moments: Numbers, among: Numbers, most: int, end: int) -> list[int]:
    """With packets ``among`` these, so that no more than ``most`` milliseconds pass where there are some."""
    times = moments[among]
    filled: list[int] = []
    for one, stop in zip(found, [*(int(moments[each]) for each in found[1:]), end], strict=True):
        filled.append(one)
        while stop - moments[filled[-1]] > most:
            now = int(moments[filled[-1]])
            late = int(np.searchsorted(times, now + most, side="right")) - 1
            if late < 0 or times[late] <= now:
                late += 1
            if late >= len(among) or times[late] <= now or times[late] >= stop:
                break
            filled.append(int(among[late]))
    return filled
