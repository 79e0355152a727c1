"""Lists change by officers who may, for their own unit or all, and every attempt is in the ledger."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from click.testing import CliRunner

from grace.accounts.models import Unit
from grace.cli import lists as cli
from grace.custody import ledger
from grace.kernel.errors import Missing, Refused
from grace.matching.load import Loaded
from grace.matching.models import HashList
from grace.pipeline import lists
from tests.support.people import Person

pytestmark = pytest.mark.django_db

CONTENT = b"algorithm,value,category,source,note\nmd5,d41d8cd98f00b204e9800998ecf8427e,A,,\nmd5,nothing,A,,\n"


def _import(person: Person, unit: Unit | None = None, name: str = "Known") -> Loaded:
    return lists.import_list(person.viewer, io.BytesIO(CONTENT), name, source="hotline", unit_id=unit.id if unit else None)


def test_an_import_is_an_alteration_with_the_digest_of_what_was_read(alice: Person) -> None:
    loaded = _import(alice)
    (entry,) = ledger.history(f"list:{loaded.list_id}")
    assert (entry.act, entry.actor) == ("list.import", alice.viewer.actor)
    counts = {"added": "1", "changed": "0", "known": "0", "removed": "0", "refused": "1", "left_out": "0"}
    assert entry.detail == counts | {"format": "csv", "mode": "add", "content": hashlib.sha256(CONTENT).hexdigest()}


def test_only_whoever_manages_lists_changes_them(alice: Person, charlie: Person, eve: Person) -> None:
    with pytest.raises(Refused):
        _import(eve)
    with pytest.raises(Refused, match="another unit"):
        _import(charlie, alice.officer.unit)
    assert [(entry.act, entry.denied) for entry in ledger.page(actor=charlie.viewer.actor)] == [("list.import", True)]
    loaded = _import(alice, alice.officer.unit)
    with pytest.raises(Missing):
        lists.remove(charlie.viewer, loaded.list_id)
    with pytest.raises(Refused):
        lists.remove(eve.viewer, loaded.list_id)
    assert lists.remove(alice.viewer, loaded.list_id) == 1
    assert not HashList.objects.exists()


@pytest.mark.usefixtures("open_house")
def test_the_command_line_loads_shows_and_removes(tmp_path: Path, harbour_unit: Unit) -> None:
    (tmp_path / "list.csv").write_bytes(CONTENT)
    run = CliRunner()
    assert "No list yet" in run.invoke(cli.command, ["show"]).output
    told = run.invoke(
        cli.command, ["import", str(tmp_path / "list.csv"), "--name", "Known", "--source", "hotline", "--unit", "harbour-unit"]
    )
    assert told.exit_code == 0
    assert "Line 3: the value is not 32 hexadecimal digits." in told.output
    assert "1 added, 0 changed, 0 known already, 1 refused. Form: csv." in told.output
    assert run.invoke(cli.command, ["show"]).output == "Known (hotline; harbour-unit; alert): 1 md5\n"
    assert "1 entries removed" in run.invoke(cli.command, ["remove", "Known", "--yes"]).output
    wrong = run.invoke(cli.command, ["import", str(tmp_path / "list.csv"), "--name", "x", "--source", "y", "--unit", "nowhere"])
    assert "Units: harbour-unit." in wrong.output
