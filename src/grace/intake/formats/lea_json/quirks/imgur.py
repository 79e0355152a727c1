"""Imgur: report-level text is about the person; a file was uploaded when the event ``UPLOAD`` was caught."""

from __future__ import annotations

from grace.intake.formats.lea_json.captures import time_of_event
from grace.intake.formats.lea_json.quirks.plain import Quirk, Said, Texts, passages


class Imgur(Quirk):
    """Hands the report's text to the reported person."""

    def report(self, texts: Texts) -> Said:
        """The text, as the subject's."""
        return Said(subject=passages(texts, "note")) if texts else Said()

    def uploaded_at(self, holder: dict[str, object]) -> str | None:
        """The time of the event ``UPLOAD``."""
        return time_of_event(holder, "upload")
