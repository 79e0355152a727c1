"""Floods for tests: small invented reports of one viral file, of the same facts under new numbers, of bundles."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from grace.accounts.models import Unit
from grace.links.models import Definition
from grace.pipeline.receive import Delivery, Intake, receive
from tests.support.deliveries import sample
from tests.support.jobs import run_due_jobs

VIRAL = "0f" * 16
"""The MD5 of the invented viral file."""


def define(unit: Unit, **changes: Any) -> None:
    """Put a definition in force for a unit: by default, three reports within 30 days make a file viral."""
    from grace.kernel import clock
    from grace.links.definition import base_body

    body = base_body()
    body["viral"]["threshold"] = 3
    for part, numbers in changes.items():
        body[part] |= numbers
    Definition.objects.create(unit=unit, number=1, body=body, edited_by="system:test", edited_at=clock.now())
