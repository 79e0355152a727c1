"""How much memory processes have had at most."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def peak(process: int) -> int:
    """Megabytes of resident memory that a process has had at most; 0 where it is gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) >> 10 for line in lines if line.startswith("VmHWM:")), 0)


def below(*parents: int) -> Iterator[int]:
    """The descendants of these processes: what decodes for them."""
    of: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            of.setdefault(int((entry / "stat").read_text().rpartition(")")[2].split()[1]), []).append(int(entry.name))
        except OSError:
            continue
    waiting = [child for parent in parents for child in of.get(parent, [])]
    while waiting:
        child = waiting.pop()
        waiting += of.get(child, [])
        if child not in parents:
            yield child
