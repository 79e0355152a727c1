"""The people in our tests: Alice owns, Bob works with her, Charlie is of another unit, Dora administers, Eve was given nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from grace.accounts import sessions, totp
from grace.accounts.capabilities import Capability
from grace.accounts.models import Officer, Unit
from grace.accounts.purposes import Purpose
from grace.accounts.secrets import seal
from grace.accounts.viewer import PURPOSE_KEY, SECOND_FACTOR_KEY, Viewer
from grace.kernel import clock

PASSWORD = "seven quiet lighthouses"
DEVICE_SECRET = b"an invented secret!!"
EVERYTHING_BUT_ACCOUNTS = frozenset(Capability) - {Capability.ADMINISTER}


@dataclass(frozen=True)
class Person:
    """An officer with a signed-in browser. ``viewer`` is what verbs take."""

    officer: Officer
    client: Client

    @property
    def viewer(self) -> Viewer:
        return viewer_for(self.officer)


def viewer_for(officer: Officer, purpose: str = Purpose.TRIAGE) -> Viewer:
    """The viewer of an officer who has shown a second factor."""
    return Viewer(officer.id, officer.unit_id, officer.held_capabilities, purpose)


def make_unit(name: str) -> Unit:
    """A unit; its short name is its name in lower case with hyphens."""
    return Unit.objects.get_or_create(slug=name.lower().replace(" ", "-"), defaults={"name": name})[0]


def make_officer(name: str, unit: Unit, capabilities: frozenset[Capability] = frozenset(), *, enrolled: bool = True) -> Officer:
    """An officer with the password ``PASSWORD`` and, if enrolled, a device that holds ``DEVICE_SECRET``."""
    officer = Officer(unit=unit, username=name.lower(), display_name=f"{name} Example", capabilities=sorted(capabilities))
    officer.password = _hashed_password()
    if enrolled:
        officer.totp_sealed = seal(DEVICE_SECRET, bound_to=f"totp:{officer.id}")
        officer.totp_confirmed_at = clock.now()
    officer.save(force_insert=True)
    return officer


def present_code(officer: Officer) -> str:
    """What the officer's device shows and has not shown before: at most one step ahead, which sign-in accepts."""
    officer.refresh_from_db()
    return totp.code_at(DEVICE_SECRET, max(totp.step_at(clock.now()), officer.totp_last_step + 1))


def sign_in(officer: Officer, *, second_factor: bool = True) -> Client:
    """A browser in which the officer has signed in."""
    client = Client()
    client.force_login(officer)
    session = client.session
    sessions.begin(session)
    session[PURPOSE_KEY] = Purpose.TRIAGE.value
    if second_factor:
        session[SECOND_FACTOR_KEY] = clock.now().timestamp()
    session.save()
    return client


def make_person(name: str, unit: Unit, capabilities: frozenset[Capability] = frozenset()) -> Person:
    """An enrolled officer, signed in with the second factor."""
    officer = make_officer(name, unit, capabilities)
    return Person(officer, sign_in(officer))


@pytest.fixture
def harbour_unit(db: None) -> Unit:
    return make_unit("Harbour Unit")


@pytest.fixture
def hill_unit(db: None) -> Unit:
    return make_unit("Hill Unit")


@pytest.fixture
def alice(harbour_unit: Unit) -> Person:
    """Owns the referrals in the story; may do everything but administer."""
    return make_person("Alice", harbour_unit, EVERYTHING_BUT_ACCOUNTS)


@pytest.fixture
def bob(harbour_unit: Unit) -> Person:
    """Works in Alice's unit, with the same capabilities."""
    return make_person("Bob", harbour_unit, EVERYTHING_BUT_ACCOUNTS)


@pytest.fixture
def charlie(hill_unit: Unit) -> Person:
    """Works in another unit with the same capabilities, and must never see what is Alice's."""
    return make_person("Charlie", hill_unit, EVERYTHING_BUT_ACCOUNTS)


@pytest.fixture
def dora(harbour_unit: Unit) -> Person:
    """Administers accounts, and nothing else."""
    return make_person("Dora", harbour_unit, frozenset({Capability.ADMINISTER}))


@pytest.fixture
def eve(harbour_unit: Unit) -> Person:
    """Has an account and was given nothing."""
    return make_person("Eve", harbour_unit)


@lru_cache(maxsize=1)
def _hashed_password() -> str:
    return make_password(PASSWORD)
