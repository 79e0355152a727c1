"""What an officer may do; capabilities are given one by one, and by default there are none (law, L13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grace.kernel.errors import Invalid


class Capability(StrEnum):
    """One thing that an officer may do within the own unit; accounts alone are administered for the whole agency."""

    READ = "read"
    DECIDE = "decide"
    OPEN_FILES = "open_files"
    EDIT_RULES = "edit_rules"
    PUBLISH_RULES = "publish_rules"
    MATCH = "match"
    MANAGE_LISTS = "manage_lists"
    MANAGE_LANES = "manage_lanes"
    MANAGE_MODELS = "manage_models"
    RECEIVE = "receive"
    QUARANTINE = "quarantine"
    AUDIT = "audit"
    ADMINISTER = "administer"


NEEDS_SECOND_FACTOR: frozenset[Capability] = frozenset({Capability.OPEN_FILES, Capability.ADMINISTER})
"""Whoever holds one of these can use it only after a second factor in the same session."""

NOT_FOR_PROGRAMS: frozenset[Capability] = frozenset({Capability.ADMINISTER, Capability.MANAGE_MODELS})
"""No token ever carries these: a person answers for who has access, and for which models run."""

LABELS: Mapping[Capability, Promise] = {
    Capability.READ: gettext_lazy("Read"),
    Capability.DECIDE: gettext_lazy("Decide"),
    Capability.OPEN_FILES: gettext_lazy("Open files"),
    Capability.EDIT_RULES: gettext_lazy("Edit rules"),
    Capability.PUBLISH_RULES: gettext_lazy("Publish rules"),
    Capability.MATCH: gettext_lazy("Match"),
    Capability.MANAGE_LISTS: gettext_lazy("Hash lists"),
    Capability.MANAGE_LANES: gettext_lazy("Bulk lanes"),
    Capability.MANAGE_MODELS: gettext_lazy("Models"),
    Capability.RECEIVE: gettext_lazy("Hand in"),
    Capability.QUARANTINE: gettext_lazy("Quarantine"),
    Capability.AUDIT: gettext_lazy("Audit"),
    Capability.ADMINISTER: gettext_lazy("Administer"),
}

MEANINGS: Mapping[Capability, Promise] = {
    Capability.READ: gettext_lazy("sees the queue and the referrals of the unit"),
    Capability.DECIDE: gettext_lazy("takes, assigns, disposes of and hands over referrals"),
    Capability.OPEN_FILES: gettext_lazy("uncovers files, each time for a stated purpose"),
    Capability.EDIT_RULES: gettext_lazy("drafts priority rules and previews their effect"),
    Capability.PUBLISH_RULES: gettext_lazy("puts drafted rules into force"),
    Capability.MATCH: gettext_lazy("asks the hash lists about digests and files"),
    Capability.MANAGE_LISTS: gettext_lazy("loads and retires hash lists"),
    Capability.MANAGE_LANES: gettext_lazy("lets a sender's flood wait in a bulk lane, and ends that"),
    Capability.MANAGE_MODELS: gettext_lazy("takes models in, and says which of them run"),
    Capability.RECEIVE: gettext_lazy("hands documents in"),
    Capability.QUARANTINE: gettext_lazy("sees what could not be read, and tries it again"),
    Capability.AUDIT: gettext_lazy("reads the ledger"),
    Capability.ADMINISTER: gettext_lazy("manages officers, units and capabilities of the whole agency"),
}


_WORDS = frozenset(str(capability) for capability in Capability)


def read_capabilities(words: Iterable[str]) -> frozenset[Capability]:
    """Turn words from a form, the command line or the database into capabilities; raises :class:`Invalid` naming a word it does not know."""
    found = set()
    for word in words:
        if word not in _WORDS:
            raise Invalid(
                _("“%(word)s” is not a capability.") % {"word": word},
                remedy=_("Known are: %(all)s.") % {"all": ", ".join(Capability)},
            )
        found.add(Capability(word))
    return frozenset(found)
