"""Floods for tests: small invented reports of one viral file, of the same facts under new numbers, of bundles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from grace.accounts.models import Unit
from grace.accounts.viewer import operator
from grace.casework.models import QueueRow
from grace.kernel import clock
from grace.links.definition import base_body
from grace.links.models import Definition
from grace.pipeline.lists import import_list
from grace.simulate.catalogue import invented_digests
from grace.simulate.plan import load_plan
from grace.simulate.truth import Reason
from grace.simulate.world import World, zipped
from tests.support.deliveries import hand_in
from tests.support.jobs import run_due_jobs

SEED = 11
VIRAL = invented_digests(SEED, "viral").md5
"""The MD5 of the invented viral file, hexadecimal."""
_NUMBER = re.compile(rb'("reportId":\s*"?)\d+')
_RECEIVED = re.compile(rb'("dateReceived":\s*)"[^"]*"')


def define(unit: Unit, **changes: dict[str, Any]) -> Definition:
    """Put a definition in force for a unit: three reports make a file viral, but for the changes."""
    body = base_body()
    body["viral"] |= {"threshold": 3}
    for part, numbers in changes.items():
        body[part] |= numbers
    return Definition.objects.create(unit=unit, number=1, body=body, edited_by="system:test", edited_at=clock.now())


def reports(number: int, *, viral: bool = True, urgent: int = 0) -> list[bytes]:
    """Small reports in LEA JSON, each of another account; the last ``urgent`` of them state access to a child, within a week.

    As many again are urgent in the invented world without that a report says so.
    """
    plan = replace(
        load_plan(number, seed=SEED),
        days=7,
        viral_share=float(viral),
        urgent_share=2 * urgent / number,
        quiet_share=0,
        linked_share=0,
        known_share=0,
    )
    documents = [World(plan).document(place) for place in range(number)]
    ordered = sorted(documents, key=lambda each: each.truth.why is Reason.ACCESS_TO_CHILD)
    return [each.content for each in ordered if isinstance(each.content, bytes)]


def a_list() -> None:
    """A hash list that knows one digest, so that the others are on no list and not just unchecked."""
    line = "md5," + "12" * 16 + ",invented,,\n"
    import_list(operator(), BytesIO(b"algorithm,value,category,source,note\n" + line.encode()), "Example list", source="Example")


def renumbered(document: bytes, number: int, received: datetime | None = None) -> bytes:
    """The same report under another number, at another time if one is given."""
    made = _NUMBER.sub(rb"\g<1>%d" % number, document)
    return _RECEIVED.sub(rb'\g<1>"%s"' % received.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), made) if received else made


def tip(
    number: int, account: str, *, md5: str = "", earlier: int | None = None, bundled: bool = False, address: str = "", mail: str = ""
) -> bytes:
    """A report as CyberTipline XML in a ZIP, with one file that it names; it may name an earlier report, or be one of a bundle.

    The account may have an address, used at a known second by a known port, and a mail address.
    """
    batch = '<batchedReport reason="VIRAL_POTENTIAL_MEME"/>' if bundled else ""
    prior = f"<priorCTReports>{earlier}</priorCTReports>" if earlier else ""
    person = f"<personOrUserReportedPerson><email>{mail}</email></personOrUserReportedPerson>" if mail else ""
    used = "<dateTime>2025-03-04T21:09:17Z</dateTime><eventName>Login</eventName><port>41873</port>"
    prior += f"<ipCaptureEvent><ipAddress>{address}</ipAddress>{used}</ipCaptureEvent>" if address else ""
    report = (
        f"<report>{batch}<incidentSummary><incidentType>Child Pornography (possession, manufacture, and distribution)</incidentType>"
        "<platform>Example Forum</platform><incidentDateTime>2025-03-04T21:10:09Z</incidentDateTime></incidentSummary>"
        f"<personOrUserReported>{person}<espIdentifier>{account}</espIdentifier>{prior}</personOrUserReported></report>"
    )
    file = f"<fileDetails><reportId>{number}</reportId><fileId>f{number}</fileId><originalFileName>a.jpg</originalFileName>"
    file += f'<originalFileHash hashType="MD5">{md5 or f"{number:032x}"}</originalFileHash></fileDetails>'
    return zipped({"report.xml": report.encode(), "fileDetails_1.xml": file.encode()})


def take_in(unit: Unit, documents: Iterable[bytes], *, name: str = "report.json") -> list[UUID]:
    """Hand documents in and let the jobs that follow run; the referrals in order."""
    found = [each.referrals[0] for each in hand_in(unit, *documents, name=name)]
    run_due_jobs()
    return found


def lines(unit: Unit, status: str = "open") -> list[QueueRow]:
    """The lines of a unit's queue, in rank order."""
    return list(QueueRow.objects.filter(unit=unit, status=status, is_line=True).order_by("-turn", "-floor", "-score", "-referral_id"))


def later(days: float) -> datetime:
    """A moment after the reports of these tests."""
    return datetime(2025, 1, 3, tzinfo=clock.now().tzinfo) + timedelta(days=days)
