"""How libFuzzer is told to hunt."""

from __future__ import annotations

from pathlib import Path

LONGEST = 48 << 10
"""Bytes of one document; what grows with size alone is looked at by ``giants``."""
MOST_MEMORY = 1024
"""Megabytes: the bar."""
NO_ANSWER = 60
"""Seconds of a clock after which a document counts as never answered, on a busy machine too."""


def options(seconds: int, findings: Path) -> list[str]:
    """For so many seconds, or 0 for one pass over the documents."""
    return [
        *([f"-max_total_time={seconds}"] if seconds else []),
        f"-max_len={LONGEST}",
        "-len_control=0",
        f"-rss_limit_mb={MOST_MEMORY}",
        f"-timeout={NO_ANSWER}",
        f"-artifact_prefix={findings}/",
        "-print_final_stats=1",
        "-reload=0",
    ]
