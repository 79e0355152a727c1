"""An agency shows on its own machine that this release does what it promises, keeps the proof, and others can check it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grace.cli.validation import scratch
from grace.custody import reports
from grace.pipeline import validation_text as text
from tests.support.house import ROOT, House, living_in

pytestmark = pytest.mark.timeout(600)
PATIENCE = 120.0
"""Seconds for what a process does on a busy machine."""

REFERRALS, SEED = 150, 2
LAST = ROOT / "build" / "validation.json"
SECTIONS = ["lost", "facts", "routing", "matching", "urgent", "groups", "times"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The agency's own installation, which the validation must leave alone."""
    with living_in(tmp_path_factory.mktemp("agency") / "home") as house:
        yield house


def report_of(house: House) -> Path:
    """Where the report of this house's validation lies."""
    return house.home.parent / "validation.json"


@pytest.fixture(scope="module")
def played(house: House, tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """One validation for all tests here; its report stays in build/validation.json."""
    out = report_of(house)
    scratches = tmp_path_factory.mktemp("scratch")
    command = house.command("validate", "--referrals", str(REFERRALS), "--seed", str(SEED), "--out", str(out), "--text")
    environment = house.environment | {"GRACE_DATABASE_URL": "postgresql://nobody@192.0.2.1/untouchable", "TMPDIR": str(scratches)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=540, check=False)
    assert out.exists(), done.stderr
    assert list(scratches.iterdir()) == [], "nothing is left"
    LAST.parent.mkdir(exist_ok=True)
    LAST.write_bytes(out.read_bytes())
    print(text.summary(json.loads(out.read_bytes())["report"]))
    return done


@pytest.fixture(scope="module")
def report(played: subprocess.CompletedProcess[str], house: House) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(report_of(house).read_bytes())["report"]
    return report


def test_every_bar_is_met(played: subprocess.CompletedProcess[str], report: dict[str, Any]) -> None:
    failed = [
        (m["name"], m["value"], m["examples"]) for section in report["sections"] for m in section["measures"] if m["verdict"] == "failed"
    ]
    assert failed == []
    assert (played.returncode, report["passed"]) == (0, True)


def test_the_report_has_its_form(report: dict[str, Any], house: House) -> None:
    schema = json.loads((ROOT / "docs" / "reference" / "validation.schema.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(report_of(house).read_bytes()))
    assert [section["name"] for section in report["sections"]] == SECTIONS


def test_everything_that_has_a_bar_was_measured(report: dict[str, Any]) -> None:
    """A small world has something of everything, so that “met” never means “there was nothing”."""
    measures = [each for section in report["sections"] for each in section["measures"] if "at_least" in each or "at_most" in each]
    assert [each["name"] for each in measures if each["verdict"] == "not measured"] == []
    formats = {each["name"].split(":")[0] for section in report["sections"] if section["name"] == "facts" for each in section["measures"]}
    assert formats >= {"lea-json", "cybertipline-xml", "ncmec-pdf", "mail", "grace-json"}


def test_it_is_short_enough_for_two_pages(played: subprocess.CompletedProcess[str]) -> None:
    lines = played.stdout.splitlines()
    assert len(lines) <= 130
    assert "Validation PASSED" in played.stdout


def test_the_installation_is_as_it_was(played: subprocess.CompletedProcess[str], house: House) -> None:
    assert {each.name for each in house.home.iterdir()} == {"keys"}, "only the key that signs was needed"
    assert "GRACE_DATABASE_URL" in played.stderr


def test_the_agency_can_prove_it_and_keep_it(played: subprocess.CompletedProcess[str], house: House) -> None:
    assert house.run("validate", "--check", str(report_of(house))).returncode == 0
    assert house.run("accounts", "unit", "add", "Unit 2").returncode == 0
    kept = house.run("validate", "--check", str(report_of(house)), "--file", "--unit", "unit-2")
    again = house.run("validate", "--check", str(report_of(house)), "--file", "--unit", "unit-2")
    assert (kept.returncode, again.returncode) == (0, 0), kept.stderr + again.stderr
    assert [each.stderr.splitlines()[-1] for each in (kept, again)] == [again.stderr.splitlines()[-1]] * 2


def test_a_changed_report_or_another_key_is_not_believed(played: subprocess.CompletedProcess[str], house: House, tmp_path: Path) -> None:
    changed = tmp_path / "changed.json"
    changed.write_bytes(report_of(house).read_bytes().replace(b'"passed":true', b'"passed":null'))
    refused = house.run("validate", "--check", str(changed))
    assert (refused.returncode, "not as it was signed" in refused.stderr) == (1, True)
    with living_in(tmp_path / "other") as other:
        strange = other.run("validate", "--check", str(report_of(house)))
        assert (strange.returncode, "not with this installation's key" in strange.stderr) == (1, True)
        assert other.run("validate", "--check", str(report_of(house)), "--file", "--unit", "unit-2").returncode == 1
    assert reports.check(report_of(house).read_bytes()).origin


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interruption_leaves_nothing(house: House, sign: signal.Signals, tmp_path: Path) -> None:
    process = _begun(house, tmp_path)
    process.send_signal(sign)
    assert process.wait(PATIENCE) != 0
    _wait_until_clear(tmp_path)


def test_what_is_killed_in_the_scratch_leaves_nothing(house: House, tmp_path: Path) -> None:
    process = _begun(house, tmp_path)
    (player,) = [pid for pid, line in _running_in(tmp_path) if "grace.cli.validation.play" in line]
    os.kill(player, signal.SIGKILL)
    assert process.wait(PATIENCE) == 1
    _wait_until_clear(tmp_path)


def _begun(house: House, folder: Path) -> subprocess.Popen[bytes]:
    """A validation whose database has been started; its scratch stands in ``folder``."""
    command = house.command("validate", "--referrals", "100")
    environment = house.environment | {"TMPDIR": str(folder)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _wait(lambda: bool(list(folder.glob(f"{scratch.PREFIX}*/home/postgres/data/postmaster.pid"))))
    return process


def _wait(come_true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not come_true():
        assert time.monotonic() < until
        time.sleep(0.05)


def _wait_until_clear(folder: Path) -> None:
    _wait(lambda: not list(folder.glob(f"{scratch.PREFIX}*")) and not _running_in(folder))


def _running_in(folder: Path) -> list[tuple[int, str]]:
    """Processes whose command line or environment names the folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line, around = ((entry / name).read_bytes().replace(b"\0", b" ").decode(errors="replace") for name in ("cmdline", "environ"))
        except OSError:
            continue
        if str(folder) in line + around:
            found.append((int(entry.name), line))
    return found
