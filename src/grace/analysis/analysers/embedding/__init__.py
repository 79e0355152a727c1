"""The analyser ``embedding``: what a picture looks like, as a fingerprint by which near-duplicates are found."""

from __future__ import annotations

from grace.analysis.analysers.embedding.look import look_at
from grace.analysis.analysers.pixels import pixels_of
from grace.sdk.analysis import AnalyserInfo, Cost, Fingerprint, Picture, Seen, Subject, Takes

ALGORITHM = "look-2"


class Embedding:
    """A descriptor of a picture that needs no training; it recognises the picture, never what or whom it shows."""

    info = AnalyserInfo(
        name="embedding",
        version="3",
        cost=Cost.CHEAP,
        licence="Apache-2.0",
        takes=Takes.PICTURE,
        gives={ALGORITHM: "The look of a picture in some hundreds of small numbers, by which copies that were changed a little are found."},
        most_side=512,
    )

    def warm_up(self) -> None:
        """Look at a picture once, so that what NumPy loads at first use is there."""
        self.examine(Picture(16, 16, bytes(range(256)) * 3))

    def examine(self, subject: Subject) -> Seen:
        """One fingerprint; of quality 0 where there is nothing to see."""
        value, quality = look_at(pixels_of(subject))
        return (Fingerprint(ALGORITHM, value, quality),)


ANALYSER = Embedding()
