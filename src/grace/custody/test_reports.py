from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from grace.custody import notes, reports
from grace.custody.canonical import spelled
from grace.kernel.errors import Invalid

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
BY = ("ledger.agency.example", KEY)
REPORT = {"passed": True, "made_at": "2026-11-26T02:00:00Z", "sections": [{"name": "Brücke", "share": 0.9876}]}


def test_a_report_stands_as_it_was_signed() -> None:
    found = reports.check(reports.sign(REPORT, *BY), [KEY.public_key()])
    assert (found.report, found.origin, found.trusted) == (REPORT, "ledger.agency.example", True)
    assert len(found.fingerprint) == 16


def test_who_signed_is_told_apart_from_whether_it_is_sound() -> None:
    stranger = ("ledger.agency.example", Ed25519PrivateKey.generate())
    assert not reports.check(reports.sign(REPORT, *stranger), [KEY.public_key()]).trusted
    assert not reports.check(reports.sign(REPORT, *BY)).trusted


def test_any_changed_byte_is_found() -> None:
    content = reports.sign(REPORT, *BY)
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1
        with pytest.raises(Invalid):
            reports.check(bytes(changed))


@pytest.mark.parametrize(
    "tamper",
    [
        lambda told: told["report"].update(passed=False),
        lambda told: told["report"]["sections"].clear(),
        lambda told: told.update(note="unsigned"),
        lambda told: told["signature"].update(origin="ledger.other.example"),
        lambda told: told["signature"].update(note="unsigned"),
        lambda told: told["signature"].update(key=json.loads(reports.sign(REPORT, "x", Ed25519PrivateKey.generate()))["signature"]["key"]),
        lambda told: told["signature"].update(value="AAAA"),
        lambda told: told["signature"].update(value=7),
        lambda told: told.update(report=[]),
        lambda told: told.pop("signature"),
    ],
)
def test_a_tampered_report_is_refused(tamper: Callable[[dict[str, Any]], object]) -> None:
    told = json.loads(reports.sign(REPORT, *BY))
    tamper(told)
    with pytest.raises(Invalid):
        reports.check(spelled(told).encode() + b"\n")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff",
        b"[" * 100_000,
        b'{"report":{},"signature":{}}\n',
        b" " * (reports.LARGEST + 1),
        b'{"report":{"a":NaN}}',
    ],
)
def test_what_is_no_report_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        reports.check(content)


def test_another_spelling_of_the_same_is_refused() -> None:
    told = json.loads(reports.sign(REPORT, *BY))
    with pytest.raises(Invalid):
        reports.check(json.dumps(told, indent=1).encode())


def test_no_checkpoint_passes_for_a_report() -> None:
    """The signed bytes of a report begin with a line that no ledger can be named."""
    assert b" " in reports.CONTEXT.split(b"\n")[0]
    assert notes.read(reports.sign(REPORT, *BY).decode(), KEY.public_key()) is None
