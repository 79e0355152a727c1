"""What makes referrals a group, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from grace.casework.queue import Row
from grace.links.read import Told
from grace.pipeline.groups import GroupPage
from grace.web import words


@dataclass(frozen=True, slots=True)
class MemberShown:
    """A member: its row, in words, and what makes it one."""

    row: Row
    title: str
    address: str
    split_address: str
    because: str
    basis: str
    outcome: str
    states: list[tuple[str, str]]


def member_rows(page: GroupPage) -> Iterator[MemberShown]:
    """The members of a page, in their order."""
    for row in page.page.rows:
        membership = page.members.get(row.referral_id)
        yield MemberShown(
            row=row,
            title=words.title(row.incident_kind, row.summary),
            address=reverse("referral", args=[row.referral_id]),
            split_address=reverse("split-group", args=[page.group.id, row.referral_id]),
            because=words.because(page.group.kind, membership.evidence) if membership else "",
            basis=membership.basis if membership else "",
            outcome=words.outcome(row.outcome) if row.outcome else "",
            states=[(words.recipient(key), _members_of(page, key)) for key in row.recipients],
        )


def states(page: GroupPage) -> Iterator[tuple[str, int, str]]:
    """Each state concerned: its name, how many members concern it, and where the queue lists them."""
    for key, number in page.states:
        yield words.recipient(key), number, _members_of(page, key)


def _members_of(page: GroupPage, state: str) -> str:
    return f"{reverse('queue')}?group={page.group.id}&state={state}"


def why_grouped(group: Told) -> str:
    """What the group is, in a sentence, with the days between which its reports were made."""
    days = (
        {"first": date_format(group.first_at, "j M Y"), "last": date_format(group.last_at, "j M Y")}
        if group.first_at and group.last_at
        else {}
    )
    told = {
        "viral": _("One file, named or brought by all of these within the window of your unit."),
        "duplicate": _("They say the same, or nearly the same, under different numbers."),
        "bundle": _("The sender itself says that they belong together."),
    }[group.kind]
    return told + " " + _("Reported from %(first)s to %(last)s.") % days if days else told
