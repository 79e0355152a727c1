"""Tables of this room: the lists, the sharing of them, and what was found in them."""

from __future__ import annotations

from grace.matching.models.found import Change, Due, Held, HeldChange, Indexed, Match, Sweep
from grace.matching.models.lists import Coverage, Entry, HashList, Hit, ListedVideo, Naming, Opinion, Proposal, Removed, SetAside
from grace.matching.models.sharing import Feed, Reader, Served, Sharing

__all__ = [
    "Change",
    "Coverage",
    "Due",
    "Entry",
    "Feed",
    "HashList",
    "Held",
    "HeldChange",
    "Hit",
    "Indexed",
    "ListedVideo",
    "Match",
    "Naming",
    "Opinion",
    "Proposal",
    "Reader",
    "Removed",
    "Served",
    "SetAside",
    "Sharing",
    "Sweep",
]
