"""The CyberTip as law-enforcement agencies receive it in JSON, alone or beside its files and PDF.

No schema of it is published; the reading rests on what independent readers do with real documents and on samples,
see ``docs/reference/formats.md``.
"""

from __future__ import annotations

from collections.abc import Mapping

from grace.intake.formats.json_package import has_key, is_object, read_each, surest
from grace.intake.formats.lea_json.examples import EXAMPLES
from grace.intake.formats.lea_json.reading import FORMAT_NAME, read_document
from grace.intake.formats.lea_json.schema import CARRIES
from grace.sdk.intake import Package, Reading


class LeaJson:
    """The format plug-in."""

    name = FORMAT_NAME
    version = "1"
    carries = CARRIES

    def recognises(self, package: Package) -> float:
        """1 where a member's head names the report's object, less where it only might be one."""
        return surest(package, _sureness)

    def read(self, package: Package) -> tuple[Reading, ...]:
        """One reading per report in the package, in the order of their names."""
        return read_each(package, _sureness, read_document)

    def examples(self) -> tuple[Mapping[str, bytes], ...]:
        """Small invented reports."""
        return EXAMPLES


def _sureness(head: bytes) -> float:
    if not is_object(head):
        return 0.0
    if has_key(head, b"reportedInformation"):
        return 1.0
    return 0.6 if b'"reportId"' in head else 0.1


FORMAT = LeaJson()
