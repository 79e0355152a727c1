"""`grace match`, `grace index` and what `grace doctor` says of the index."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection
from django.db.models.functions import Now

from grace.accounts.models import Unit
from grace.cli import index as index_commands
from grace.cli import match as match_command
from grace.config import metrics
from grace.custody import ledger
from grace.evidence.decoding.testing import fractal, written
from grace.evidence.measure import measure
from grace.host import environment
from grace.host.checks import Grade
from grace.matching import follow, indexed, soundness
from grace.matching.index import engine
from grace.matching.models import Change
from tests.support import relisting

pytestmark = pytest.mark.usefixtures("committed_db", "open_house")

KNOWN = os.urandom(32)


def run(*words: str) -> str:
    done = CliRunner().invoke(match_command.command, words)
    assert done.exit_code == 0, done.output
    return done.output


def test_files_and_digests_are_asked_and_the_ledger_says_so(tmp_path: Path) -> None:
    picture = written(fractal()).getvalue()
    found = measure(written(fractal())).found
    relisting.load([("pdq", relisting.flipped(found.fingerprint.value, 3)), ("sha256", KNOWN)])  # type: ignore[union-attr]  # decoded
    (tmp_path / "picture.png").write_bytes(picture)
    (tmp_path / "note.txt").write_bytes(b"hello")
    told = run(
        str(tmp_path / "picture.png"), str(tmp_path / "note.txt"), "--digest", f"sha256:{KNOWN.hex()}", "--digest", f"sha1:{'0' * 40}"
    )
    assert "pdq: known\n    Known (alert): A, distance 3, hotline" in told
    assert "note.txt  fingerprint: not decoded: no decoder for this format" in told
    assert f"sha256:{KNOWN.hex()}  sha256: known\n    Known (alert): A, exact, hotline" in told
    assert "sha1: not checked (no list holds this kind of hash)" in told
    assert [(each.act, each.actor.partition(":")[0]) for each in ledger.page(limit=2)] == [
        ("match.ask", "operator"),
        ("match.ask_files", "operator"),
    ]


def test_a_units_lists_are_asked_where_it_is_named() -> None:
    relisting.load([("sha256", KNOWN)], unit=Unit.objects.create(name="North", slug="north"))
    asked = ["--digest", f"sha256:{KNOWN.hex()}", "--json"]
    assert json.loads(run(*asked))["answers"][0]["state"] == "not checked"
    assert json.loads(run(*asked, "--unit", "north"))["answers"][0]["known"][0]["list"] == "Known"


@pytest.mark.parametrize("words", [[], ["--digest", "md5:00"], ["--digest", "0" * 32], ["--digest", f"md6:{'0' * 32}"]])
def test_what_cannot_be_asked_is_told(words: list[str]) -> None:
    done = CliRunner().invoke(match_command.command, words)
    assert done.exit_code == 2
    assert "ALGORITHM:HEX" in done.output


def test_the_index_is_shown_checked_and_made_anew() -> None:
    relisting.load([("sha256", KNOWN)])
    status = CliRunner().invoke(index_commands.command, ["status"]).output
    assert "lists: 1 changes wait" in status
    assert CliRunner().invoke(index_commands.command, ["rebuild"]).output == "1 values indexed.\n"
    assert CliRunner().invoke(index_commands.command, ["rebuild", "held"]).output == "0 values indexed.\n"
    status = CliRunner().invoke(index_commands.command, ["status"]).output
    assert "lists sha256: 1 in 1 segments" in status
    assert "The newest entry that everybody sees came " in status
    assert "1 changes are still to be asked of what is stored" in status
    assert CliRunner().invoke(index_commands.command, ["check"]).output == "The indexes are what the database says.\n"


def grades() -> list[tuple[Grade, str]]:
    return [(each.grade, each.says) for each in soundness.check_indexes()]


def test_doctor_tells_whether_the_index_is_lost_behind_or_damaged() -> None:
    relisting.load([("sha256", KNOWN)])
    assert [grade for grade, _ in grades()] == [Grade.GOOD, Grade.GOOD]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE matching_change SET at = now() - interval '1 hour'")
    grade, says = grades()[0]
    assert (grade, says.split(",")[0]) == (Grade.BAD, "behind: 1 changes wait")
    Change.objects.update(at=Now())
    follow.tend()
    assert grades()[0] == (Grade.GOOD, "1 values, whole, 0 changes wait")
    origin = indexed.origin_now()
    assert origin
    segment = follow.rebuild() and next(path for path in indexed.folder(indexed.origin_now() or origin).rglob("words.bin"))
    assert isinstance(segment, Path)
    segment.chmod(0o600)
    segment.write_bytes(bytes(len(segment.read_bytes())))
    assert grades()[0][1].startswith("damaged: lists/sha256/segment-")
    segment.write_bytes(b"")
    assert grades()[0][0] is Grade.BAD
    indexed._open.clear()  # as a process that has not read it whole before
    assert grades()[0][1].startswith("damaged: ")
    assert "The index of lists cannot be read: " in CliRunner().invoke(index_commands.command, ["status"]).output
    assert 'grace_index_damaged{index="lists"} 1.0' in metrics.page().decode()
    shutil.rmtree(indexed.folder(indexed.origin_now() or origin))
    assert grades()[0] == (Grade.BAD, "lost: it is not in the data folder")


def test_doctor_tells_whether_loops_run_compiled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = environment.read().home
    kept = home / "kernels" / "some"
    kept.mkdir(parents=True)
    assert soundness.check_loops(environment.read()).grade is Grade.NOTE
    (kept / "loop.nbc").touch()
    assert soundness.check_loops(environment.read()).grade is Grade.GOOD
    shutil.rmtree(home / "kernels")
    monkeypatch.setattr(engine, "usual", lambda: engine.NUMPY)
    assert "numba is missing" in soundness.check_loops(environment.read()).says
