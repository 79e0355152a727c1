"""How any provider is read, and what a provider's own way may change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from grace.intake.formats.json_values import members, stated, wrapped
from grace.intake.formats.lea_json.captures import first_time
from grace.sdk.intake import Claim, Note, Passage, Report

Texts = Sequence[tuple[str, str]]
"""Free texts with their paths."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A note, and the reports that it is true of."""

    note: Note
    of: Callable[[Report], bool] = lambda _: True


@dataclass(frozen=True, slots=True)
class Said:
    """What free text says; ``subject`` is what report-level text says of the reported person."""

    fields: dict[str, str] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    passages: tuple[Passage, ...] = ()
    subject: Said | None = None

    def joined(self, other: Said) -> Said:
        """Both, in this order; a field said twice keeps what was said first."""
        subject = self.subject.joined(other.subject) if self.subject and other.subject else self.subject or other.subject
        return Said({**other.fields, **self.fields}, self.claims + other.claims, self.passages + other.passages, subject)


def passages(texts: Texts, about: str) -> Said:
    """The texts as they stand."""
    return Said(passages=tuple(Passage(text, path, about) for path, text in texts))


class Quirk:
    """The generic reading; a provider's own class changes what it must."""

    last_name_is_service = False
    """Whether ``reportingEsp.lastName`` names a service of the provider."""
    remarks: tuple[Remark, ...] = ()
    """What an officer should know to read this provider rightly."""

    def report(self, texts: Texts) -> Said:
        """The report's own free text."""
        return passages(texts, "note")

    def pages(self, pages: Sequence[Texts]) -> Said:
        """The texts of each of the incident's web pages."""
        return passages([text for page in pages for text in page], "webpage")

    def mails(self, mails: Sequence[Texts]) -> Said:
        """The texts of each of the incident's mails."""
        return passages([text for mail in mails for text in mail], "email")

    def person(self, texts: Texts) -> Said:
        """The free text of a person."""
        return passages(texts, "note")

    def file(self, texts: Texts) -> Said:
        """The free text of a file."""
        return passages(texts, "note")

    def uploaded_at(self, holder: dict[str, object]) -> str | None:
        """When a file was uploaded: its first capture's time, else the metadata entry of that name."""
        return first_time(holder) or metadata_time(holder)


def metadata_time(holder: dict[str, object]) -> str | None:
    """The value of the metadata entry ``Upload Date and Time``."""
    for _, item in wrapped(holder, "espMetadata", "metadatas"):
        pair = members(item)
        if (stated(pair.get("name")) or "").strip().casefold() == "upload date and time":
            return stated(pair.get("value"))
    return None
