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
