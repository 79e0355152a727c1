"""TikTok: what was caught of a person are log-ins, also where no event is written."""

from __future__ import annotations

from grace.intake.formats.lea_json.quirks.plain import Quirk, Remark
from grace.sdk.intake import Kind, Note, Report


def _without_event(report: Report) -> bool:
    return any(claim.kind is Kind.IP and claim.event is None for person in report.persons for claim in person.claims)


class TikTok(Quirk):
    """Says so once, and leaves the sender's own words alone."""

    remarks = (
        Remark(
            Note("captures-are-logins", "$.reportedInformation.reportedPeople", "With this sender a person's addresses are log-ins."),
            _without_event,
        ),
    )
