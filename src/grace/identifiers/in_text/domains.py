"""Whether a text with dots is a domain name: its end must be a top-level domain."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_LIKE_FILES = frozenset({"zip", "mov", "py", "sh", "rs", "md", "so", "ps", "pm", "java", "properties", "app", "bat", "cab", "map"})
"""Top-level domains that are far more often the ending of a file where no scheme stands before them."""


@cache
def top_level() -> frozenset[str]:
    """Every top-level domain in lower case, ASCII form."""
    lines = files(__package__).joinpath("tlds.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def is_top_level(label: str) -> bool:
    """Whether a label ends domain names; ``It`` after a full stop is a word, ``it`` and ``IT`` are Italy."""
    if label.isascii():
        return label.lower() in top_level() and (label.islower() or label.isupper() or not label[0].isupper())
    try:
        return label.encode("idna").decode("ascii").lower() in top_level()
    except UnicodeError:
        return False


def looks_like_a_file(labels: list[str]) -> bool:
    """Whether a name with dots rather is that of a file or of a version: ``setup.py``, ``logo@2x.ai``, ``1.2.md``."""
    return labels[-1].lower() in _LIKE_FILES


def cut_to_domain(labels: list[str]) -> list[str]:
    """The labels without a sentence that begins right behind the domain (``example.org.Bitte``); empty where none is one.

    A host may be written with capitals: ``Example.Org`` where all its labels are, or where nothing before the last is a domain.
    """
    labels = list(labels)
    while len(labels) > 1 and not is_top_level(labels[-1]):
        if not labels[-1][:1].isupper():
            return []
        before = labels[-2]
        if is_top_level(labels[-1].lower()) and (before[:1].isupper() or len(labels) == 2 or not is_top_level(before)):
            return labels
        labels = labels[:-1]
    return labels if len(labels) > 1 else []
