from __future__ import annotations

from collections.abc import Iterator

from grace.intake.formats.mail import FORMAT
from grace.sdk.testing import IntakeFormatContract


class TestMail(IntakeFormatContract):
    format = FORMAT

    def values(self, document: bytes) -> Iterator[str]:
        """The values of the headers and the lines of the text, read without the parser."""
        head, _, body = document.decode().replace("\r\n", "\n").partition("\n\n")
        yield from (line.partition(": ")[2] for line in head.split("\n"))
        yield from (line for line in body.split("\n") if line)
