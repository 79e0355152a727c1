"""Notices by form: the links by which they come, and each notice on its way in."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from grace.accounts import officers, throttle
from grace.accounts.models import Unit
from grace.accounts.viewer import Viewer
from grace.custody.kinds import Kind
from grace.custody.ledger import Line, record
from grace.intake import notice_links
from grace.intake.formats.dsa_notice.reading import FORMAT_NAME
from grace.intake.models import NoticeLink
from grace.intake.notice_links import Visitor
from grace.intake.understand import Told
from grace.kernel import clock
from grace.kernel.errors import Refused
from grace.pipeline.consult import consult, refusals_told
from grace.pipeline.receive import Delivery, Intake, receive
from grace.sdk.intake import Bytes

WAY = "notice-form"
DOCUMENT = "notice.json"
MOST_LINKS = 200
"""Links that the page shows, the newest first; the command line lists all."""
_FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The time that all members of our ZIPs bear: the same notice twice is the same bytes, and is recognised."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider keeps of a notice: our number of its document, the SHA-256 of the notice as it was sealed, and when."""

    reference: UUID
    digest: str
    received_at: datetime


def add_link(viewer: Viewer, sender: str, unit: Unit, lasts: timedelta) -> tuple[NoticeLink, str]:
    """A new link for a sender to a unit, and its word. Raises ``Invalid`` and ``Refused``."""
    with refusals_told(viewer, "notices.link.add", f"unit:{unit.id}"), transaction.atomic():
        link, word = notice_links.add_link(viewer, sender, unit, lasts)
        record(_line(viewer, "notices.link.add", link))
        return link, word


def revoke_link(viewer: Viewer, link_id: UUID) -> NoticeLink:
    """End a link at once. Raises ``Missing`` and ``Refused``."""
    with refusals_told(viewer, "notices.link.revoke", f"link:{link_id}"), transaction.atomic():
        link = notice_links.revoke_link(viewer, link_id)
        record(_line(viewer, "notices.link.revoke", link))
        return link


@dataclass(frozen=True, slots=True)
class Links:
    """The page of links: the newest of them, and the units that can receive."""

    links: list[NoticeLink]
    units: list[Unit]


def links_page(viewer: Viewer) -> Links:
    """All links and units, for whoever administers; a consultation."""
    return consult(
        viewer,
        "notices.link.list",
        lambda: Links(notice_links.links(viewer)[:MOST_LINKS], officers.units(viewer)),
        lambda found: (f"link:{each.id}" for each in found.links),
    )


def open_link(digest: bytes, address: str) -> Visitor:
    """The visitor who comes by a link, from an address whose failures are counted. Raises ``Missing``, or ``Refused`` where the address rests."""
    by_address = throttle.by_address(address)
    with transaction.atomic():
        may_try = throttle.count([by_address])
    if not may_try:
        raise Refused(_("Too many links that are none were tried from here."), remedy=_("Try again in a quarter of an hour."))
    visitor = notice_links.visitor_of(digest)
    with transaction.atomic():
        throttle.give_back(by_address)
    return visitor


def hand_in(visitor: Visitor, notice: Mapping[str, object], files: Sequence[Bytes]) -> Receipt:
    """Take a notice in, with its files in a ZIP where there are any. Raises ``Refused`` where the link rests."""
    with transaction.atomic():
        may_come = throttle.count([notice_links.notices_of(visitor)])
    if not may_come:
        raise Refused(
            _("This link has taken %(most)d notices within an hour, and rests.") % {"most": notice_links.MOST_AN_HOUR},
            remedy=_("Try again in an hour, or call the unit. Nothing that you typed is lost while this page stays open."),
        )
    data = json.dumps(notice, ensure_ascii=False, indent=1).encode()
    name = DOCUMENT
    if files:
        name, data = "notice.zip", packed([Bytes(DOCUMENT, data), *files])
    now = clock.now()
    told = Told(format=FORMAT_NAME)  # whatever a file in it looks like, it is no report of another sender
    taken = receive(Intake(visitor.unit_id, WAY, visitor.actor), [Delivery(name, data, told)])[0]
    return Receipt(taken.document_id, hashlib.sha256(data).hexdigest(), now)


def packed(members: Sequence[Bytes]) -> bytes:
    """A ZIP of these members, not compressed, the same bytes for the same members."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        for member in members:
            archive.writestr(zipfile.ZipInfo(member.name, _FIRST_MOMENT), member.content)
    return into.getvalue()


def _line(viewer: Viewer, act: str, link: NoticeLink) -> Line:
    subjects = (f"link:{link.id}", f"sender:{link.sender_id}", f"unit:{link.unit_id}")
    return Line(Kind.ALTERATION, act, viewer.actor, purpose=viewer.purpose, subjects=subjects)
