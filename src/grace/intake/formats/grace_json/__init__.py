"""Reports in our own JSON, for whoever has no format yet: whatever :class:`grace.sdk.intake.Report` can say has a place in it.

The schema is published as ``docs/reference/report.schema.json``; version 1 only ever gains keys that may be left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from grace.intake.formats.grace_json.description import MARK
from grace.intake.formats.grace_json.examples import EXAMPLES
from grace.intake.formats.grace_json.reading import FORMAT_NAME, read_document
from grace.intake.formats.json_package import has_key, read_each, surest
from grace.sdk.fields import FIELDS
from grace.sdk.intake import Package, Reading


class GraceJson:
    """The format plug-in."""

    name = FORMAT_NAME
    version = "1"
    carries = frozenset(FIELDS)

    def recognises(self, package: Package) -> float:
        """1 where the outermost object of a member has our mark."""
        return surest(package, _sureness)

    def read(self, package: Package) -> tuple[Reading, ...]:
        """One reading per report in the package, in the order of their names."""
        return read_each(package, _sureness, read_document)

    def examples(self) -> tuple[Mapping[str, bytes], ...]:
        """Small invented reports."""
        return EXAMPLES


def _sureness(head: bytes) -> float:
    return 1.0 if has_key(head, MARK.encode()) else 0.0


FORMAT = GraceJson()
