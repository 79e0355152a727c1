"""One invented report through every form that has a writer and a reader: what each document says of it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from grace.intake import registry
from grace.intake.canonical import canonical
from grace.intake.packages import open_package
from grace.simulate.chance import Dice
from grace.simulate.forms import full, members
from grace.simulate.plan import Form, WorldPlan
from grace.simulate.referral import Referral
from grace.simulate.world import World, zipped

FORMS = tuple(form for form in Form if form not in {Form.LEA_ZIP, Form.TIP_ZIP})
"""Every form but those that only wrap another."""
READERS = {
    Form.LEA_JSON: "lea-json",
    Form.TIP_FOLDER: "cybertipline-xml",
    Form.PDF: "ncmec-pdf",
    Form.MAIL: "mail",
    Form.MAIL_JSON: "lea-json",
    Form.GRACE_JSON: "grace-json",
}
"""The format that reads each form."""


def readable() -> tuple[Form, ...]:
    """The forms whose reader is installed."""
    installed = {each.name for each in registry.formats()}
    return tuple(form for form in FORMS if READERS.get(form) in installed)


def reports(seed: int, number: int) -> Iterator[Referral]:
    """Reports of an invented world in which every field is stated at times; each names at least one file."""
    plan = WorldPlan(
        seed=seed,
        referrals=number,
        files_per_referral=2,
        truncated_share=0,
        flaw_share=0,
        duplicate_share=0,
        version_share=0,
        viral_share=0.1,
        incomplete_share=0.1,
        urgent_share=0.2,
        listed_pictures=2,
        forms=((Form.TIP_FOLDER, 0.25), (Form.LEA_JSON, 0.75)),
    )
    world = World(plan)
    for index in range(number):
        referral = world.referral(index)
        if referral.files:
            yield full(referral, Dice(seed, "full", index))


def told(referral: Referral, form: Form) -> dict[str, Any]:
    """The canonical JSON that the report's document in this form gives."""
    documents = members(referral, form)
    name, content = next(iter(documents.items()))
    with open_package(io.BytesIO(content if len(documents) == 1 else zipped(documents)), name=name) as package:
        (reading,) = registry.read(package)
    return canonical(reading)
