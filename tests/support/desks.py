"""A queue for tests of the order of work: referrals of which nothing is known but where they stand, and officers who read this and that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from grace.accounts.models import Unit
from grace.casework.decide import Wish
from grace.casework.models import QueueRow
from grace.intake.models import Sender
from grace.kernel import clock
from grace.pipeline.decide import decide
from grace.referrals.models import Referral
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, Person, make_officer, make_person, sign_in


def queued(unit: Unit, number: int, received: datetime, **told: object) -> UUID:
    """One referral in the queue."""
    sender = Sender.objects.get_or_create(name="Example Service")[0]
    referral = Referral.objects.create(
        number=number, unit=unit, issuer="Example Service", external=str(number), sender=sender, received_at=received
    )
    values: dict[str, object] = {"floor": 0, "score": 100, "incident_kind": "material", "novelty": 50} | told
    axes = dict.fromkeys(("completeness", "actionability", "urgency"), 50)
    row = {"why": [], "number": number, "sender": sender, "summary": {}, "format": "lea-json", "changed_at": received}
    QueueRow.objects.create(referral=referral, unit=unit, received_at=received, **row, **axes, **values)
    return referral.id


def waiting(unit: Unit, number: int, *, first: int = 1, days: float = 0, **told: object) -> list[UUID]:
    """So many referrals that came a while ago, one a second."""
    start = clock.now() - timedelta(days=days) - timedelta(seconds=number)
    return [queued(unit, first + place, start + timedelta(seconds=place), **told) for place in range(number)]


def colleagues(unit: Unit, number: int) -> list[Person]:
    """Officers of a unit who may do everything but administer."""
    return [make_person(f"Officer{place}", unit, EVERYTHING_BUT_ACCOUNTS) for place in range(number)]


def reader(unit: Unit, name: str, languages: Sequence[str], skills: Sequence[str] = ()) -> Person:
    """An officer who reads these languages and has these skills."""
    officer = make_officer(name, unit, EVERYTHING_BUT_ACCOUNTS)
    officer.languages, officer.skills = list(languages), list(skills)
    officer.save(update_fields=["languages", "skills"])
    return Person(officer, sign_in(officer))


def closed(person: Person, referrals: Sequence[UUID], act: str = "not_actionable") -> None:
    """Decided, one by one."""
    for each in referrals:
        decide(person.viewer, each, Wish(act, "nothing to go on", recipient="Example Agency"))
