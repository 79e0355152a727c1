from __future__ import annotations

import re
from collections.abc import Iterator

from grace.intake.formats.ncmec_pdf import FORMAT
from grace.sdk.testing import IntakeFormatContract


class TestNcmecPdf(IntakeFormatContract):
    format = FORMAT

    def values(self, document: bytes) -> Iterator[str]:
        """The lines that the page draws, found without a PDF reader."""
        return (line.decode() for line in re.findall(rb"\((.*?)\) Tj", document))
