"""A contact sheet: a few pictures of an untrusted video side by side in one small JPEG, each with its time below it.

The pictures are those that :mod:`~grace.evidence.decoding.program.frames` would give: the ones nearest to the moments asked for, or some of
them, evenly. No more than these are decoded.
"""

from __future__ import annotations

import io
import math
from bisect import bisect_left
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from grace.evidence.decoding.port import Limits, Preview, Reason
from grace.evidence.decoding.program import moments
from grace.evidence.decoding.program.frames import decoded, survey, thinned
from grace.evidence.decoding.program.pictures import Unfit
from grace.evidence.decoding.program.videos import Watch, av, sample
from grace.sdk.analysis import Picture

MOST_SHOWN = 20
_SHARE_OF_TIME = 0.8
_JPEG_QUALITY = 80
_LINE, _LETTERS, _GAP = 18, 13, 4
_PAPER, _INK = "black", "white"


def warm_up() -> None:
    """Load the letters and what decoding needs: later the process can open no file."""
    if av is not None:
        make_sheet(sample(90), 64, (), Limits())


def make_sheet(content: bytes, most_side: int, wanted: Sequence[int], limits: Limits) -> Preview:
    """A sheet with no side longer than ``most_side``. Raises :class:`Unfit`, and whatever PyAV raises for a damaged file."""
    watch = Watch(limits, _SHARE_OF_TIME)
    found = survey(content, limits, watch)
    places = moments.chosen(found.packets, found.end)
    times = [int(found.packets.moments[place]) for place in places]
    chosen = thinned([places[at] for at in _nearest(times, wanted)] if wanted else places, MOST_SHOWN)
    columns, side = _grid(len(chosen), found.film.width, found.film.height, most_side)
    seen = decoded(content, found.packets, chosen, side, limits, watch)
    shown = sorted((int(found.packets.moments[place]), place) for place in seen)
    if not shown:
        raise Unfit(Reason.TIME if watch.is_over() else Reason.DAMAGED)
    sheet = _laid([(moment, seen[place]) for moment, place in shown], columns)
    sheet.thumbnail((most_side, most_side), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    sheet.save(written, "JPEG", quality=_JPEG_QUALITY)
    return Preview(sheet.width, sheet.height, written.getvalue(), tuple(moment for moment, _ in shown))


def _nearest(times: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """The places of the times nearest to those wanted, each once."""
    found = set()
    for moment in wanted:
        after = bisect_left(times, moment)
        found.add(min((at for at in (after - 1, after) if 0 <= at < len(times)), key=lambda at: abs(times[at] - moment)))
    return sorted(found)


def _grid(count: int, width: int, height: int, most_side: int) -> tuple[int, int]:
    """How many columns let the pictures be largest on a sheet that is about as high as three quarters of its width, and their longer side."""
    shape = width / max(height, 1)

    def across(columns: int) -> float:
        rows = math.ceil(count / columns)
        return min(most_side / columns - _GAP, (0.75 * most_side / rows - _LINE) * shape)

    columns = max(range(1, max(count, 1) + 1), key=across)
    wide = max(8.0, across(columns))
    return columns, max(8, round(max(wide, wide / max(shape, 0.05))))


def _laid(shown: Sequence[tuple[int, Picture]], columns: int) -> Image.Image:
    """The pictures in rows, each with its time."""
    wide = max(picture.width for _, picture in shown) + _GAP
    high = max(picture.height for _, picture in shown) + _LINE
    sheet = Image.new("RGB", (min(columns, len(shown)) * wide, math.ceil(len(shown) / columns) * high), _PAPER)
    pen, letters = ImageDraw.Draw(sheet), ImageFont.load_default(_LETTERS)
    for number, (moment, picture) in enumerate(shown):
        row, column = divmod(number, columns)
        left, top = column * wide, row * high
        sheet.paste(Image.frombytes("RGB", (picture.width, picture.height), picture.rgb), (left, top))
        pen.text((left + 2, top + picture.height + 1), _clock(moment), fill=_INK, font=letters)
    return sheet


def _clock(milliseconds: int) -> str:
    """Hours, minutes and seconds: ``0:07``, ``1:02:03``."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
