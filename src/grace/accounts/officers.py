"""Units and officers: creating them, giving and taking capabilities, locking, deactivating."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.credentials import plain_name
from grace.accounts.models import Officer, Unit
from grace.accounts.sessions import end_sessions
from grace.accounts.throttle import by_code, by_name, release, rests_until
from grace.accounts.viewer import Viewer
from grace.kernel import clock
from grace.kernel.errors import Conflict, Invalid, Missing

MOST_CONTACT = 300
_ADMINISTRATORS_LOCK = 0x67726163_61646D69  # any number that is only used here: keeps two administrators from removing each other at once


@dataclass(frozen=True, slots=True)
class Change:
    """What was given and what was taken, in one act."""

    officer: Officer
    granted: frozenset[Capability]
    revoked: frozenset[Capability]


def create_unit(viewer: Viewer, name: str) -> Unit:
    """A new unit; raises :class:`Invalid` for an empty name and :class:`Conflict` for one that exists."""
    viewer.require(Capability.ADMINISTER)
    name = name.strip()
    slug = slugify(name)
    if not slug:
        raise Invalid(_("A unit needs a name with at least one letter or digit."))
    if Unit.objects.filter(slug=slug).exists():
        raise Conflict(_("A unit of this name exists."), remedy=_("Choose another name."))
    return Unit.objects.create(name=name, slug=slug)


def record_contact(viewer: Viewer, unit_id: UUID, contact: str) -> Unit:
    """Write down how another unit reaches this one. Raises :class:`Invalid` for more than 300 characters, :class:`Missing`."""
    viewer.require(Capability.ADMINISTER)
    if len(contact) > MOST_CONTACT or "\0" in contact:
        raise Invalid(_("The contact may have up to %(most)d characters.") % {"most": MOST_CONTACT})
    unit = Unit.objects.select_for_update().filter(id=unit_id).first()
    if unit is None:
        raise Missing(_("There is no such unit."))
    unit.contact = " ".join(contact.split())
    unit.save(update_fields=["contact"])
    return unit


def create_officer(viewer: Viewer, unit: Unit, username: str, display_name: str, email: str = "") -> Officer:
    """A new officer without password and without any capability; an invitation lets the person set the password."""
    viewer.require(Capability.ADMINISTER)
    username, display_name = plain_name(username), display_name.strip()
    if not username or not display_name:
        raise Invalid(_("An officer needs a sign-in name and a name."))
    if Officer.objects.filter(username=username).exists():
        raise Conflict(_("This sign-in name is taken."), remedy=_("Choose another one."))
    officer = Officer(unit=unit, username=username, display_name=display_name, email=email.strip())
    officer.set_unusable_password()
    officer.save(force_insert=True)
    return officer


def set_capabilities(viewer: Viewer, officer_id: UUID, wanted: Iterable[Capability]) -> Change:
    """Give and take until the officer holds exactly the wanted ones."""
    viewer.require(Capability.ADMINISTER)
    officer = held_for_change(officer_id)
    before, after = officer.held_capabilities, frozenset(wanted)
    if Capability.ADMINISTER in before - after:
        _keep_an_administrator(officer)
    officer.capabilities = sorted(after)
    officer.save(update_fields=["capabilities"])
    return Change(officer, after - before, before - after)


def grant(viewer: Viewer, officer_id: UUID, capabilities: Iterable[Capability]) -> Change:
    """Give capabilities in addition to those held."""
    return set_capabilities(viewer, officer_id, held_for_change(officer_id).held_capabilities | frozenset(capabilities))


def revoke(viewer: Viewer, officer_id: UUID, capabilities: Iterable[Capability]) -> Change:
    """Take capabilities away; those not held are no error."""
    return set_capabilities(viewer, officer_id, held_for_change(officer_id).held_capabilities - frozenset(capabilities))


def lock(viewer: Viewer, officer_id: UUID) -> Officer:
    """Keep the officer out until unlocked, and end all sessions."""
    viewer.require(Capability.ADMINISTER)
    officer = held_for_change(officer_id)
    _keep_an_administrator(officer)
    officer.locked_at = clock.now()
    officer.save(update_fields=["locked_at"])
    end_sessions(officer.id)
    return officer


def unlock(viewer: Viewer, officer_id: UUID) -> Officer:
    """Let the officer in again, and forget the failures that were counted."""
    viewer.require(Capability.ADMINISTER)
    officer = held_for_change(officer_id)
    officer.locked_at = None
    officer.save(update_fields=["locked_at"])
    release(by_name(officer.username), by_code(officer.id))
    return officer


def deactivate(viewer: Viewer, officer_id: UUID) -> Officer:
    """The person no longer works here: no sign-in, no capabilities; the name stays for what was done under it."""
    viewer.require(Capability.ADMINISTER)
    officer = held_for_change(officer_id)
    _keep_an_administrator(officer)
    officer.is_active, officer.capabilities = False, []
    officer.set_unusable_password()
    officer.save(update_fields=["is_active", "capabilities", "password"])
    end_sessions(officer.id)
    return officer


def officers(viewer: Viewer) -> list[Officer]:
    """Everybody with an account, unit by unit."""
    viewer.require(Capability.ADMINISTER)
    return list(Officer.objects.select_related("unit").order_by("-is_active", "unit__name", "display_name", "id"))


def units(viewer: Viewer) -> list[Unit]:
    """All units by name."""
    viewer.require(Capability.ADMINISTER)
    return list(Unit.objects.order_by("name"))


def unit_named(slug: str) -> Unit:
    """The unit with this short name; raises :class:`Missing`."""
    unit = Unit.objects.filter(slug=slug).first()
    if unit is None:
        raise Missing(_("There is no unit “%(slug)s”.") % {"slug": slug}, remedy=_("Add it with “grace accounts unit add”."))
    return unit


def officer_named(username: str) -> Officer:
    """The officer with this sign-in name; raises :class:`Missing`."""
    officer = Officer.objects.filter(username=plain_name(username)).first()
    if officer is None:
        raise Missing(_("Nobody signs in under this name."))
    return officer


def colleagues(viewer: Viewer) -> list[Officer]:
    """The active officers of the viewer's unit, to whom work can be assigned."""
    return list(Officer.objects.filter(unit_id=viewer.unit_id, is_active=True).order_by("display_name", "id"))


def is_resting(officer: Officer) -> bool:
    """Whether too many failures keep the officer out for the moment."""
    return bool(rests_until(by_name(officer.username)) or rests_until(by_code(officer.id)))


def administrator_exists() -> bool:
    """Whether anybody can administer accounts."""
    return _administrators().exists()


def held_for_change(officer_id: UUID) -> Officer:
    """The officer's row, locked until the transaction ends; raises :class:`Missing`."""
    officer = Officer.objects.select_for_update(of=("self",)).select_related("unit").filter(id=officer_id).first()
    if officer is None:
        raise Missing(_("There is no such officer."))
    return officer


def hold_administrators() -> None:
    """Let one transaction at a time change who administers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADMINISTRATORS_LOCK])


def _administrators() -> QuerySet[Officer]:
    return Officer.objects.filter(is_active=True, locked_at=None, capabilities__contains=[Capability.ADMINISTER])


def _keep_an_administrator(officer: Officer) -> None:
    hold_administrators()
    if Capability.ADMINISTER in officer.held_capabilities and not _administrators().exclude(id=officer.id).exists():
        raise Conflict(
            _("This is the last administrator; without one nobody could manage accounts."),
            remedy=_("Give somebody else the capability “Administer” first."),
        )
