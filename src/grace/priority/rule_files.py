"""A unit's rules as a file that agencies share: written with what it is called and when it was made, and read as something hostile.

What holds for a body holds for one from a file, by the same checker: known signals only, none that speaks of what a reported person
is, and the floors of the base rules whatever the file says (:func:`grace.priority.rules.held`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grace.kernel.errors import Invalid
from grace.kernel.strict import Malformed, moment, parse
from grace.priority.compare import as_text
from grace.priority.models import RuleSet
from grace.priority.rule_faults import faults
from grace.priority.rule_schema import FILE_FORMAT, FILE_VERSION, MOST_NOTE, MOST_TITLE

MOST_BYTES = 1 << 20
MOST_DEPTH = 10
MOST_TOLD = 20
"""Faults that one refusal tells."""


@dataclass(frozen=True, slots=True)
class RulesFile:
    """What a file holds: a checked body, and what its maker called it."""

    title: str
    note: str
    made_at: datetime
    body: dict[str, Any]


def written(rules: RuleSet, title: str, now: datetime) -> str:
    """A version as a file. It says neither who wrote the rules nor in which unit."""
    head = {"format": FILE_FORMAT, "version": FILE_VERSION, "title": title, "note": rules.note, "made_at": moment(now)}
    told = "".join(f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)},\n" for name, value in head.items())
    body = as_text(rules.body).replace("\n", "\n  ")
    return f'{{\n{told}  "rules": {body}\n}}\n'


def read_file(raw: bytes) -> RulesFile:
    """Read a file of another unit or agency. Raises ``Invalid``, in plain words, for whatever is not exactly such a file."""
    _demand_shallow(raw)
    try:
        found = parse(raw, MOST_BYTES)
        found.version(FILE_FORMAT, FILE_VERSION)
        title, note = found.text("title", MOST_TITLE), found.text("note", MOST_NOTE, empty=True)
        made_at, body = found.moment("made_at"), found.take("rules")
        found.end()
    except Malformed as fault:
        raise Invalid(
            _("This is no rules file: %(why)s") % {"why": fault.message},
            remedy=fault.remedy or _("Ask for the file as GRACE exports it; its form stands in docs/reference/rules.schema.json."),
        ) from fault
    wrong = faults(body)
    if wrong or not isinstance(body, dict):
        more = len(wrong) - MOST_TOLD
        lines = [f"{each.place}: {each.what}" for each in wrong[:MOST_TOLD]]
        lines += [ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more}] if more > 0 else []
        raise Invalid(
            _("The rules in this file cannot be used here:") + "\n" + "\n".join(lines),
            remedy=_("Nothing was taken over. Ask whoever made the file to mend these places."),
        )
    return RulesFile(title, note, made_at, body)


def _demand_shallow(raw: bytes) -> None:
    """Refuse what is too long or nests too deep before anything reads it as JSON."""
    if len(raw) > MOST_BYTES:
        raise Invalid(
            _("This file is too large for rules: %(size)d bytes, %(most)d are allowed.") % {"size": len(raw), "most": MOST_BYTES},
            remedy=_("Choose the file that was exported as rules."),
        )
    depth, quoted, escaped = 0, False, False
    for sign in raw:
        if quoted:
            quoted, escaped = escaped or sign != 0x22, not escaped and sign == 0x5C
        elif sign == 0x22:
            quoted = True
        elif sign in b"{[":
            depth += 1
            if depth > MOST_DEPTH:
                raise Invalid(_("This file nests deeper than rules ever do."), remedy=_("Choose the file that was exported as rules."))
        elif sign in b"}]":
            depth -= 1
