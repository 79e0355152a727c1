"""Whatever an analyser that comes with GRACE can say has a name on the page."""

from __future__ import annotations

import re
from importlib.metadata import entry_points

from grace.web.file.found import NAMES

_FINGERPRINT = re.compile(r"-\d+$")


def test_every_kind_has_a_name() -> None:
    points = [point for point in entry_points(group="grace.analysers") if point.value.startswith("grace.")]
    assert points
    for point in points:
        info = point.load().info
        kinds = {kind for kind in info.gives if not _FINGERPRINT.search(kind)}
        assert kinds <= NAMES.keys(), (info.name, sorted(kinds - NAMES.keys()))
