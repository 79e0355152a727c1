from __future__ import annotations

from collections.abc import Iterator

import pytest

from grace.intake.formats import mail, room
from grace.intake.formats.mail import FORMAT
from grace.sdk.intake import Unreadable
from grace.sdk.testing import IntakeFormatContract, package


class TestMail(IntakeFormatContract):
    format = FORMAT

    def values(self, document: bytes) -> Iterator[str]:
        """The values of the headers and the lines of the text, read without the parser."""
        head, _, body = document.decode().replace("\r\n", "\n").partition("\n\n")
        yield from (line.partition(": ")[2] for line in head.split("\n"))
        yield from (line for line in body.split("\n") if line)


MAIL = b"From: ada@example.org\nDate: Tue, 03 Nov 2026 09:15:00 +0100\n\nThe bench by the lighthouse.\n"


def test_mails_of_a_package_have_the_limits_of_one_together(monkeypatch: pytest.MonkeyPatch) -> None:
    mails = package({f"{number}.eml": MAIL for number in range(4)})
    assert len(FORMAT.read(mails)) == 4
    for changed, name, most, code in (
        (mail, "MOST_BYTES", 4 * len(MAIL) - 1, "too-large"),
        (room, "MAX_VALUES", 11, "too-many-values"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(changed, name, most)
            with pytest.raises(Unreadable) as refused:
                FORMAT.read(mails)
            assert refused.value.code == code
