"""Reddit: chats stand as web pages, and the report's text is part of the incident."""

from __future__ import annotations

from collections.abc import Sequence

from grace.intake.formats.lea_json.quirks.plain import Quirk, Said, Texts, passages


class Reddit(Quirk):
    """Calls the texts what they are."""

    def pages(self, pages: Sequence[Texts]) -> Said:
        """Chats."""
        return passages([text for page in pages for text in page], "chat")

    def report(self, texts: Texts) -> Said:
        """Part of the incident."""
        return passages(texts, "incident")
