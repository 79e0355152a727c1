"""The first layer, one target after the other: each hunted in a process that ends with its time, or is started again where it was ended."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.hunt_options import options

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "tests" / "data" / "fuzz"
"""The corpus that is kept in the tree, a folder for each target."""
LEAST = 20
"""Seconds for which starting a target again is worth its while."""
_STAT = re.compile(r"stat::(\w+):\s+(\d+)")
_STATE = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)/")
_RSS = re.compile(r"rss: (\d+)Mb")


@dataclass
class Hunted:
    """What came of one target. ``findings`` are the files of what it could not bear."""

    name: str
    executions: int = 0
    edges: int = 0
    features: int = 0
    corpus: int = 0
    peak: int = 0
    ended: int = 0
    findings: list[Path] = field(default_factory=list)

    def add(self, told: str) -> None:
        """Count what libFuzzer prints of a run."""
        stats = {name: int(value) for name, value in _STAT.findall(told)}
        states = _STATE.findall(told)
        runs = re.findall(r"^#(\d+)\s", told, re.MULTILINE)
        self.executions += stats.get("number_of_executed_units", int(runs[-1]) if runs else 0)
        self.peak = max([self.peak, stats.get("peak_rss_mb", 0), *map(int, _RSS.findall(told))])
        if states:
            self.edges, self.features, self.corpus = map(int, states[-1])


def plant(folder: Path, name: str, seeds: Iterable[bytes]) -> None:
    """Put the documents to begin with, and what was kept of earlier hunts, into the target's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = (path.read_bytes() for path in sorted((KEPT / name).glob("*")))
    for content in (*seeds, *kept):
        (folder / hashlib.sha1(content, usedforsecurity=False).hexdigest()).write_bytes(content)


def hunt(name: str, folder: Path, seconds: float) -> Hunted:
    """Hunt one target below ``folder`` for so many seconds. What libFuzzer itself ends (no answer, too much memory) is a finding too."""
    found = Hunted(name)
    corpus, findings, log = folder / "corpus" / name, folder / "findings" / name, folder / "log" / f"{name}.txt"
    for each in (corpus, findings, log.parent):
        each.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > LEAST or not found.executions:
        arguments = [*options(max(1, int(left)), findings), str(corpus)]
        before = log.stat().st_size if log.exists() else 0
        with log.open("ab") as into:
            done = subprocess.run(
                [sys.executable, "-m", "tests.fuzz.hunt", name, str(findings), *arguments], stdout=into, stderr=into, cwd=ROOT, check=False
            )
        found.add(log.read_bytes()[before:].decode(errors="replace"))
        if done.returncode == 0:
            break
        found.ended += 1
        if found.ended > 30 or (found.ended > 2 and not found.executions):
            raise RuntimeError(f"{name} does not get going; see {log}")
    found.findings = sorted(path for path in findings.iterdir() if path.suffix != ".txt")
    return found


def merge(name: str, into: Path, *sources: Path) -> None:
    """Put into a folder the fewest documents that reach what all of the sources reach."""
    into.mkdir(parents=True, exist_ok=True)
    scratch = into.parent / f".{into.name}-findings"
    command = [
        sys.executable,
        "-m",
        "tests.fuzz.hunt",
        name,
        str(scratch),
        "-set_cover_merge=1",
        *options(0, scratch),
        str(into),
        *map(str, sources),
    ]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ})
