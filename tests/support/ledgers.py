"""Small ledgers with invented acts, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import LiteralString
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from grace.cli import migration
from grace.custody import export, ledger
from grace.custody.ledger import Kind, Line, Signer
from grace.host import database
from tests.support import ground

SIGNER = Signer("ledger.example.org", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
"""An invented key; nothing outside the tests is signed with it."""
ALICE = "officer:01900000-0000-7000-8000-00000000a11c"
BOB = "officer:01900000-0000-7000-8000-000000000b0b"


def referral(number: int) -> str:
    """The reference of an invented referral."""
    return f"referral:{UUID(int=number)}"


def received(number: int) -> Line:
    """The line of a referral that came in."""
    return Line(
        Kind.COLLECTION, "referral.receive", "sender:one", subjects=(referral(number), f"file:{number:064x}"), detail={"format": "lea-json"}
    )


def looked_at(number: int, who: str = ALICE) -> Line:
    """The line of an officer who looked at a referral."""
    return Line(Kind.CONSULTATION, "referral.read", who, "triage", (referral(number),))


def write(*lines: Line) -> list[UUID]:
    """Write lines in a transaction of their own."""
    with transaction.atomic():
        return ledger.record(*lines)


def exported(by: Signer = SIGNER) -> list[bytes]:
    """The whole ledger as an export, in memory."""
    ledger.sequence(wait=True)
    with export.snapshot():
        return list(export.lines(by))


@contextmanager
def as_owner() -> Iterator[None]:
    """Speak to the test's database as its owner."""
    owner = database.embedded(ground.present_home(), database.Role.OWNER)
    with migration.as_owner(replace(owner, database=connection.settings_dict["NAME"])):
        yield


def tamper(statement: LiteralString) -> None:
    """Do, as the owner and behind the program's back, what nobody should."""
    with ground.connect(database.Role.OWNER, connection.settings_dict["NAME"]) as owner:
        owner.execute(statement)
