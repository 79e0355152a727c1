"""Programs that speak to the API with a token of a unit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client

from grace.accounts.capabilities import NOT_FOR_PROGRAMS, Capability
from grace.accounts.models import Unit
from grace.accounts.viewer import operator
from grace.pipeline import accounts

EVERYTHING = frozenset(Capability) - NOT_FOR_PROGRAMS


@dataclass(frozen=True)
class Program:
    """A client that enforces CSRF, as a server does, and its token."""

    client: Client
    word: str
    token_id: str

    @property
    def actor(self) -> str:
        return f"token:{self.token_id}"

    def get(self, path: str, **query: str | int) -> Any:
        return self.client.get(f"/api/v1{path}", query, headers=self._headers())

    def post(self, path: str, body: bytes | dict[str, object] = b"", *, key: str = "", purpose: str = "", **query: str | int) -> Any:
        sent = json.dumps(body).encode() if isinstance(body, dict) else body
        headers = self._headers() | ({"Idempotency-Key": key} if key else {}) | ({"X-Grace-Purpose": purpose} if purpose else {})
        return self.client.post(f"/api/v1{path}", sent, content_type="application/json", headers=headers, query_params=query)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.word}"}


def program(unit: Unit, capabilities: frozenset[Capability] = EVERYTHING) -> Program:
    """A program of the unit."""
    token, word = accounts.issue_token(operator(), unit, "a program", capabilities, timedelta(days=1))
    return Program(Client(enforce_csrf_checks=True), word, str(token.id))
