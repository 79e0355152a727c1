"""Links, valid once, by which a person sets the own password: nobody ever knows another's, and no default exists."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.credentials import plain_name, set_password
from grace.accounts.models import Invitation, Officer, Unit
from grace.accounts.officers import administrator_exists, create_officer, create_unit, hold_administrators
from grace.accounts.secrets import digest_of, new_word
from grace.accounts.sessions import end_sessions
from grace.accounts.viewer import Viewer, operator
from grace.kernel import clock
from grace.kernel.errors import Conflict, Missing

FIRST_ADMINISTRATOR_FOR = timedelta(hours=24)
OFFICER_FOR = timedelta(hours=72)


def invite(viewer: Viewer, officer: Officer) -> str:
    """The word of a new link for the officer; earlier links are void, and so is the present password."""
    viewer.require(Capability.ADMINISTER)
    if not officer.is_active:
        raise Conflict(_("This officer no longer works here."))
    officer.set_unusable_password()
    officer.save(update_fields=["password"])
    end_sessions(officer.id)
    return _new_invitation(officer, OFFICER_FOR)


def invite_first_administrator() -> str:
    """The word of the first administrator's link; raises :class:`Conflict` where somebody administers already."""
    hold_administrators()
    _refuse_second_first()
    return _new_invitation(None, FIRST_ADMINISTRATOR_FOR)


def open_invitation(digest: bytes, *, for_change: bool = False) -> Invitation:
    """The invitation behind a link, by the digest of its word; raises :class:`Missing` for one that is used, over or unknown: the three are not told apart."""
    rows = Invitation.objects.select_for_update(of=("self",)) if for_change else Invitation.objects.all()
    invitation = rows.select_related("officer").filter(digest=digest, used_at=None, expires_at__gt=clock.now()).first()
    if invitation is None or (invitation.officer and not invitation.officer.is_active):
        raise Missing(
            _("This link is not valid, or no longer."),
            remedy=_("A link works once and for a short time. Ask your administrator for a new one."),
        )
    return invitation


def accept(digest: bytes, password: str) -> Officer:
    """Set the invited officer's password and use the link up."""
    invitation = open_invitation(digest, for_change=True)
    if invitation.officer is None:
        raise Missing(_("This link is for the first administrator."))
    set_password(invitation.officer, password)
    invitation.officer.save(update_fields=["password"])
    _use_up(invitation)
    return invitation.officer


def accept_as_first_administrator(digest: bytes, unit_name: str, username: str, display_name: str, password: str) -> Officer:
    """Make the first administrator, with the first unit where there is none, and use the link up."""
    invitation = open_invitation(digest, for_change=True)
    hold_administrators()
    if invitation.officer is not None:
        raise Missing(_("This link is for an officer."))
    _refuse_second_first()
    unit = Unit.objects.filter(name=unit_name.strip()).first() or create_unit(operator(), unit_name)
    officer = create_officer(operator(), unit, plain_name(username), display_name)
    set_password(officer, password)
    officer.capabilities = [Capability.ADMINISTER]
    officer.save(update_fields=["password", "capabilities"])
    _use_up(invitation)
    return officer


def _new_invitation(officer: Officer | None, lasts: timedelta) -> str:
    now, word = clock.now(), new_word()
    Invitation.objects.filter(officer=officer, used_at=None).delete()
    Invitation.objects.create(officer=officer, digest=digest_of(word), created_at=now, expires_at=now + lasts)
    return word


def _use_up(invitation: Invitation) -> None:
    invitation.used_at = clock.now()
    invitation.save(update_fields=["used_at"])


def _refuse_second_first() -> None:
    if administrator_exists():
        raise Conflict(
            _("Somebody administers this installation already."),
            remedy=_("Ask that person, or reset a lost second factor with “grace accounts officer reset-second-factor”."),
        )
