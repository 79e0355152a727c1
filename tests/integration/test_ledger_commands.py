"""`grace custody …` from end to end, as an operator types it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from grace.cli import custody, house
from grace.host import database, environment
from grace.host.environment import Environment
from grace.kernel.clock import held
from tests.support.ledgers import received, tamper, write

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The house stands already: the test's server, and in it the test's own database."""

    @contextmanager
    def open_house() -> Iterator[Environment]:
        yield environment.read()

    monkeypatch.setattr(house, "open_house", open_house)
    monkeypatch.setattr(database, "DATABASE", connection.settings_dict["NAME"])


def grace(*words: str | Path, answer: str = "") -> Result:
    return CliRunner().invoke(custody.command, [str(word) for word in words], input=answer)


def test_export_and_verify(tmp_path: Path) -> None:
    write(received(1), received(2))
    file, key, kept = tmp_path / "ledger.jsonl", tmp_path / "key.pem", tmp_path / "kept.txt"
    kept.write_text(grace("checkpoint").output, encoding="utf-8")
    key.write_text(grace("key").output, encoding="utf-8")
    done = grace("export", file, "--recipient", "authority:data-protection", "--purpose", "lawfulness-check")
    assert done.exit_code == 0, done.output
    assert file.stat().st_mode & 0o777 == 0o600
    checked = grace("verify", file, "--key", key, "--held", kept)
    assert (checked.exit_code, checked.output[:9]) == (0, "VERIFIED."), checked.output
    assert "1 disclosure" in checked.output
    file.write_bytes(file.read_bytes().replace(b"lea-json", b"lea-jsom", 1))
    assert (grace("verify", file, "--key", key).exit_code) == 1
    assert grace("verify").output.startswith("VERIFIED.")


def test_an_export_never_overwrites_and_a_failed_one_leaves_nothing(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    assert grace("export", file, "--recipient", "Someone Else", "--purpose", "lawfulness-check").exit_code == 1
    assert not file.exists()
    file.write_text("precious", encoding="utf-8")
    refused = grace("export", file, "--recipient", "authority:data-protection", "--purpose", "lawfulness-check")
    assert (refused.exit_code, file.read_text(encoding="utf-8")) == (1, "precious")


def test_verifying_a_file_needs_a_key_that_came_another_way(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    file.write_text("x", encoding="utf-8")
    assert "--key" in grace("verify", file).output
    wrong = grace("verify", file, "--key", file)
    assert (wrong.exit_code, wrong.output[:6]) == (1, "Error:")


def test_prune_as_the_owner() -> None:
    with held(datetime.now(UTC) - timedelta(days=800)):
        write(received(1), received(2))
    day = f"{datetime.now(UTC) - timedelta(days=400):%Y-%m-%d}"
    assert grace("prune", "--before", day, "--reason", "legal-period-ended", answer="n\n").exit_code == 1
    done = grace("prune", "--before", day, "--reason", "legal-period-ended", answer="y\n")
    assert "Done: 2 entries pruned." in done.output
    assert grace("verify").output.startswith("VERIFIED.")


def test_status_tells_and_fails_where_the_tables_disagree() -> None:
    write(received(1))
    assert grace("verify").exit_code == 0
    status = grace("status")
    assert status.exit_code == 0
    assert "entries sequenced" in status.output
    tamper("DELETE FROM custody_entry")
    assert grace("status").exit_code == 1
