"""Whatever an analyser that comes with GRACE can say has a name on the page."""

from __future__ import annotations

import re
from importlib.metadata import entry_points

from grace.web.file.found import _OF_NOBODY, NAMES

_FINGERPRINT = re.compile(r"-\d+$")


def test_every_kind_has_a_name() -> None:
    points = [point for point in entry_points(group="grace.analysers") if point.value.startswith("grace.")]
    assert points
    for point in points:
        info = point.load().info
        kinds = {kind for kind in info.gives if not _FINGERPRINT.search(kind)}
        assert kinds <= NAMES.keys(), (info.name, sorted(kinds - NAMES.keys()))


def test_what_may_speak_of_somebody_is_none_of_the_kinds_that_stay_open() -> None:
    assert not [kind for kind in ("writing", "tag", "identifier.email", "gps", "device.owner") if kind.startswith(_OF_NOBODY)]
