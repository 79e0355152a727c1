"""The log: one JSON object a line, without personal data.

The message of an exception may quote a document or an address; what is written of it is its class and the places it
passed, never its text. Arguments of a log call are written as they are: callers log references, codes and counts.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

_OURS = "grace_"
"""Extra fields are given as ``extra={"grace_route": …}``; the prefix is dropped."""


def places(trail: TracebackType | None, limit: int = 12) -> list[str]:
    """The last places of a traceback, as ``file.py:line function``."""
    frames = traceback.extract_tb(trail)[-limit:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage(),
        }
        line |= {key.removeprefix(_OURS): value for key, value in vars(record).items() if key.startswith(_OURS)}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["places"] = places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)
