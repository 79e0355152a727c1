"""X Corp: a profile in the person's text, posts in web pages, and addresses that belong to sessions only."""

from __future__ import annotations

from collections.abc import Sequence

from grace.intake.formats.json_values import put
from grace.intake.formats.lea_json.quirks.labelled import labelled, single_lines
from grace.intake.formats.lea_json.quirks.plain import Quirk, Remark, Said, Texts, passages
from grace.sdk.intake import Note, Passage

_PROFILE = {"full name": "profile_full_name", "location": "profile_location", "description": "profile_description"}
_POST = ("type", "text")


class XCorp(Quirk):
    """Profile lines become fields ``profile_…``, posts become passages ``post`` with ``post_<n>_type`` beside them."""

    remarks = (
        Remark(
            Note(
                "addresses-of-sessions",
                "$.reportedInformation.reportedPeople",
                "Addresses are log-in sessions and belong to no single post or file.",
            )
        ),
        Remark(
            Note(
                "time-of-newest-post",
                "$.reportedInformation.incidentSummary.incidentDateTime",
                "The time is that of the newest reported post or, without posts, of the account's creation.",
            )
        ),
    )

    def person(self, texts: Texts) -> Said:
        """The profile: name, place and description."""
        fields = {_PROFILE[label]: value for label, value in single_lines(texts[0][1], _PROFILE)} if texts else {}
        return Said(fields).joined(passages(texts, "profile"))

    def pages(self, pages: Sequence[Texts]) -> Said:
        """Posts: the type and the text of each."""
        fields: dict[str, str] = {}
        posts: list[Passage] = []
        for number, page in enumerate(pages, start=1):
            for path, text in page:
                parts = dict(labelled(text, _POST))
                posts.append(Passage(parts.get("text", text), path, "post"))
                if parts.get("type"):
                    put(fields, f"post_{number}_type", parts["type"])
        return Said(fields, passages=tuple(posts))
