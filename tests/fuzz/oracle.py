"""What may become of a document: a report that can be stored, or a refusal that leads to quarantine. All else is a finding."""

from __future__ import annotations

import json
import logging
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar
from unittest import mock

from jsonschema import Draft202012Validator

from grace.intake import registry
from grace.intake.differ import carries, contradictions
from grace.intake.feedback import remarks
from grace.intake.members import digests_of, match
from grace.intake.together import together
from grace.intake.understand import NOTHING, Read, Told, Understood, understood
from grace.referrals.signals import signals
from grace.sdk.intake import Unreadable
from grace.sdk.text import storable

MOST_SECONDS = 2.0
"""Seconds of a processor for a document of at most :data:`LONGEST` bytes, slowed down by what measures coverage."""
LONGEST = 48 << 10
MOST_REASON = 400
FAULTS = frozenset({"format-failed", "not-storable"})
"""Codes of quarantine that tell of a fault of ours, not of the document."""
_SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "canonical.schema.json"
_NOW = datetime(2026, 11, 1, tzinfo=UTC)

T = TypeVar("T")


class Wrong(AssertionError):
    """What became of a document is none of what may."""


def fed(name: str, content: bytes, told: Told = NOTHING, *, closely: bool = False) -> Understood:
    """What intake makes of a document, looked at; ``closely`` compares with the published schema too. Raises whatever is a finding."""
    with nothing_hidden(), understood(name, content, told) as found:
        if found.reason_code:
            _check_reason(found)
        else:
            _check_files(found)
            for each in found.reads:
                _check(each, found, closely=closely)
        return found


@contextmanager
def in_time(seconds: float = MOST_SECONDS) -> Iterator[None]:
    """Raise where the block takes longer; time on a processor, so that a busy machine accuses nobody."""
    begun = time.process_time()
    yield
    took = time.process_time() - begun
    if took > seconds:
        raise Wrong(f"slow: {took:.1f} s")


@contextmanager
def nothing_hidden() -> Iterator[None]:
    """Errors of a format that the registry would bear and log are raised, and so is every other error that is only logged."""
    with mock.patch.object(registry, "_attempt", _attempt), _logged():
        yield


def _attempt(deed: Callable[[], T]) -> tuple[T | None, Exception | None]:
    try:
        return deed(), None
    except Unreadable as refused:
        return None, refused


class _Raising(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        raise Wrong(f"an error was logged: {record.getMessage()}")


@contextmanager
def _logged() -> Iterator[None]:
    handler = _Raising(logging.ERROR)
    logger = logging.getLogger("grace")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def _check_reason(found: Understood) -> None:
    if found.reason_code in FAULTS:
        raise Wrong(f"{found.reason_code}: {found.reason}")
    if not found.reason or len(found.reason) > MOST_REASON or not found.reason.isprintable():
        raise Wrong(f"a reason that cannot be shown: {found.reason_code}")


def _check_files(found: Understood) -> None:
    """Each can be read to its end, as often as one likes, and holds what it says."""
    if len({member.name for member in found.files}) != len(found.files):
        raise Wrong("two files have one name")
    for member in found.files:
        if storable(member.name) != member.name:
            raise Wrong("the name of a file cannot be stored")
        with member.open() as stream:
            size = sum(len(chunk) for chunk in iter(lambda: stream.read(1 << 20), b""))
        if size != member.size:
            raise Wrong("a file is longer or shorter than it says")


def _check(each: Read, found: Understood, *, closely: bool) -> None:
    """What is done with a report on its way into the tables, as far as it needs none."""
    told = json.loads(zlib.decompress(each.canonical).decode())
    paths = [leaf["path"] for leaf in told["leaves"]]
    if len(set(paths)) != len(paths):
        raise Wrong("two values have one path")
    members = {member.name: member for member in found.files}
    pairings = match(each.facts.attachments, digests_of(members, members))
    states = [("", pairing.state.value) for pairing in pairings if pairing.attachment is not None]
    remarks(each.report, each.facts, carries(each.report.format), states)
    signals(each.report, each.facts, _NOW)
    together([each.report, each.report])
    if contradictions(told, told):
        raise Wrong("a report contradicts itself")
    if closely:
        for fault in _schema().iter_errors(told):
            raise Wrong(f"the canonical form is not as published: {fault.json_path}: {fault.message[:200]}")


@cache
def _schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads(_SCHEMA.read_text()))
