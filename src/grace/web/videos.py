"""Videos in words: what was looked at, and what one shares with a listed one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grace.matching.videos import Overlap
from grace.sdk import video

MOST_SPANS = 4


def clock(milliseconds: int) -> str:
    """Minutes and seconds, with hours where there are any: ``0:07``, ``1:02:03``."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def overlap(found: Overlap[Any] | None) -> str:
    """How much two videos share, and when in the asked one; empty for what is no video."""
    if found is None:
        return ""
    spans = [f"{clock(start)}-{clock(end)}" for start, end in found.spans[:MOST_SPANS]]
    if len(found.spans) > MOST_SPANS:
        spans.append("…")
    shares = {"asked": round(found.asked_share), "listed": round(found.listed_share), "when": ", ".join(spans)}
    return _("%(asked)d %% of this video, %(listed)d %% of what is listed, at %(when)s") % shares


def looked_at(value: bytes) -> str:
    """How many pictures of a video were looked at, and up to when where that is not its end; ``value`` is its fingerprint."""
    seen = video.unpack(bytes(value))
    number = len(seen.frames)
    told = {"n": number, "end": clock(seen.end)}
    if seen.is_whole:
        return ngettext("%(n)d picture in %(end)s", "%(n)d pictures in %(end)s", number) % told
    return (
        ngettext(
            "%(n)d picture up to %(end)s; not all of it was looked at", "%(n)d pictures up to %(end)s; not all of it was looked at", number
        )
        % told
    )
