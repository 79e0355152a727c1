"""Officers at the desk of a running installation, for tests of two of them: ``python exchange_desk.py VERB …`` in its environment.

Every verb may be called again after it broke off: what is done already is not done twice.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grace.cli.house import open_house

ADMINISTRATORS, DECIDER = ("dora", "emil"), "alice"


def settle(unit_name: str) -> None:
    """A unit with two administrators and an officer who decides."""
    from grace.accounts.capabilities import Capability
    from grace.accounts.models import Officer
    from grace.accounts.viewer import operator
    from grace.pipeline import accounts

    unit = accounts.create_unit(operator(), unit_name)
    for name in ADMINISTRATORS:
        accounts.create_officer(operator(), unit, name, f"{name} Example", [Capability.ADMINISTER])
    accounts.create_officer(operator(), unit, DECIDER, "Alice Example", [Capability.READ, Capability.DECIDE])
    print(unit.slug, Officer.objects.count())


def enrol(card: str, fingerprint: str) -> None:
    """Two persons enrol the other agency."""
    from grace.pipeline import agencies

    found = agencies.propose(_viewer(ADMINISTRATORS[0]), Path(card).read_bytes())
    agencies.confirm(_viewer(ADMINISTRATORS[1]), found.id, fingerprint)
    print(found.agency_id)


def hand_over(agency: str, most: str = "1000") -> None:
    """Hand over what has not been handed over yet."""
    from uuid import UUID

    from grace.casework.models import QueueRow
    from grace.exchange.outbox import Order
    from grace.pipeline.hand_over import hand_over as carry_out

    open_ones = QueueRow.objects.exclude(status="closed").order_by("received_at").values_list("referral_id", flat=True)
    for referral in list(open_ones[: int(most)]):
        print(carry_out(_viewer(DECIDER), referral, Order(UUID(agency), "investigation", "The account is theirs.")).id, flush=True)


def accept(most: str = "1000") -> None:
    """Take in what waits."""
    from grace.exchange import inbox
    from grace.pipeline import take_over

    for arrival in inbox.waiting(_viewer(DECIDER))[: int(most)]:
        take_over.accept(_viewer(DECIDER), arrival.id)
        print(arrival.package, flush=True)


def _viewer(name: str) -> Any:
    from grace.accounts.officers import officer_named
    from grace.accounts.viewer import Viewer

    officer = officer_named(name)
    return Viewer(officer.id, officer.unit_id, officer.held_capabilities, "investigation")


if __name__ == "__main__":
    verb, *words = sys.argv[1:]
    with open_house():
        verbs: dict[str, Callable[..., None]] = {"settle": settle, "enrol": enrol, "hand-over": hand_over, "accept": accept}
        verbs[verb](*words)
