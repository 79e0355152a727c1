"""One target, hunted by atheris in a process of its own: ``python -m tests.fuzz.hunt TARGET FINDINGS [LIBFUZZER OPTIONS] FOLDERS``.

A document that is a finding is kept under FINDINGS, once for each place in our code and kind of error, and the hunt goes on.
"""

from __future__ import annotations

import hashlib
import os
import random
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import atheris
from atheris.import_hook import AtherisSourceFileLoader

if TYPE_CHECKING:
    from tests.fuzz.targets import Target

ROOT = Path(__file__).parents[2]
MEASURED = (
    *("grace.intake.", "grace.identifiers.", "grace.sdk.", "grace.referrals.signals", "grace.referrals.incident_kinds", "grace.exchange."),
    *(
        "grace.api.ispws.bodies",
        "grace.kernel.strict",
        "grace.evidence.decoding.program.",
        "email.",
        "pyzipper.",
        "django.http.multipartparser",
    ),
)
"""Where coverage guides: what reads what a stranger wrote. Atheris itself would measure whole packages, and start for half a minute."""


def main(name: str, findings: Path, options: list[str]) -> None:
    """Hunt until the options say that it is enough; does not return."""
    from tests.fuzz import ground

    with ExitStack() as stack:
        home = stack.enter_context(ground.home())
        sys.meta_path.insert(0, Measuring())
        ground.set_up()
        from tests.fuzz import targets

        target = targets.target(name)
        findings.mkdir(parents=True, exist_ok=True)
        (home / "dictionary").write_text(_dictionary(target))
        again = _as_program(home, name, findings)
        arguments = [str(again), *options, f"-dict={home / 'dictionary'}"]
        atheris.Setup(arguments, Keeper(target.feed, findings).feed, custom_mutator=_mutator(target))
        atheris.Fuzz()


class Measuring(MetaPathFinder):
    """Has the modules that are imported from now on, and are to be measured, loaded by atheris."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if not f"{fullname}.".startswith(MEASURED) and not fullname.startswith(MEASURED):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = AtherisSourceFileLoader(spec.loader.name, spec.loader.path, trace_dataflow=True)
        return spec


def _dictionary(target: Target) -> str:
    from tests.fuzz import words

    return words.as_dictionary(target.words())


def _as_program(home: Path, name: str, findings: Path) -> Path:
    """This very command as a file: libFuzzer starts it again where it merges."""
    again = home / "again"
    again.write_text(f'#!/bin/sh\ncd {ROOT} && exec {sys.executable} -m tests.fuzz.hunt {name} {findings} "$@"\n')
    again.chmod(0o700)
    return again


def _mutator(target: Target) -> Callable[[bytes, int, int], bytes]:
    from tests.fuzz.mutators.hand import Hand

    words, others = sorted(target.words()), [seed for seed in target.seeds() if len(seed) < 20_000]

    def change(content: bytes, most: int, seed: int) -> bytes:
        dice = random.Random(seed)

        def twist(piece: bytes) -> bytes:  # asked of the module each time: it is another function once the hunt has begun
            changed: bytes = atheris.Mutate(piece, min(most, 2 * len(piece) + 64))
            return changed

        if not content or dice.random() < 0.12:
            return twist(content)[:most]
        changed = target.change(content, Hand(dice, words, others, twist))
        return changed if len(changed) <= most else content[:most]

    return change


class Keeper:
    """Feeds a target, and keeps what it cannot bear."""

    def __init__(self, feed: Callable[[bytes], None], folder: Path) -> None:
        self._feed = feed
        self._folder = folder

    def feed(self, content: bytes) -> None:
        """Feed one document."""
        try:
            self._feed(content)
        except Exception as error:  # noqa: BLE001 - finding whatever escapes is what this is for
            self._keep(content, error)

    def _keep(self, content: bytes, error: Exception) -> None:
        where = key_of(error)
        kept = self._folder / hashlib.sha256(where.encode()).hexdigest()[:12]
        if not kept.exists() or kept.stat().st_size > len(content):
            kept.write_bytes(content)
            kept.with_suffix(".txt").write_text(where + "\n\n" + "".join(traceback.format_exception(error))[-6000:], errors="replace")


def key_of(error: BaseException) -> str:
    """The kind of the error and the innermost place of our own code: one finding for each."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if f"{os.sep}grace{os.sep}" in frame.filename] or list(frames)
    place = ours[-1].filename.removeprefix(f"{ROOT}{os.sep}") if ours else ""
    said = str(error).split(":", 1)[0][:80] if isinstance(error, AssertionError) else ""
    return f"{type(error).__name__} {said} {place}:{ours[-1].lineno if ours else 0}"


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).absolute(), sys.argv[3:])
