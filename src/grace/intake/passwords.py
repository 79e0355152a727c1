"""The operator's list of passwords for packages and documents: read anew whenever something locked comes, never kept or told."""

from __future__ import annotations

import logging
from pathlib import Path

from grace.host import environment

MOST = 1_000
"""Passwords that are tried."""
LONGEST = 128
"""Bytes of one password."""
_MOST_BYTES = 1 << 20

_log = logging.getLogger(__name__)


def listed() -> tuple[str, ...]:
    """The passwords of ``GRACE_PASSWORDS_FILE``, one a line, each once, in their order; none where no file is set.

    A file that cannot be read gives none, and the log says so: what is locked then stays in quarantine.
    """
    file = environment.read().passwords_file
    return read_list(file) if file is not None else ()


def read_list(file: Path) -> tuple[str, ...]:
    """The passwords of a file in UTF-8; blank lines, longer lines and what follows the first thousand are passed over."""
    try:
        with file.open("rb") as stream:
            text = stream.read(_MOST_BYTES).decode("utf-8-sig", "replace")
    except OSError as fault:
        _log.warning("the file of GRACE_PASSWORDS_FILE cannot be read (%s): no password is tried", type(fault).__name__)
        return ()
    lines = (line.rstrip("\r") for line in text.split("\n"))
    return tuple(dict.fromkeys(line for line in lines if line.strip() and len(line.encode()) <= LONGEST))[:MOST]
