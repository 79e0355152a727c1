"""What a list holds in numbers, each the address of the page that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from grace.matching import listed
from grace.matching.listed import Count
from grace.matching.models import HashList
from grace.web.list_words import NAMES, PARTS


@dataclass(frozen=True, slots=True)
class Part:
    """A number that leads to what it counts: the word of the address, the label, how many."""

    only: str
    label: str | Promise
    count: Count
    address: str


def address(list_id: UUID | None, **asked: str) -> str:
    """The page of the entries of a list, or of all lists."""
    at = reverse("list-entries", args=[list_id]) if list_id else reverse("all-entries")
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{at}?{query}" if query else at


def of_algorithms(list_id: UUID | None, lists: Sequence[HashList]) -> list[Part]:
    """How many entries there are of each algorithm."""
    held = listed.algorithms(lists)
    return [Part(name, NAMES.get(name, name), (number, False), address(list_id, only=name)) for name, number in held.items()]


def of_videos(list_id: UUID, count: Count) -> Part:
    """How many videos a list names."""
    return Part(listed.VIDEOS, PARTS[listed.VIDEOS], count, address(list_id, only=listed.VIDEOS))


def of_states(list_id: UUID | None, lists: Sequence[HashList], *, even: str = "") -> Iterator[Part]:
    """How much there is of what was thought and done; of nothing, and of ``even`` nothing."""
    counts = listed.counts(lists)
    for name, label in PARTS.items():
        if counts[name][0] or name == even:
            yield Part(name, label, counts[name], address(list_id, only=name))


def whole(list_id: UUID | None, parts: Sequence[Part]) -> Part:
    """All entries, by the numbers of their algorithms."""
    return Part("", _("all"), (sum(each.count[0] for each in parts), False), address(list_id))
