"""Links by which a provider without software of its own gives notices: one sender, one unit, for a time, revocable.

The word of a link has 256 random bits; only its digest is kept, so that the database opens no door. A signature would add
nothing: a link must be found in the table anyhow, since it can be revoked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.accounts.secrets import digest_of, new_word
from grace.accounts.throttle import Counted, Limit
from grace.accounts.viewer import Viewer
from grace.intake import senders
from grace.intake.credentials import Key
from grace.intake.models import NoticeLink
from grace.kernel import clock
from grace.kernel.errors import Invalid, Missing
from grace.kernel.text import LONGEST_KEY

LONGEST = timedelta(days=366)
MOST_AN_HOUR = 60
"""Notices that one link takes in an hour; then it rests for an hour, and the page says so."""
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who gives notices: a sender, by one link, to one unit."""

    link_id: UUID
    sender_id: UUID
    sender: str
    unit_id: UUID
    unit: str

    @property
    def actor(self) -> str:
        """The opaque reference that the ledger keeps."""
        return f"sender:{self.sender_id}"


def visitor_of(digest: bytes) -> Visitor:
    """The visitor behind a link, by the digest of its word. Raises :class:`Missing` for one that is over, revoked or unknown: the three are not told apart."""
    row = NoticeLink.objects.select_related("sender", "unit").filter(digest=digest, revoked_at=None, expires_at__gt=clock.now()).first()
    if row is None:
        raise Missing(
            _("This link is not valid, or no longer."),
            remedy=_("Ask the unit that gave it to you for a new one. In an emergency call the police."),
        )
    return Visitor(row.id, row.sender_id, row.sender.name, row.unit_id, row.unit.name)


def notices_of(visitor: Visitor) -> Counted:
    """What the notices of a link are counted by."""
    return Counted(f"notice-link:{visitor.link_id}", Limit(MOST_AN_HOUR, _HOUR, _HOUR))


def add_link(viewer: Viewer, sender: str, unit: Unit, lasts: timedelta) -> tuple[NoticeLink, str]:
    """A new link for a sender, made where it is new, and its word, which is never shown again. Raises :class:`Invalid`."""
    viewer.require(Capability.ADMINISTER)
    name = sender.strip()
    if not name or len(name) > LONGEST_KEY or not name.isprintable():
        raise Invalid(_("A sender needs a name of one line, %(most)d characters at most.") % {"most": LONGEST_KEY})
    if not timedelta(0) < lasts <= LONGEST:
        raise Invalid(_("A link lasts between one day and %(days)d days.") % {"days": LONGEST.days})
    now, word = clock.now(), new_word()
    row = NoticeLink.objects.create(
        sender_id=senders.named([name])[name],
        unit=unit,
        digest=digest_of(word),
        created_at=now,
        created_by=viewer.actor,
        expires_at=now + lasts,
    )
    return row, word


def revoke_link(viewer: Viewer, link_id: UUID) -> NoticeLink:
    """End a link at once; one that has ended already stays as it is. Raises :class:`Missing`."""
    viewer.require(Capability.ADMINISTER)
    row = NoticeLink.objects.select_for_update(of=("self",)).select_related("sender", "unit").filter(id=link_id).first()
    if row is None:
        raise Missing(_("There is no such link."), remedy=_("grace notices link list shows all."))
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
    return row


def links(viewer: Viewer) -> list[NoticeLink]:
    """All links, the newest first; never what was shown."""
    viewer.require(Capability.ADMINISTER)
    return list(NoticeLink.objects.select_related("sender", "unit").order_by("-created_at", "-id"))


def keys_of(viewer: Viewer, sender_id: UUID) -> list[Key]:
    """The links of a sender to the viewer's unit that work, by the day they were made; never their word."""
    viewer.require(Capability.READ)
    found = NoticeLink.objects.filter(sender_id=sender_id, unit_id=viewer.unit_id, revoked_at=None, expires_at__gt=clock.now())
    return [Key("notice", f"{each.created_at:%Y-%m-%d}", each.expires_at) for each in found.order_by("created_at", "id")]
