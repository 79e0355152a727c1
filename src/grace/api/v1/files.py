"""Files that the unit holds: their digests and what was found out about them. Bytes and pictures are looked at on the pages only."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from grace.api.tokens import viewer
from grace.api.v1.file_schemas import FileFactsOut, MemberOut, MemberPageOut, Start
from grace.api.v1.schemas import Limit
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.pipeline.file_facts import file_facts, member_facts

router = Router(tags=["files"])


@router.get("/{uuid:file}", response=FileFactsOut, summary="One file that the unit holds")
@declares(Kind.CONSULTATION)
def read_file(request: HttpRequest, file: UUID) -> FileFactsOut:
    """Digests, size and type of a file; 404 for one that the unit does not hold, whoever else does."""
    found = file_facts(viewer(request), file)
    return FileFactsOut.model_validate(asdict(found))


@router.get("/{uuid:file}/members", response=MemberPageOut, summary="What came out of an archive that the unit holds")
@declares(Kind.CONSULTATION)
def list_members(request: HttpRequest, file: UUID, start: Start = 0, limit: Limit = 50) -> MemberPageOut:
    """A page of an archive's places, from ``start`` on; follow ``after`` to the next. 404 for a file that holds no others."""
    found = member_facts(viewer(request), file, start, limit + 1)
    more = found[limit].place if len(found) > limit else None
    return MemberPageOut(items=[MemberOut.model_validate(asdict(each)) for each in found[:limit]], after=more)
