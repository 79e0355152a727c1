"""How much memory taking one path in needs, as a program of its own: ``python -m tests.support.peak UNIT SMALL LARGE``.

Prints the outcome and by how many bytes the peak of resident memory rose above that of a small document.
"""

from __future__ import annotations

import sys
from pathlib import Path

from grace.cli import house


def main(unit_slug: str, small: Path, large: Path) -> None:
    """Take both in; the first shows what a process needs anyway."""
    with house.open_house():
        from grace.accounts.models import Unit
        from grace.cli.taking import take_in
        from grace.pipeline.receive import Intake

        intake = Intake(Unit.objects.get(slug=unit_slug).id, "test", "system:test")
        list(take_in(intake, [small]))
        before = peak()
        ((taken,),) = take_in(intake, [large])
        print(taken.outcome, peak() - before)


def peak() -> int:
    """The most memory that this program ever had, in bytes; ``getrusage`` would tell the most of whoever started it."""
    (line,) = [line for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
