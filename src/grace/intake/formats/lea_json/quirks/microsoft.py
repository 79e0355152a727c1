"""Microsoft: the sub-service stands in the reporter's last name; times are those of the service."""

from __future__ import annotations

from grace.intake.formats.lea_json.quirks.plain import Quirk, Remark
from grace.sdk.intake import Note


class Microsoft(Quirk):
    """``Microsoft BingImage`` is the image search."""

    last_name_is_service = True
    remarks = (
        Remark(
            Note(
                "time-of-receipt",
                "$.reportedInformation.incidentSummary.incidentDateTime",
                "The time is when the service received the image.",
            ),
            lambda report: report.service == "Microsoft BingImage",
        ),
    )
