from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

import grace
from grace.cli.simulate import command


def test_a_world_is_written_and_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["world", "--seed", "5", "--referrals", "12", "--bare", "--to", str(tmp_path / "world")])
    assert result.exit_code == 0, result.output
    assert "12 documents (seed 5)" in result.output
    assert len(list((tmp_path / "world" / "documents").iterdir())) == 12


def test_the_first_day_can_be_chosen(tmp_path: Path) -> None:
    arguments = [
        "world",
        "--bare",
        "--referrals",
        "3",
        "--days",
        "2",
        "--start",
        "2024-02-01",
        "--urgent-share",
        "0.9",
        "--to",
        str(tmp_path),
    ]
    assert CliRunner().invoke(command, arguments).exit_code == 0
    truth = (tmp_path / "truth.jsonl").read_text(encoding="utf-8")
    assert truth.count('"urgent":true') == 3
    assert '"arrives_at":"2024-02-0' in truth


def test_it_needs_no_django() -> None:
    program = "import sys, grace.cli.simulate; sys.exit('django' in sys.modules)"
    assert (
        subprocess.run(
            [sys.executable, "-c", program], check=False, env={**os.environ, "PYTHONPATH": str(Path(grace.__file__).parents[1])}
        ).returncode
        == 0
    )


def test_a_backlog_is_played_in_advance() -> None:
    arguments = ["backlog", "--per-day", "44", "--courses", "2", "--days", "70"]
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 0, result.output
    assert "load 1.10" in result.output
    assert "something stays unread" in result.output
    assert [way in result.output for way in ("score only", "first in, first out")] == [True, True]
    assert CliRunner().invoke(command, arguments).output == result.output, "a seed says it all"


def test_a_year_of_the_invented_world_can_come() -> None:
    result = CliRunner().invoke(command, ["backlog", "--world-referrals", "2000", "--courses", "1", "--way", "turns", "--officers", "1"])
    assert result.exit_code == 0, result.output
    assert "load 0.68" in result.output or "load 0.69" in result.output


def test_what_cannot_be_played_is_said() -> None:
    for arguments in ([], ["--per-day", "4", "--world-referrals", "200"], ["--per-day", "4", "--auc", "2"]):
        result = CliRunner().invoke(command, ["backlog", *arguments])
        assert result.exit_code == 2
        assert "cannot be tried: auc" in result.output or "Say how many come" in result.output
