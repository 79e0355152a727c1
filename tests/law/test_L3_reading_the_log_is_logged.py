"""L3, Article 25(2): logs serve only lawfulness, self-monitoring, integrity and criminal proceedings; taking them out is logged."""

import io
import json

import pytest

from grace.custody import ledger
from grace.custody.ledger import Kind
from grace.kernel.errors import Invalid
from grace.pipeline.ledger import export_ledger
from tests.support.ledgers import received, write

pytestmark = pytest.mark.usefixtures("committed_db")


def test_law_L3_an_export_is_a_disclosure_and_tells_of_itself() -> None:
    write(received(1))
    file = io.BytesIO()
    export_ledger(file, actor="operator:0", purpose="lawfulness-check", recipient="authority:data-protection")
    [row] = ledger.page(kind=Kind.DISCLOSURE)
    assert (row.act, row.actor, row.purpose, row.recipient) == (
        "ledger.export",
        "operator:0",
        "lawfulness-check",
        "authority:data-protection",
    )
    entries = [json.loads(line)["entry"] for line in file.getvalue().splitlines() if line.startswith(b'{"entry"')]
    assert entries[-1]["id"] == str(row.id), "the export holds the entry that tells of it"


def test_law_L3_no_export_without_purpose_and_recipient() -> None:
    for purpose, recipient in (("", "authority:data-protection"), ("lawfulness-check", "")):
        file = io.BytesIO()
        with pytest.raises(Invalid):
            export_ledger(file, actor="operator:0", purpose=purpose, recipient=recipient)
        assert file.getvalue() == b""
