"""Files that the unit holds: their digests and what was found out about them. Bytes and pictures are looked at on the pages only."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from grace.api.tokens import viewer
from grace.api.v1.schemas import FileFactsOut
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.pipeline.file_facts import file_facts

router = Router(tags=["files"])


@router.get("/{uuid:file}", response=FileFactsOut, summary="One file that the unit holds")
@declares(Kind.CONSULTATION)
def read_file(request: HttpRequest, file: UUID) -> FileFactsOut:
    """Digests, size and type of a file; 404 for one that the unit does not hold, whoever else does."""
    found = file_facts(viewer(request), file)
    return FileFactsOut.model_validate(asdict(found))
