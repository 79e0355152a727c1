from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from grace.evidence.decoding.port import Limits
from grace.intake.formats import ncmec_pdf, room
from grace.intake.formats.ncmec_pdf import FORMAT
from grace.intake.formats.ncmec_pdf.examples import EXAMPLES
from grace.sdk.intake import Unreadable
from grace.sdk.testing import IntakeFormatContract, package


class TestNcmecPdf(IntakeFormatContract):
    format = FORMAT

    def values(self, document: bytes) -> Iterator[str]:
        """The lines that the page draws, found without a PDF reader."""
        return (line.decode() for line in re.findall(rb"\((.*?)\) Tj", document))


def test_reports_of_a_package_have_the_limits_of_one_together(monkeypatch: pytest.MonkeyPatch) -> None:
    content = EXAMPLES[0]["210000961.pdf"]
    prints = package({f"{number}.pdf": content for number in range(3)})
    readings = FORMAT.read(prints)
    assert len(readings) == 3
    lines = sum(len(reading.report.leaves) for reading in readings)
    for changed, name, most, code in (
        (ncmec_pdf, "LIMITS", Limits(most_characters=1_500), "too-large"),
        (room, "MAX_VALUES", lines - 1, "too-many-values"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(changed, name, most)
            with pytest.raises(Unreadable) as refused:
                FORMAT.read(prints)
            assert refused.value.code == code
