from __future__ import annotations

import json
from collections.abc import Iterator

from grace.intake.formats.handover import FORMAT
from grace.sdk.testing import IntakeFormatContract


class TestHandover(IntakeFormatContract):
    format = FORMAT
    own = frozenset({"report.sender"})

    def values(self, document: bytes) -> Iterator[str]:
        """What the first document said stands in the leaves that came along."""
        yield from (leaf["value"] for leaf in json.loads(document)["report"]["leaves"])
