"""The members of an archive in words: how far it was unpacked, and at each place a file, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grace.evidence.decoding.port import Reason
from grace.evidence.members import ERASED
from grace.evidence.models import Archive
from grace.pipeline.inside import Contents, Row
from grace.web import words
from grace.web.referral import shown


@dataclass(frozen=True, slots=True)
class MemberShown:
    """A place: its number, the name that stands there, and the file, or why there is none. ``is_rest`` is the last place: all that was not looked at."""

    number: int
    name: str
    file_id: UUID | None
    label: str
    media_type: str
    size: int
    standing: Promise | str
    shape: str
    why: str
    is_rest: bool


@dataclass(frozen=True, slots=True)
class ContentsShown:
    """A page of members; ``says`` tells how far the whole was unpacked."""

    says: list[str]
    members: list[MemberShown]
    before: int | None
    after: int | None


def told(contents: Contents) -> ContentsShown:
    """A page of members in words."""
    return ContentsShown(_says(contents.archive), [_member(each) for each in contents.rows], contents.before, contents.after)


def _says(archive: Archive) -> list[str]:
    if archive.ended_at and archive.reason and not archive.next:
        return [_("not unpacked: %(why)s") % {"why": words.reason(archive.reason)}]
    taken = ngettext("%(n)s file came out of it", "%(n)s files came out of it", archive.taken) % {"n": words.grouped(archive.taken)}
    said = [taken if archive.ended_at else _("it is being unpacked, so far: %(taken)s") % {"taken": taken}]
    if archive.left_out:
        text = ngettext("%(n)s place without a file", "%(n)s places without a file", archive.left_out)
        said.append(text % {"n": words.grouped(archive.left_out)})
    if archive.reason:
        said.append(_("not all was unpacked: %(why)s") % {"why": words.reason(archive.reason)})
    return said


def _member(row: Row) -> MemberShown:
    member, file = row.member, row.member.file
    standing, shape = shown.STANDINGS[row.standing] if row.standing else ("", "dash")
    why = _("erased since") if member.reason == ERASED else words.reason(member.reason) if member.reason else ""
    is_rest = not member.name and file is None and member.reason in {Reason.MEMBERS.value, Reason.BOMB.value, Reason.BYTES.value}
    return MemberShown(
        number=member.place + 1,
        name=member.name,
        file_id=member.file_id,
        label=bytes(file.sha256).hex()[:8] if file else "",
        media_type=file.media_type if file else "",
        size=file.size if file else 0,
        standing=standing,
        shape=shape,
        why=why,
        is_rest=is_rest,
    )
