"""Documents a second of one core's time: LEA JSON read and normalised, with the share of each stage, beside ``json.loads``.

Run ``python benchmarks/bench_parse.py``. The bar is 300 documents a second; the samples are those of the tests (2.6 to 8.8 kB).
"""

from __future__ import annotations

import io
import json
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from grace.intake import registry
from grace.intake.canonical import canonical
from grace.intake.formats import cybertipline, lea_json
from grace.intake.formats.lea_json.document import parse
from grace.intake.formats.lea_json.reading import read_document
from grace.intake.normalise import facts
from grace.intake.packages import open_package, package_of
from grace.intake.storable import storable_reading

DATA = Path(__file__).parent.parent / "tests" / "data"
BAR = 300
ROUNDS = 7
SECONDS = 0.3


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


def line(name: str, micros: float, whole: float, loads: float) -> None:
    print(f"  {name:<34}{micros:>9.0f} us {micros / whole:>7.0%} {micros / loads:>8.1f} x json.loads")


def main() -> None:
    documents = lea_documents()
    packages = [package_of({"report.json": document}) for document in documents]
    trees = [parse(io.BytesIO(document)) for document in documents]
    readings = [registry.read(package, (lea_json.FORMAT,))[0] for package in packages]
    formats = (lea_json.FORMAT, cybertipline.FORMAT)

    loads = per_item(lambda document: json.loads(document.decode("utf-8-sig")), documents)
    whole = per_item(lambda package: facts(registry.read(package, formats)[0].report), packages)
    choosing = per_item(lambda package: registry.choose(package, formats), packages)
    parsing = per_item(lambda document: parse(io.BytesIO(document)), documents)
    reading = per_item(read_document, trees)
    checking = per_item(storable_reading, readings)
    normalising = per_item(lambda one: facts(one.report), readings)

    print(f"Python {platform.python_version()}, {platform.machine()}, phonenumbers {version('phonenumbers')}, lxml {version('lxml')}")
    print(f"LEA JSON, {len(documents)} samples of {min(map(len, documents))} to {max(map(len, documents))} bytes, one core")
    line("json.loads alone", loads, whole, loads)
    line("choose the format", choosing, whole, loads)
    line("parse (limits, duplicate keys)", parsing, whole, loads)
    line("read (leaves, persons, files)", reading, whole, loads)
    line("check that it can be stored", checking, whole, loads)
    line("normalise (identifiers, times)", normalising, whole, loads)
    line("whole", whole, whole, loads)
    print(f"  {1e6 / whole:,.0f} documents a second (bar: {BAR})")

    spoken = per_item(canonical, readings)
    print(f"  canonical JSON on top: {spoken:.0f} us")
    folders = [path for path in sorted((DATA / "cybertipline").iterdir()) if path.is_dir() and path.name != "invalid"]
    contents = [package_of({path.name: path.read_bytes() for path in folder.iterdir()}) for folder in folders]
    xml = per_item(lambda package: facts(registry.read(package, formats)[0].report), contents)
    count = sum(len(package) for package in contents) / len(contents)
    print(
        f"CyberTipline XML: {1e6 / xml:,.0f} packages a second of {count:.1f} documents each; {1e6 / xml * count:,.0f} documents a second"
    )
    with open_package(folders[0]) as package:
        print(f"  (smallest: {1e6 / per_item(lambda one: registry.read(one, formats), [package]):,.0f} a second from disk)")
    if 1e6 / whole < BAR:
        raise SystemExit(f"below the bar of {BAR} documents a second")


if __name__ == "__main__":
    main()
