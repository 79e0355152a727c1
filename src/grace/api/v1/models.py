"""The register of models: which there are, what each may do, and its passport as it was signed. Reading only: a person moves models."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from grace.analysis.register import keep
from grace.api.tokens import viewer
from grace.custody.declare import nothing_personal
from grace.pipeline.models import every

router = Router(tags=["models"])


class ModelOut(Schema):
    """A model: ``digest`` is the SHA-256 of its passport, ``state`` what it may do, ``signer`` the agency whose signature was trusted."""

    id: UUID
    name: str
    version: str
    digest: str
    state: str
    signer: UUID
    imported_at: datetime
    promoted_at: datetime | None


class ModelWithPassport(ModelOut):
    """The same with its passport (model-passport.schema.json) and who signed it."""

    passport: dict[str, Any]
    signatures: list[dict[str, str]]


@router.get("", response=list[ModelOut], summary="The models of the register")
@nothing_personal
def list_models(request: HttpRequest) -> list[ModelOut]:
    """By name, the newest version first."""
    return [ModelOut.from_orm(each.row) for each in every(viewer(request))]


@router.get("/{model_id}", response=ModelWithPassport, summary="One model with its passport")
@nothing_personal
def one_model(request: HttpRequest, model_id: UUID) -> dict[str, Any]:
    """Its passport word for word, so that the digest can be checked against it after it was fetched as a folder."""
    every(viewer(request))
    row = keep.one(model_id).row
    signatures = json.loads(bytes(row.signatures))["signatures"]
    return {**ModelOut.from_orm(row).model_dump(), "passport": json.loads(bytes(row.passport)), "signatures": signatures}
