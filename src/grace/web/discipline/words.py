"""The words of order and pace."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

WAITS: Mapping[str, Promise] = {
    "held": gettext_lazy("Somebody has it and has not decided"),
    "lane": gettext_lazy("In a bulk lane"),
    "language": gettext_lazy("Nobody on duty reads it"),
    "skill": gettext_lazy("Nobody on duty has the skill"),
    "rank": gettext_lazy("It stands low"),
}
"""Why something waits for long, in the order in which it is told."""
PARTS: Mapping[str, Promise] = {
    "all": gettext_lazy("All second looks"),
    "double": gettext_lazy("Decided by a colleague before"),
    "seeded": gettext_lazy("Answered alike by two before"),
    "shown": gettext_lazy("The estimate was shown"),
    "hidden": gettext_lazy("The estimate was withheld"),
}
FIELDS: Mapping[str, tuple[Promise, Promise, bool]] = {
    "capacity": (gettext_lazy("Referrals that an officer reads in a day"), gettext_lazy("0 to 10,000"), False),
    "officers": (gettext_lazy("Officers on duty on a day"), gettext_lazy("0 to 10,000"), False),
    "patience": (gettext_lazy("Hours until what needs a language or a skill goes to anyone"), gettext_lazy("0 to 720"), False),
    "bound": (gettext_lazy("Days after which something has waited too long"), gettext_lazy("1 to 365"), False),
    "second": (gettext_lazy("Of the decisions, decided once more by somebody else, in per cent"), gettext_lazy("0 to 20"), True),
    "seeded": (gettext_lazy("Of what is given out, answered already, in per cent"), gettext_lazy("0 to 20"), True),
    "hidden": (gettext_lazy("Of what is taken, shown without the estimate, in per cent"), gettext_lazy("0 to 50"), True),
    "most_a_day": (gettext_lazy("Second looks of one officer in a day, at most"), gettext_lazy("0 to 20"), False),
}
"""What is stated: its words, what it may hold, and whether it is a share."""
