"""Who may read a list that we serve: senders who were enrolled for it, and programs of our own that manage lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.throttle import Counted, Limit
from grace.accounts.tokens import viewer_of_token
from grace.intake.credentials import caller_of, login_named
from grace.kernel.clock import now
from grace.kernel.errors import Conflict, Missing, Refused
from grace.matching.models import HashList, Reader

PROGRAM = "token"
"""The name that a program signs in with; its token is the password."""
OURSELVES = 1
"""The number of this agency among the members of its lists; readers have the numbers behind it."""
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Guest:
    """Who reads: its number and name among the members, the reference that the ledger keeps, and what its requests count by."""

    number: int
    name: str
    actor: str
    key: str

    @property
    def requests(self) -> Counted:
        """What requests are counted by."""
        return Counted(f"list-requests:{self.key}", Limit(settings.GRACE_MOST_REPORT_REQUESTS, _MINUTE, _MINUTE))


def guest_of(hash_list: HashList, name: str, secret: str) -> Guest | None:
    """The guest behind a name and a secret that may read this list now; None for any other pair."""
    if name == PROGRAM:
        return _program(hash_list, secret)
    caller = caller_of(name, secret)
    if caller is None:
        return None
    found = Reader.objects.filter(hash_list=hash_list, login_id=caller.login_id, ended_at=None).first()
    return Guest(OURSELVES + found.id, caller.sender, caller.actor, str(caller.login_id)) if found else None


def enrol(hash_list: HashList, login: str, by: str) -> Reader:
    """Let a sender read a list, by its login. Raises :class:`Missing` and :class:`Conflict`."""
    found = login_named(login)
    if Reader.objects.filter(hash_list=hash_list, login=found, ended_at=None).exists():
        raise Conflict(_("This sender may read the list already."))
    return Reader.objects.create(hash_list=hash_list, login=found, added_at=now(), added_by=by)


def dismiss(hash_list: HashList, login: str) -> Reader:
    """Let a sender read a list no longer. Raises :class:`Missing`."""
    found = Reader.objects.filter(hash_list=hash_list, login__name=login, ended_at=None).first()
    if found is None:
        raise Missing(_("There is no such reader."))
    found.ended_at = now()
    found.save(update_fields=["ended_at"])
    return found


def readers_of(list_id: UUID) -> list[Reader]:
    """Who may read a list."""
    return list(Reader.objects.filter(hash_list_id=list_id, ended_at=None).select_related("login__sender").order_by("id"))


def _program(hash_list: HashList, secret: str) -> Guest | None:
    try:
        viewer = viewer_of_token(secret)
    except Refused:
        return None
    serves = hash_list.unit_id is None or hash_list.unit_id == viewer.unit_id
    if not serves or not viewer.may(Capability.MANAGE_LISTS):
        return None
    return Guest(OURSELVES, PROGRAM, viewer.actor, str(viewer.officer_id))
