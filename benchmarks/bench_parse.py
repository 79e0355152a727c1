"""Documents a second of one core's time: LEA JSON read and normalised, with the share of each stage, beside ``json.loads``.

Run ``python benchmarks/bench_parse.py``. The bar is 300 documents a second; the samples are those of the tests (2.6 to 8.8 kB).
"""

from __future__ import annotations

import json
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from grace.identifiers.find import find
from grace.intake import registry
from grace.intake.canonical import canonical
from grace.intake.formats import cybertipline, lea_json
from grace.intake.formats.json_document import parse
from grace.intake.formats.lea_json.reading import read_document
from grace.intake.formats.room import Room
from grace.intake.in_text import search
from grace.intake.normalise import facts
from grace.intake.packages import package_of
from grace.intake.storable import storable_reading
from grace.sdk.intake import Reading

DATA = Path(__file__).parent.parent / "tests" / "data"
BAR = 300
ROUNDS = 7
SECONDS = 0.3
FORMATS = (lea_json.FORMAT, cybertipline.FORMAT)


def per_item(deed: Callable[[Any], object], items: Sequence[Any]) -> float:
    """Microseconds per item: the median of rounds that each last a while."""
    rounds = []
    for _ in range(ROUNDS):
        done, start = 0, time.process_time()
        while time.process_time() - start < SECONDS:
            for item in items:
                deed(item)
            done += len(items)
        rounds.append((time.process_time() - start) / done * 1e6)
    return statistics.median(rounds)


def lea_documents() -> list[bytes]:
    paths = sorted((DATA / "lea-json").glob("*.json"))
    return [path.read_bytes() for path in paths if not path.name.endswith(".expected.json")]


def staged(documents: Sequence[bytes]) -> dict[str, float]:
    """Microseconds per document of each stage, measured in one run of all stages, so that the shares add up."""
    stages = (
        "choose the format",
        "parse (limits, duplicate keys)",
        "read (leaves, persons, files)",
        "check",
        "search the texts",
        "normalise",
    )
    spent = dict.fromkeys(stages, 0)
    packages = [package_of({"report.json": document}) for document in documents]
    done, start = 0, time.process_time()
    while time.process_time() - start < ROUNDS * SECONDS:
        for package in packages:
            marks = [time.process_time_ns()]
            registry.choose(package, FORMATS)
            marks.append(time.process_time_ns())
            tree = parse(package["report.json"].open())
            marks.append(time.process_time_ns())
            report = read_document(tree, Room())
            marks.append(time.process_time_ns())
            reading = storable_reading(Reading(report, ("report.json",)))
            marks.append(time.process_time_ns())
            search(reading.report)
            marks.append(time.process_time_ns())
            facts(reading.report)
            marks.append(time.process_time_ns())
            for name, before, after in zip(spent, marks, marks[1:], strict=False):
                spent[name] += after - before
        done += len(packages)
    spent["normalise"] -= spent["search the texts"]  # normalising searches too
    return {name: nanos / done / 1000 for name, nanos in spent.items()}


TEXTS = {
    "running text without any": "The kite flies over the dunes, and nobody minds because it is sunny on most days at the coast. " * 40,
    "text full of them": (
        "Reported on 2025-03-04 at 21:10:09 UTC, case 4711/23, paid 12,50 EUR. Write to kite@example.org or +49 30 1234567, insta @blue.kite, "
        "https://example.org/kite; log-in 192.0.2.14:51522, version 4.3.2.1, DE89 3704 0044 0532 0130 00. "
    )
    * 20,
}


def searching() -> None:
    """Megabytes of text a second, by what stands in it."""
    for name, text in TEXTS.items():
        micros = per_item(find, [text])
        print(f"  search of {name:<26}{len(text.encode()) / micros:>8.1f} MB/s, {len(find(text))} found in {len(text):,} characters")


def main() -> None:
    documents = lea_documents()
    packages = [package_of({"report.json": document}) for document in documents]
    loads = per_item(lambda document: json.loads(document.decode("utf-8-sig")), documents)
    stages = staged(documents)
    whole = per_item(lambda package: facts(registry.read(package, FORMATS)[0].report), packages)

    print(f"Python {platform.python_version()}, {platform.machine()}, phonenumbers {version('phonenumbers')}, lxml {version('lxml')}")
    print(f"LEA JSON, {len(documents)} samples of {min(map(len, documents))} to {max(map(len, documents))} bytes, time of one core")
    print(f"  {'json.loads alone':<34}{loads:>9.0f} us")
    for name, micros in stages.items():
        print(f"  {name:<34}{micros:>9.0f} us {micros / sum(stages.values()):>7.0%} {micros / loads:>8.1f} x json.loads")
    print(f"  {'whole, as intake calls it':<34}{whole:>9.0f} us {'':>7} {whole / loads:>8.1f} x json.loads")
    print(f"  {1e6 / whole:,.0f} documents a second (bar: {BAR})")

    searching()
    readings = [registry.read(package, FORMATS)[0] for package in packages]
    print(f"  canonical JSON, which intake does not need: {per_item(canonical, readings):.0f} us")
    folders = [path for path in sorted((DATA / "cybertipline").iterdir()) if path.is_dir() and path.name != "invalid"]
    contents = [package_of({path.name: path.read_bytes() for path in folder.iterdir()}) for folder in folders]
    xml = per_item(lambda package: facts(registry.read(package, FORMATS)[0].report), contents)
    count = sum(len(package) for package in contents) / len(contents)
    print(
        f"CyberTipline XML: {1e6 / xml:,.0f} packages a second of {count:.1f} documents each; {1e6 / xml * count:,.0f} documents a second"
    )
    if 1e6 / whole < BAR:
        raise SystemExit(f"below the bar of {BAR} documents a second")


if __name__ == "__main__":
    main()
