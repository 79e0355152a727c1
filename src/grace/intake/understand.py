"""Understanding an original: opened, read by the format that knows it, normalised; whatever the bytes are, an answer comes."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from grace.intake import registry
from grace.intake.canonical import canonical
from grace.intake.members import Placed, match
from grace.intake.normalise import Facts, facts
from grace.intake.packages import Opened, open_package
from grace.sdk.intake import Member, Report, Unreadable


@dataclass(frozen=True, slots=True)
class Read:
    """One report of an original: as said, as flat facts, and as canonical JSON (zlib-packed)."""

    report: Report
    facts: Facts
    canonical: bytes


@dataclass(frozen=True, slots=True)
class Understood:
    """What an original is. ``reason_code`` set means that it could not be read, and why; then there are no reads."""

    reads: Sequence[Read] = ()
    files: Sequence[Member] = field(default_factory=tuple)
    format: str = ""
    format_version: str = ""
    reason_code: str = ""
    reason: str = ""
    package: Opened | None = None


def understand(name: str, data: bytes | Path | BinaryIO) -> Understood:
    """Read an original. Never raises for what the bytes are: an unreadable one says why."""
    raise NotImplementedError((name, data, io, json, zlib, Mapping, closing, registry, canonical, Placed, match, facts, open_package, Unreadable))
