"""What files are: types, exact numbers of appended bytes, second types, cut files, beside libmagic, puremagic and filetype in one run.

Run ``python benchmarks/bench_file_type.py [FOLDER …]``. The set is made by code, with the truth known; files of the shared folder are read in
place. The files of each folder named are held against the endings of their names: nobody wrote the rules for those. Bars: 99 % of at least
300 files; every number of appended bytes. A peer that is not installed is left out.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ground import machine

sys.path.insert(0, str(Path(__file__).parent.parent))

from grace.analysis.analysers.file_type.analyser import ANALYSER
from grace.analysis.analysers.file_type.endings import ENDINGS
from grace.sdk.analysis import Content, Finding
from tests.support.file_kinds.sample import Sample
from tests.support.file_kinds.set import everything

BAR, FEWEST = 0.99, 300
GROUPS = ("whole", "appended", "polyglot", "cut")
_MOST = 4_000
_MOST_OF_A_KIND = 150
_SAME = {
    "image/x-icon": "image/vnd.microsoft.icon",
    "audio/x-wav": "audio/wav",
    "text/xml": "application/xml",
    "application/x-sqlite3": "application/vnd.sqlite3",
}

_AMBIGUOUS = frozenset({"db", "dot", "msg", "mts", "sys"})
"""Endings that many programs use for files of their own."""

Namer = Callable[[bytes], str]


def told(content: bytes) -> Sequence[Finding]:
    return [each for each in ANALYSER.examine(Content("", content)) if isinstance(each, Finding)]


def ours(content: bytes) -> str:
    return told(content)[0].value


def peers() -> Iterator[tuple[str, Namer]]:
    """Each peer that is installed, as a function from bytes to a media type."""
    with suppress(ImportError):
        magic: Any = import_module("magic")  # has types for some of it only
        yield f"libmagic {magic.version()}", lambda content: str(magic.from_buffer(content, mime=True))
    with suppress(ImportError):
        import puremagic

        def pure(content: bytes) -> str:
            try:
                return str(puremagic.from_string(content, mime=True))
            except (puremagic.PureError, ValueError, IndexError, KeyError, TypeError, UnicodeDecodeError) as gave_up:
                return type(gave_up).__name__

        yield f"puremagic {version('puremagic')}", pure
    with suppress(ImportError):
        import filetype

        yield f"filetype {version('filetype')}", lambda content: str(filetype.guess_mime(content))


def timed(namer: Namer, samples: Sequence[Sample]) -> tuple[list[str], float]:
    """The answers, and the milliseconds of processor time for each."""
    start = time.process_time()
    answers = [namer(each.content) for each in samples]
    return answers, (time.process_time() - start) * 1_000 / len(samples)


def compare(samples: Sequence[Sample], namers: Mapping[str, Namer]) -> dict[str, float]:
    """One line for each: how many types are right in each group, and how long it took."""
    sizes = Counter(each.group for each in samples)
    shares = {}
    print(f"{len(samples)} files, {sum(len(each.content) for each in samples) / len(samples) / 1_000:.0f} kB on average")
    print(
        f"{'type right':22}"
        + "".join(f"{f'{group} ({sizes[group]})':>16}" for group in GROUPS if sizes[group])
        + f"{'all':>9}{'ms a file':>11}"
    )
    for name, namer in namers.items():
        answers, spent = timed(namer, samples)
        right = Counter(
            each.group for each, answer in zip(samples, answers, strict=True) if answer in each.types or _SAME.get(answer) in each.types
        )
        shares[name] = right.total() / len(samples)
        print(f"{name:22}" + "".join(f"{right[group]:16}" for group in GROUPS if sizes[group]) + f"{shares[name]:9.1%}{spent:11.3f}")
    return shares


def exact(samples: Sequence[Sample]) -> None:
    """What no peer tells: numbers of appended bytes, second types, cut files, and false alarms on whole ones."""
    appended = [each for each in samples if each.appended]
    counted = sum(
        [finding.value for finding in told(each.content) if finding.kind == "file.appended"] == [str(each.appended)] for each in appended
    )
    print(f"appended bytes counted exactly: {counted} of {len(appended)} (bar: all)")
    second = [each for each in samples if each.second]
    print(
        f"second types named: {sum(any(each.second == finding.value for finding in told(each.content)) for each in second)} of {len(second)}"
    )
    cut = [each for each in samples if each.group == "cut"]
    print(
        f"cut files noticed: {sum(any(finding.kind == 'file.cut_short' for finding in told(each.content)) for each in cut)} of {len(cut)}"
    )
    whole = [each for each in samples if each.group == "whole"]
    alarms = [each.name for each in whole if len([finding for finding in told(each.content) if finding.kind != "file.encrypted"]) > 1]
    print(f"false alarms on whole files: {len(alarms)} of {len(whole)} {alarms[:9]}")


def held_out(folder: Path) -> list[Sample]:
    """Files of a folder whose names end as one of our types does; at most some of each ending."""
    by_ending: dict[str, set[str]] = {}
    for kind, endings in ENDINGS.items():
        for ending in endings:
            by_ending.setdefault(ending, set()).add(kind)
    found, seen = list[Sample](), Counter[str]()
    for path in sorted(folder.rglob("*")):
        ending = path.suffix[1:].lower()
        if ending in _AMBIGUOUS or ending not in by_ending or seen[ending] >= _MOST_OF_A_KIND or len(found) >= _MOST:
            continue
        with suppress(OSError):
            if path.is_file() and not path.is_symlink() and 0 < path.stat().st_size < 20 << 20:
                seen[ending] += 1
                found.append(Sample(str(path), path.read_bytes(), frozenset(by_ending[ending])))
    return found


def main() -> None:
    print(machine())
    namers: dict[str, Any] = {"file_type": ours, **dict(peers())}
    samples = everything()
    shares = compare(samples, namers)
    exact(samples)
    print(f"file_type: {shares['file_type']:.1%} of {len(samples)} (bar: {BAR:.0%} of at least {FEWEST})")
    for folder in map(Path, sys.argv[1:]):
        others = held_out(folder)
        print(f"\n{folder}, truth by the endings of names: {sorted(Counter(Path(each.name).suffix for each in others).items())}")
        compare(others, namers)
        exact(others)
        wrong = [(Path(each.name).name, ours(each.content)) for each in others if ours(each.content) not in each.types]
        print(f"ours that names contradict: {wrong[:60]}")


if __name__ == "__main__":
    main()
