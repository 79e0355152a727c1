"""Single keys: which there are, and what an officer made of them (WCAG 2.1.4: can be changed and switched off)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grace.kernel.errors import Invalid

ACTS: Mapping[str, Promise] = {
    "j": gettext_lazy("next row"),
    "k": gettext_lazy("row before"),
    "/": gettext_lazy("search"),
    "?": gettext_lazy("all keys"),
    "n": gettext_lazy("take the next referral"),
    "t": gettext_lazy("take"),
    "a": gettext_lazy("assign"),
    "e": gettext_lazy("escalate"),
    "x": gettext_lazy("dispose, with reason"),
    "h": gettext_lazy("hand over"),
    "q": gettext_lazy("to the queue"),
    "f": gettext_lazy("to the files"),
    "w": gettext_lazy("to the reasons"),
    "u": gettext_lazy("take the last decision back"),
    "v": gettext_lazy("to the versions"),
    "c": gettext_lazy("two versions side by side"),
    "r": gettext_lazy("to the referral"),
    "l": gettext_lazy("to the links"),
    "o": gettext_lazy("to who else works on it"),
    "b": gettext_lazy("beside the one before it in the queue"),
    "[": gettext_lazy("page before"),
    "]": gettext_lazy("next page"),
}
"""Every single key of every screen by its usual letter; a screen that needs another adds it here."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys as one officer uses them: ``own`` maps a usual key to the one chosen in its place."""

    on: bool = True
    own: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, preferences: Mapping[str, object]) -> Keys:
        """The keys that the preferences of an officer state; the usual ones where they state none."""
        stored = preferences.get("keys")
        if not isinstance(stored, dict):
            return cls()
        return cls(bool(stored.get("on", True)), {str(k): str(v) for k, v in stored.get("own", {}).items() if k in ACTS})

    def shown(self, usual: str) -> str:
        """The key to press for what ``usual`` usually does; nothing where keys are off."""
        return self.own.get(usual, usual) if self.on else ""

    def to_store(self) -> dict[str, object]:
        """What goes into the preferences."""
        return {"on": self.on, "own": dict(self.own)}

    @property
    def as_json(self) -> str:
        """For the script: pressed key to usual key; empty where keys are off."""
        return json.dumps({self.shown(usual): usual for usual in ACTS} if self.on else {})


def choose(wanted: Mapping[str, str], *, on: bool) -> Keys:
    """Keys as typed into the form; raises :class:`Invalid` for one that is longer than a character or chosen twice."""
    chosen = {usual: (wanted.get(usual, "").strip() or usual) for usual in ACTS}
    for key in chosen.values():
        if len(key) != 1:
            raise Invalid(_("“%(key)s” is not a single key.") % {"key": key})
    taken = list(chosen.values())
    for usual, key in chosen.items():
        if taken.count(key) > 1:
            raise Invalid(_("The key “%(key)s” would do two things, one of them “%(act)s”.") % {"key": key, "act": ACTS[usual]})
    return Keys(on, {usual: key for usual, key in chosen.items() if key != usual})
