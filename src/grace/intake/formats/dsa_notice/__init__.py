"""Notices of suspicions of criminal offences by providers of hosting services: Article 18 of Regulation (EU) 2022/2065.

No format is prescribed. Ours asks for what recital 56 names, and for no more; it is written by our own form or by a
provider's software, after the schema in ``docs/reference/dsa-notice.schema.json``.
"""

from __future__ import annotations

from collections.abc import Mapping

from grace.intake.formats.dsa_notice.description import CARRIES, MARK
from grace.intake.formats.dsa_notice.examples import EXAMPLES
from grace.intake.formats.dsa_notice.reading import FORMAT_NAME, read_document
from grace.intake.formats.json_package import has_key, read_each, surest
from grace.sdk.intake import Package, Reading


class DsaNotice:
    """The format plug-in."""

    name = FORMAT_NAME
    version = "1"
    carries = CARRIES

    def recognises(self, package: Package) -> float:
        """1 where the outermost object of a member has our mark."""
        return surest(package, _sureness)

    def read(self, package: Package) -> tuple[Reading, ...]:
        """One reading per notice in the package, in the order of their names."""
        return read_each(package, _sureness, read_document)

    def examples(self) -> tuple[Mapping[str, bytes], ...]:
        """Small invented notices."""
        return EXAMPLES


def _sureness(head: bytes) -> float:
    return 1.0 if has_key(head, MARK.encode()) else 0.0


FORMAT = DsaNotice()
