"""Who asks: each request between installations is signed with the key in the directory; TLS is the proxies' and protects nothing here.

The signature is over method, path with query, recipient, time and the SHA-256 of the body; a request older than ten minutes is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from grace.agencies import directory
from grace.agencies.identity import own
from grace.agencies.keys import bytes_of, text_of
from grace.agencies.models import Enrolment
from grace.exchange.errors import Rejected
from grace.exchange.label import CLOCKS_APART
from grace.kernel.errors import Invalid
from grace.kernel.strict import moment

AGENCY, TIME, SIGNATURE = "Grace-Agency", "Grace-Time", "Grace-Signature"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it is signed."""

    method: str
    path: str
    recipient: UUID
    body: bytes = b""

    def told(self, time: str) -> bytes:
        """What is signed."""
        digest = hashlib.sha256(self.body).hexdigest()
        return f"grace-request-1\n{self.method}\n{self.path}\n{self.recipient}\n{time}\n{digest}".encode()


def headers(asked: Asked, now: datetime) -> dict[str, str]:
    """The headers that sign a request."""
    keys, time = own(), moment(now)
    return {AGENCY: str(keys.agency), TIME: time, SIGNATURE: text_of(keys.sign(asked.told(time)))}


def check(asked: Asked, sent: Mapping[str, str], now: datetime) -> Enrolment:
    """The agency that asks. Raises :class:`Rejected`."""
    try:
        agency = UUID(sent.get(AGENCY, ""))
        time = sent.get(TIME, "")
        at = datetime.fromisoformat(time)
        signature = bytes_of(sent.get(SIGNATURE, ""))
    except (ValueError, Invalid) as fault:
        raise Rejected("wrong-signature") from fault
    keys = directory.in_force(agency)
    if keys is None:
        raise Rejected("revoked-key" if directory.was_known(agency) else "unknown-sender")
    if not keys.keys.verifies(signature, asked.told(time)):
        raise Rejected("wrong-signature")
    if at.tzinfo is None or abs(now - at) > CLOCKS_APART:
        raise Rejected("stale-request")
    return keys
