"""The export from the page: a disclosure, and a file that verifies offline."""

from __future__ import annotations

import io

from django.urls import reverse

from grace.custody import ledger, verify_ledger
from tests.support.ledgers import looked_at, received, write
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_person, make_unit


def test_an_export_verifies_and_tells_of_itself(committed_db: None) -> None:
    alice = make_person("Alice", make_unit("Harbour Unit"), EVERYTHING_BUT_ACCOUNTS)
    write(received(1), looked_at(1))
    answer = alice.client.post(reverse("export-ledger"), {"recipient": "authority:data-protection", "purpose": "lawfulness-check"})
    exported = b"".join(answer)
    verify_ledger.verify(verify_ledger.lines_of(io.BytesIO(exported)), [ledger.signer().key.public_key()], [])
    entry = ledger.page(actor=alice.viewer.actor)[0]
    assert (entry.act, entry.kind, entry.recipient) == ("ledger.export", "DISCLOSURE", "authority:data-protection")
    assert b'"act":"ledger.export"' in exported
