"""Lines of the form ``Label: value``: split at the first colon only, for values may hold colons."""

from __future__ import annotations

from collections.abc import Collection, Iterator


def labelled(text: str, labels: Collection[str]) -> Iterator[tuple[str, str]]:
    """Each known label with its value; lines without a known label continue the value before them.

    Labels are compared without case. What stands before the first known label is left out.
    """
    label: str | None = None
    lines: list[str] = []
    for line in text.splitlines():
        head, colon, tail = line.partition(":")
        name = head.strip().casefold()
        if colon and name in labels:
            if label is not None:
                yield label, "\n".join(lines).strip()
            label, lines = name, [tail.strip()]
        elif label is not None:
            lines.append(line)
    if label is not None:
        yield label, "\n".join(lines).strip()


def single_lines(text: str, labels: Collection[str]) -> Iterator[tuple[str, str]]:
    """As :func:`labelled`, where a value is never longer than its line."""
    for line in text.splitlines():
        head, colon, tail = line.partition(":")
        name = head.strip().casefold()
        if colon and name in labels and tail.strip():
            yield name, tail.strip()
