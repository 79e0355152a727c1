"""Writes a report as a mail: the print's lines as its text, or the JSON attached to a few words."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from grace.simulate import layout, lea_json
from grace.simulate.referral import Referral

_FROM, _TO = "reports@clearing-house.example.org", "referrals@unit.example.net"


def with_text(referral: Referral) -> bytes:
    """An ``.eml`` whose body is the report, label by label."""
    message = _envelope(referral)
    lines = (row if isinstance(row, str) else "    ".join(row) for row in layout.rows(referral))
    message.set_content("\n".join(lines) + "\n", cte="quoted-printable")
    return message.as_bytes(policy=SMTP)


def with_json(referral: Referral) -> bytes:
    """An ``.eml`` that carries the JSON as an attachment and says nothing itself."""
    message = _envelope(referral)
    message.set_content("The report is attached.\n")
    message.add_attachment(lea_json.write(referral), maintype="application", subtype="json", filename=f"{referral.number}.json")
    message.set_boundary(f"=={referral.number:x}==")
    return message.as_bytes(policy=SMTP)


def _envelope(referral: Referral) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"Example Clearing House <{_FROM}>"
    message["To"] = _TO
    message["Subject"] = f"CyberTipline Report {referral.number}"
    message["Date"] = format_datetime(referral.received_at)
    message["Message-ID"] = f"<{referral.number}@clearing-house.example.org>"
    return message
