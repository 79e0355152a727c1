"""The language of short texts: how often right, how often *unknown*, how well the stated sureness holds, beside ``langdetect`` and ``lingua``.

python benchmarks/bench_language.py [--errors]

The texts are those of ``benchmarks/languages`` (see the README there). They are asked as written; *careless*, in small letters and without marks over
and under letters; and cut to their first words. A peer is no dependency: it is asked through a Python of its own, named by ``LANGUAGE_PEERS_PYTHON``,
or this one; one that is missing is left out. Peers always name a language. lingua is told the 24 and has no Maltese; langdetect cannot be told, and has
neither Irish nor Maltese: a second figure counts the languages that a peer knows.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from grace.analysis.analysers.language import ANALYSER, UNKNOWN
from grace.sdk.analysis import Finding, Text

FOLDER = Path(__file__).parent / "languages"
BAR = 0.98
CUTS = (1, 2, 3, 5, 8)
STEPS = (0.0, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)
PEERS = {"langdetect": {"ga", "mt"}, "lingua": {"mt"}}
PEER = """
import importlib.metadata, json, sys, time
name, codes, texts = json.load(sys.stdin)
if name == "langdetect":
    from langdetect import DetectorFactory, detect as ask
    DetectorFactory.seed = 0
else:
    from lingua import IsoCode639_1, Language, LanguageDetectorBuilder
    known = [getattr(IsoCode639_1, code.upper()) for code in codes if hasattr(IsoCode639_1, code.upper())]
    model = LanguageDetectorBuilder.from_iso_codes_639_1(*known).with_preloaded_language_models().build()
    ask = lambda text: (lambda said: said.iso_code_639_1.name.lower() if said else "unknown")(model.detect_language_of(text))
ask(texts[0])
start = time.process_time()
said = [ask(text) for text in texts]
took = time.process_time() - start
memory = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS"))
print(json.dumps([importlib.metadata.version({"lingua": "lingua-language-detector"}.get(name, name)), said, took, memory]))
"""


class Line(NamedTuple):
    """A text with its true language."""

    language: str
    text: str


class Said(NamedTuple):
    """An answer, with its sureness where there is one."""

    language: str
    sureness: float


def lines(folder: Path) -> list[Line]:
    return [Line(path.stem, text) for path in sorted(folder.glob("*.txt")) for text in path.read_text(encoding="utf-8").splitlines()]


def careless(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(letter))


def ask(text: str) -> Said:
    for each in ANALYSER.examine(Text("", text)):
        if isinstance(each, Finding) and each.kind == "text.language":
            return Said(each.value, each.confidence or 0.0)
    return Said(UNKNOWN, 0.0)


def resident() -> int:
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS")) // 1024


def peer(name: str, codes: Sequence[str], texts: Sequence[str]) -> tuple[str, list[str], float, int] | None:
    python = os.environ.get("LANGUAGE_PEERS_PYTHON", sys.executable)
    done = subprocess.run([python, "-c", PEER], input=json.dumps([name, codes, texts]), capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    found: tuple[str, list[str], float, int] = tuple(json.loads(done.stdout))
    return found


def share(found: int, whole: int) -> str:
    return f"{found:4d}/{whole:<4d} {found / whole:7.2%}" if whole else "   none"


def tell_languages(known: Sequence[Line], change: Callable[[str], str], label: str, *, errors: bool) -> None:
    """Each language's share of right, unknown and wrong answers, beside the peers'."""
    codes = sorted({line.language for line in known})
    texts = [change(line.text) for line in known]
    start = time.process_time()
    own = [ask(text).language for text in texts]
    took = time.process_time() - start
    columns = {f"grace (py3langid {version('py3langid')})": (own, took, resident())}
    for name in PEERS:
        if answer := peer(name, codes, texts):
            columns[f"{name} {answer[0]}"] = (answer[1], answer[2], answer[3] // 1024)
        else:
            print(f"{name} is not installed: left out")
    print(f"\n{label}: {len(known)} texts; right (unknown) of each language's, in the order {', '.join(columns)}")
    for code in codes:
        mine = [at for at, line in enumerate(known) if line.language == code]
        cells = [
            f"{sum(said[at] == code for at in mine):3d} ({sum(said[at] == UNKNOWN for at in mine)})" for said, _, _ in columns.values()
        ]
        print(f"  {code} of {len(mine)}: {'   '.join(cells)}")
    for name, (said, seconds, memory) in columns.items():
        right = sum(answer == line.language for answer, line in zip(said, known, strict=True))
        lacks = PEERS.get(name.split()[0], set())
        fair = [answer == line.language for answer, line in zip(said, known, strict=True) if line.language not in lacks]
        print(f"  {name:28s} right {share(right, len(known))}; of what it knows {share(sum(fair), len(fair))}", end="; ")
        print(f"unknown {said.count(UNKNOWN)}; {seconds / len(known) * 1e3:.3f} ms CPU a text; resident {memory} MB")
    if errors:
        for line, said_of_it in zip(known, own, strict=True):
            if said_of_it != line.language:
                print(f"    {line.language} read as {said_of_it}: {line.text}")


def tell_cuts(known: Sequence[Line]) -> None:
    """What becomes of texts of a few words, and whether the stated sureness is what happens."""
    print("\nthe first words only: answered, and right of those that were answered")
    told: list[tuple[float, bool]] = []
    for words in CUTS:
        answers = [(line, ask(" ".join(line.text.split()[:words]))) for line in known]
        given = [(line, said) for line, said in answers if said.language != UNKNOWN]
        told += [(said.sureness, said.language == line.language) for line, said in given]
        right = sum(said.language == line.language for line, said in given)
        print(f"  {words} words: answered {share(len(given), len(answers))}; right {share(right, len(given))}")
    print("stated sureness of those answers, and what was right")
    for low, high in pairwise(STEPS):
        inside = [(stated, right) for stated, right in told if low <= stated < high]
        if inside:
            mean = sum(stated for stated, _ in inside) / len(inside)
            print(f"  stated {mean:.3f}: right {share(sum(right for _, right in inside), len(inside))}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--errors", action="store_true", help="list what was not right")
    errors = arguments.parse_args().errors
    before = resident()
    ANALYSER.warm_up()
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; warm_up took {resident() - before} MB"
    )
    known = lines(FOLDER)
    tell_languages(known, str, "as written", errors=errors)
    tell_languages(known, careless, "careless", errors=errors)
    tell_cuts(known)
    others = lines(FOLDER / "others")
    kept = [line for line in others if ask(line.text).language == UNKNOWN]
    print(f"\nother languages and none: unknown {share(len(kept), len(others))}")
    right = sum(ask(line.text).language == line.language for line in known) / len(known)
    print(f"bar {BAR:.0%}, right answers in all, unknown counted as wrong: {right:.2%} {'met' if right >= BAR else 'MISSED'}")


if __name__ == "__main__":
    main()
