"""Names and passwords: checked in the same time for names that exist and names that do not."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from grace.accounts.models import Officer
from grace.accounts.secrets import new_word
from grace.kernel.errors import Invalid

LONGEST_PASSWORD = 256
"""Longer words are refused before they are hashed: hashing a megabyte would be somebody else's lever."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking a name and a password brought: the officer, or why not (a code for the ledger, never for the screen)."""

    officer: Officer | None
    reason: str
    about: str = ""


def plain_name(name: str) -> str:
    """One spelling of a sign-in name: compatibility form, lower case, no spaces around it."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def check(name: str, password: str) -> Checked:
    """Compare a password; costs one argon2 run whatever the name is."""
    officer = Officer.objects.filter(username=plain_name(name)).select_related("unit").first()
    stored = officer.password if officer and officer.has_usable_password() else _decoy()
    matches = check_password(password[:LONGEST_PASSWORD], stored)
    if officer is None:
        return Checked(None, "unknown-name")
    about = f"officer:{officer.id}"
    if not matches or stored != officer.password:
        return Checked(None, "wrong-password", about)
    if not officer.is_active or officer.locked_at:
        return Checked(None, "not-active" if not officer.is_active else "locked", about)
    return Checked(officer, "", about)


def spend(password: str) -> Checked:
    """Take the time of a check without one, so that a resting name answers no faster."""
    check_password(password[:LONGEST_PASSWORD], _decoy())
    return Checked(None, "resting")


def set_password(officer: Officer, password: str) -> None:
    """Give the officer a password that follows the rules; raises :class:`Invalid` with every rule it breaks."""
    if len(password) > LONGEST_PASSWORD:
        raise Invalid(_("The password is longer than %(count)d characters.") % {"count": LONGEST_PASSWORD})
    try:
        validate_password(password, officer)
    except ValidationError as broken:
        raise Invalid(" ".join(broken.messages)) from broken
    officer.set_password(password)


@lru_cache(maxsize=1)
def _decoy() -> str:
    return make_password(new_word())
