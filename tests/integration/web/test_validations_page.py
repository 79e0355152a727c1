"""A unit's officers read the validations that were kept for it; nobody else does, and nobody can slip another one in."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from grace.custody import ledger, reports
from grace.evidence.models import KeptReport
from grace.kernel.errors import Invalid
from grace.pipeline.validation import keep_report
from tests.support.people import Person
from tests.support.validations import REPORT, signed

pytestmark = pytest.mark.django_db


def kept(alice: Person) -> KeptReport:
    return keep_report(alice.viewer.unit_id, signed(), actor="operator:0")


def test_an_officer_reads_what_was_kept_for_the_unit(alice: Person) -> None:
    report = kept(alice)
    assert "not met" in alice.client.get("/validations/").text
    page = alice.client.get(f"/validations/{report.id}/").text
    assert "document 37" in page
    assert "with this installation&#x27;s key" in page or "with this installation's key" in page
    assert alice.client.get(f"/validations/{report.id}/file/").content == signed()
    assert "/validations/" in alice.client.get("/settings/").text


def test_the_ledger_tells_that_it_was_kept_once(alice: Person) -> None:
    assert kept(alice).id == kept(alice).id
    (entry,) = ledger.history(f"validation:{kept(alice).id}")
    assert (entry.act, entry.detail["passed"]) == ("validation.keep", "no")
    assert entry.detail["sha256"] == bytes(kept(alice).sha256).hex()


def test_a_stranger_and_one_who_may_not_read_see_none(alice: Person, charlie: Person, eve: Person) -> None:
    report = kept(alice)
    assert str(report.id) not in charlie.client.get("/validations/").text
    assert [charlie.client.get(f"/validations/{report.id}/{part}").status_code for part in ("", "file/")] == [404, 404]
    assert [eve.client.get(f"/validations/{part}").status_code for part in ("", f"{report.id}/")] == [403, 403]


def test_another_key_or_a_changed_report_is_not_kept(alice: Person) -> None:
    with pytest.raises(Invalid, match="not signed by this installation"):
        keep_report(alice.viewer.unit_id, reports.sign(REPORT, "ledger.example", Ed25519PrivateKey.generate()), actor="operator:0")
    with pytest.raises(Invalid, match="not as it was signed"):
        keep_report(alice.viewer.unit_id, signed().replace(b'"passed":false', b'"passed":true'), actor="operator:0")
    with pytest.raises(Invalid):
        keep_report(alice.viewer.unit_id, json.dumps(REPORT).encode(), actor="operator:0")
