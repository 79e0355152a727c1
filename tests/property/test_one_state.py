"""One report, many documents: whoever states an address is found in the same state, in whatever form it is said."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from grace.intake import registry
from grace.intake.normalise import facts
from grace.intake.packages import open_package
from grace.routing.combine import combine
from grace.routing.evidence import evidence
from grace.routing.places import Places
from grace.routing.propose import recipients
from grace.routing.weights import weights
from grace.routing.words import Mark
from grace.sdk.intake import Role
from grace.simulate.forms import members
from grace.simulate.people import home
from grace.simulate.plan import Form
from grace.simulate.referral import Referral
from grace.simulate.world import zipped
from tests.support.truths import readable, reports

WEIGHTS = weights()
NOWHERE = Places([])


def living_somewhere() -> list[Referral]:
    """Reports by which nothing but a stated address gives the state away."""
    found = []
    for referral in (each for seed in (1, 2, 3) for each in reports(seed, 12)):
        first = next((each for each in referral.accounts if each.role is Role.REPORTED and each.street), None)
        if first is not None:
            bare = replace(first, phone=None, phone_verified=None, captures=(), bio=None)
            found.append(replace(referral, accounts=(bare,), text="The kiosk at the quay sells maps and tea."))
    return found


def states(referral: Referral, form: Form) -> tuple[list[str], set[Mark]]:
    documents = members(referral, form)
    name, content = next(iter(documents.items()))
    with open_package(io.BytesIO(content if len(documents) == 1 else zipped(documents)), name=name) as package:
        (reading,) = registry.read(package)
    pieces = list(evidence(reading.report, facts(reading.report), NOWHERE, WEIGHTS))
    return recipients(combine(pieces, WEIGHTS), [], WEIGHTS), {mark for each in pieces for mark in each.marks}


@pytest.mark.parametrize("form", readable())
def test_a_stated_address_gives_its_state_in_every_form(form: Form) -> None:
    referrals = living_somewhere()
    assert len(referrals) >= 8
    for referral in referrals:
        concerned, marks = states(referral, form)
        assert concerned == [home(referral.accounts[0])[1]], referral.number
        assert (Mark.CODE_ALONE in marks) == form.is_print


@pytest.mark.parametrize(
    "lines", ["Country: DE", "Country: Germany", "Address: Example Quay 12, Hamburg, DE", "Address: Example Quay 12\nHamburg\nDE"]
)
def test_a_print_names_its_country_on_a_line_of_its_own_or_behind_the_address(lines: str) -> None:
    text = (
        "CyberTipline Report 4700002\nReceived by NCMEC on 02-12-2026 01:02:03 UTC\nSection A: Reported Information\n"
        f"Submitter: Example Provider\nIncident Type: Misleading Domain Name\nSuspect\nScreen/User Name: ferry\n{lines}\nThis concludes Section A\n"
    )
    mail = f"From: a@example.org\nSubject: CyberTipline Report 4700002\nContent-Type: text/plain\n\n{text}".encode()
    with open_package(io.BytesIO(mail), name="a.eml") as package:
        (reading,) = registry.read(package)
    pieces = list(evidence(reading.report, facts(reading.report), NOWHERE, WEIGHTS))
    assert [each.states for each in pieces] == [("DE",)]
