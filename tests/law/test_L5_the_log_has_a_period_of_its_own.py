"""L5: entries go when the log's own legal period ends, not before six months, and what is left can still be verified."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from grace.custody import ledger
from grace.custody.models import Entry
from grace.custody.verify_ledger import verify
from grace.kernel.clock import held
from grace.kernel.errors import Invalid
from tests.support.ledgers import SIGNER, as_owner, exported, received, write

pytestmark = pytest.mark.usefixtures("committed_db")
NOW = datetime.now(UTC)


def test_law_L5_pruned_entries_are_gone_and_the_tree_verifies() -> None:
    with held(NOW - timedelta(days=800)):
        old = write(received(1), received(2))
    write(received(3))
    ledger.sequence()
    with transaction.atomic():
        kept = ledger.sign_checkpoint(SIGNER).note
    with as_owner(), transaction.atomic():
        ledger.prune(NOW - timedelta(days=400), actor="operator:0", reason="legal-period-ended")
    assert not Entry.objects.filter(id__in=old).exists()
    lines = exported()
    assert not any(str(entry).encode() in line for entry in old for line in lines)
    assert verify(lines, [SIGNER.key.public_key()], [kept]).pruned == 2


def test_law_L5_the_last_six_months_stay() -> None:
    with as_owner(), transaction.atomic(), pytest.raises(Invalid, match="at least six months"):
        ledger.prune(NOW - timedelta(days=182), actor="operator:0", reason="legal-period-ended")
