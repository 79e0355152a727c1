"""The analyser ``video``: how long a video is, what it is stored as, its shots, and where it is black or stands still.

It sees few of a video's pictures, at least one for each shot of a second or longer as far as the video's packets tell. So where a shot
begins is known to the next picture that was looked at. It says nothing of what or whom a video shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grace.analysis.analysers.pixels import pixels_of
from grace.analysis.analysers.video import shots
from grace.analysis.analysers.video.shots import Span
from grace.sdk.analysis import AnalyserInfo, Cost, Film, Finding, Frames, Picture, Seen, Subject, Takes
from grace.sdk.signals import Basis

MOST_SHOTS, MOST_PARTS = 300, 50


class VideoAnalyser:
    """All it says is observed."""

    info = AnalyserInfo(
        name="video",
        version="2",
        cost=Cost.NORMAL,
        licence="Apache-2.0",
        takes=Takes.FRAMES,
        gives={
            "video.length": "how long it is, in milliseconds, by the moments of its pictures; facts: how many were looked at, and whether all were that had to be",
            "video.size": "width x height in pixels, upright",
            "video.rate": "pictures a second on average",
            "video.codec": "the codec of its pictures",
            "video.sound": "the codec of its sound, or none",
            "video.shots": "how many shots were told apart",
            "video.shot": f"the number of a shot, and its span; of {MOST_SHOTS} at most",
            "video.black": "a part that is black",
            "video.still": f"a part of {shots.LEAST_STILL // 1000} seconds or more in which the picture stands",
        },
        most_side=128,
    )

    def warm_up(self) -> None:
        """Look once, so that what NumPy loads at first use is there."""
        self.examine(Frames(tuple((number, Picture(16, 16, bytes(range(256)) * 3)) for number in range(2)), 2))

    def examine(self, subject: Subject) -> Seen:
        """What it is, and its parts; nothing of a video without pictures."""
        if not isinstance(subject, Frames):
            raise TypeError("frames of a video are needed")
        if not subject.pictures:
            return ()
        looks = [shots.look(moment, pixels_of(picture)) for moment, picture in subject.pictures]
        found = shots.shots(looks, subject.end)
        return (
            *_stored(subject, subject.film),
            _said("video.shots", str(len(found))),
            *(_said("video.shot", str(number), span) for number, span in enumerate(found[:MOST_SHOTS], 1)),
            *_parts("video.black", shots.black(looks, subject.end)),
            *_parts("video.still", shots.still(looks, subject.end)),
        )


def _stored(subject: Frames, film: Film | None) -> Iterator[Finding]:
    facts = {"looked at": str(len(subject.pictures))} | ({"whole": "yes" if film.is_whole else "no"} if film else {})
    yield Finding("video.length", str(subject.end), Basis.OBSERVED, facts=facts)
    if film:
        yield _said("video.size", f"{film.width} x {film.height}")
        yield _said("video.rate", f"{film.rate:.2f}")
        yield _said("video.codec", film.codec)
        yield _said("video.sound", film.sound or "none")


def _parts(kind: str, spans: Sequence[Span]) -> Iterator[Finding]:
    return (_said(kind, str(stop - start), (start, stop)) for start, stop in spans[:MOST_PARTS])


def _said(kind: str, value: str, span: Span | None = None) -> Finding:
    return Finding(kind, value, Basis.OBSERVED, where=f"span:{span[0]},{span[1]}" if span else "")


ANALYSER = VideoAnalyser()
