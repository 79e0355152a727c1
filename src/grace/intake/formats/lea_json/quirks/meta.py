"""Facebook and Instagram: boilerplate around each file, with two leads inside it."""

from __future__ import annotations

from grace.intake.formats.lea_json.quirks.plain import Quirk, Remark, Said, Texts
from grace.sdk.intake import Note, Passage

_SENTENCES = (
    'With respect to the section "Was File Reviewed by Company?',
    'When Meta responds "Yes"',
    'When Meta responds "No"',
    "The content can be found in this report.",
)
_LEADS = (
    ("File's unique ESP Identifier:", "esp_file_id"),
    ("Messenger Thread ID:", "thread_id"),
)
_UPLOADED = "Uploaded "


class Meta(Quirk):
    """Drops nothing: boilerplate stays as a passage of its own, the leads become fields."""

    remarks = (
        Remark(
            Note(
                "not-viewed-but-known",
                "$.reportedInformation.uploadedFiles",
                "With this sender 'not viewed' means: not viewed this time, but an earlier file with the same hash was.",
            ),
            lambda report: any(file.viewed is False for file in report.attachments),
        ),
    )

    def file(self, texts: Texts) -> Said:
        """The file's free text without boilerplate, and ``esp_file_id`` and ``thread_id``."""
        said = Said()
        for path, text in texts:
            said = said.joined(_sorted(path, text))
        return said


def _sorted(path: str, text: str) -> Said:
    fields: dict[str, str] = {}
    own: list[str] = []
    boilerplate: list[str] = []
    for line in text.splitlines():
        lead = _lead(line)
        if lead:
            fields.setdefault(*lead)
        is_boilerplate = lead is not None or line.lstrip().startswith(_UPLOADED) or any(words in line for words in _SENTENCES)
        (boilerplate if is_boilerplate else own).append(line)
    pieces = (("note", own), ("boilerplate", boilerplate))
    found = tuple(Passage(joined, path, about) for about, lines in pieces if (joined := "\n".join(lines).strip()))
    return Said(fields, passages=found)


def _lead(line: str) -> tuple[str, str] | None:
    for label, key in _LEADS:
        _, found, value = line.partition(label)
        if found and value.strip():
            return key, value.strip()
    return None
