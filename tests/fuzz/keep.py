"""Keeps a corpus in the tree: ``python -m tests.fuzz.keep DIR`` puts the fewest documents that reach all into ``tests/data/fuzz``.

Small ones only, and none with an address that may be somebody's: bytes that were changed at random may have hit upon one.
Files with a name that is no digest are findings of earlier days; they stay.
"""

from __future__ import annotations

import ipaddress
import re
import shutil
import sys
import tempfile
from pathlib import Path

from tests.fuzz import campaign, ground

LARGEST = 10_000
"""Bytes of one document."""
MOST = 150_000
"""Bytes of one target's."""
MOST_PAGES = 40
"""Documents of targets that take long for each."""
SLOW = frozenset({"ncmec-pdf", "chooser"})
_DIGEST = re.compile(r"[0-9a-f]{40}")
_IPV4 = re.compile(rb"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])")
_IPV6 = re.compile(rb"(?<![\w:.])(?:[0-9A-Fa-f]{1,4}:){3,7}[0-9A-Fa-f]{1,4}(?![\w:.])")
_HOST = re.compile(rb"(?:@|://|\bwww\.)((?:[\w-]{1,63}\.)+[A-Za-z]{2,20})(?![\w-])")
_FREE = re.compile(rb"(?:.*\.)?(?:example(?:\.(?:com|net|org))?|invalid|test|localhost)", re.IGNORECASE | re.DOTALL)


def main(folder: Path) -> None:
    """Keep of every target below ``folder``."""
    for corpus in sorted((folder / "corpus").iterdir()):
        with tempfile.TemporaryDirectory() as scratch:
            kept = Path(scratch) / "kept"
            campaign.merge(corpus.name, kept, corpus)
            chosen = choose(sorted(kept.iterdir(), key=lambda path: (path.stat().st_size, path.name)), corpus.name)
            replace(campaign.KEPT / corpus.name, chosen)
        size = sum(path.stat().st_size for path in (campaign.KEPT / corpus.name).iterdir())
        print(f"{corpus.name:<18}{len(chosen):>5} documents  {size:>8,} bytes")


def choose(paths: list[Path], name: str) -> list[Path]:
    """The smallest ones that are nobody's, as many as there is room for."""
    chosen: list[Path] = []
    room = MOST
    for path in paths:
        size = path.stat().st_size
        if size <= min(LARGEST, room) and is_nobodys(path.read_bytes()) and (name not in SLOW or len(chosen) < MOST_PAGES):
            chosen.append(path)
            room -= size
    return chosen


def is_nobodys(content: bytes) -> bool:
    """Whether every address in plain sight is one that is set aside for examples."""
    if any(_is_somebodys(found[0].decode()) for pattern in (_IPV4, _IPV6) for found in pattern.finditer(content)):
        return False
    return all(_FREE.fullmatch(found[1]) for found in _HOST.finditer(content))


def _is_somebodys(written: str) -> bool:
    try:
        return ipaddress.ip_address(written).is_global
    except ValueError:
        return False


def replace(folder: Path, chosen: list[Path]) -> None:
    """Put the chosen ones in the place of those that were kept before."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if _DIGEST.fullmatch(path.name):
            path.unlink()
    for path in chosen:
        shutil.copyfile(path, folder / path.name)


if __name__ == "__main__":
    with ground.home():
        main(Path(sys.argv[1]).absolute())
