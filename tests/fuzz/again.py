"""A finding again, as the product stands: ``python -m tests.fuzz.again TARGET FILE …`` feeds each, unmeasured, and says what becomes of it."""

from __future__ import annotations

import resource
import sys
import time
import traceback
from pathlib import Path

from tests.fuzz import ground


def main(name: str, paths: list[Path]) -> int:
    """How many are findings still."""
    with ground.home():
        ground.set_up()
        from tests.fuzz import targets

        target = targets.target(name)
        return sum(_is_finding(target, path) for path in paths)


def _is_finding(target: "targets.Target", path: Path) -> bool:  # type: ignore[name-defined] # noqa: F821, UP037 - Django is not set up before
    begun = time.process_time()
    try:
        target.feed(path.read_bytes())
    except Exception:  # noqa: BLE001 - it is told, whatever it is
        print(f"{path}: a finding")
        traceback.print_exc()
        return True
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"{path}: borne; {time.process_time() - begun:.2f} s of a processor, peak {peak} MB so far")
    return False


if __name__ == "__main__":
    sys.exit(min(1, main(sys.argv[1], [Path(each) for each in sys.argv[2:]])))
