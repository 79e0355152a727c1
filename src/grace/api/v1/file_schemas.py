"""What the API says of files: their facts, and the members of archives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

Start = Annotated[int, Field(ge=0, le=100_000)]
"""The place with which a page begins."""


class ArchiveOut(Schema):
    """How far an archive was unpacked: places that became files, places that did not, and why not all was looked at."""

    taken: int
    left_out: int
    ended: bool
    reason: str


class MemberOut(Schema):
    """A place in an archive: its file, or the reason why there is none; never its name."""

    place: int
    file: UUID | None
    sha256: str | None
    media_type: str | None
    reason: str


class MemberPageOut(Schema):
    """A page of an archive's places; ``after`` is the ``start`` of the next page, or null."""

    items: list[MemberOut]
    after: int | None


class FileFactsOut(Schema):
    """A file that the unit holds: digests, never bytes and never a name. ``came_in`` are the archives that it came in, ``archive`` tells of its own members."""

    id: UUID
    sha256: str
    sha1: str
    md5: str
    size: int
    media_type: str
    held_since: datetime
    decoded: bool | None
    fingerprints: dict[str, str]
    archive: ArchiveOut | None
    came_in: list[UUID]
