"""Words of the rules page."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from grace.priority.axes import Axis

AXES: Mapping[Axis, Promise] = {
    Axis.COMPLETENESS: gettext_lazy("Completeness: can it be worked?"),
    Axis.ACTIONABILITY: gettext_lazy("Actionability: is there a lead here?"),
    Axis.URGENCY: gettext_lazy("Urgency: harm now?"),
    Axis.NOVELTY: gettext_lazy("Novelty: known, viral or new?"),
}
FLOORS = gettext_lazy("Floors: no other rule can lower these")
QUEUES = gettext_lazy("Queues of your unit: they show, and move nothing")
OPERATORS: Mapping[str, Promise] = {
    "is": gettext_lazy("is"),
    "at_least": gettext_lazy("is at least"),
    "at_most": gettext_lazy("is at most"),
    "one_of": gettext_lazy("is one of"),
    "absent": gettext_lazy("is absent"),
}
TYPES: Mapping[type, Promise] = {
    bool: gettext_lazy("true or false"),
    int: gettext_lazy("whole number"),
    float: gettext_lazy("number"),
    str: gettext_lazy("text"),
}
