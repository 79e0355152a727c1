"""WhatsApp: paragraphs parted by blank lines, one of them for machines."""

from __future__ import annotations

import re

from grace.intake.formats.lea_json.quirks.plain import Quirk, Said, Texts
from grace.sdk.intake import Passage

_BLANK = re.compile(r"\n[^\S\n]*\n")
_MACHINE = '{"report_surface":'


class WhatsApp(Quirk):
    """Lines of a paragraph are joined; machine data stands apart as it came."""

    def file(self, texts: Texts) -> Said:
        """The file's paragraphs."""
        return _paragraphs(texts)

    def report(self, texts: Texts) -> Said:
        """The report's paragraphs."""
        return _paragraphs(texts)

    def person(self, texts: Texts) -> Said:
        """The person's paragraphs."""
        return _paragraphs(texts)


def _paragraphs(texts: Texts) -> Said:
    found: list[Passage] = []
    for path, text in texts:
        parts = [part.strip() for part in _BLANK.split(text.replace("\r\n", "\n")) if part.strip()]
        own = [" ".join(line.strip() for line in part.split("\n")) for part in parts if _MACHINE not in part]
        if own:
            found.append(Passage("\n\n".join(own), path, "note"))
        found += [Passage(part, path, "machine") for part in parts if _MACHINE in part]
    return Said(passages=tuple(found))
