"""The second factor: a device that shows codes, and recovery codes for the day on which it is lost."""

from __future__ import annotations

import hmac
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts import totp
from grace.accounts.models import Officer, RecoveryCode
from grace.accounts.officers import held_for_change
from grace.accounts.secrets import digest_of, readable_code, seal, unseal
from grace.accounts.sessions import end_sessions
from grace.accounts.viewer import Viewer
from grace.kernel import clock
from grace.kernel.errors import Conflict, Refused

RECOVERY_CODES = 10


def begin_enrolment(officer_id: UUID) -> bytes:
    """The secret to be put on the device: a new one, or the one that still waits to be confirmed. A confirmed one is never shown again."""
    officer = held_for_change(officer_id)
    if officer.is_enrolled:
        raise Conflict(_("A second factor is set up already."), remedy=_("Use it, or ask an administrator to reset it."))
    if officer.totp_sealed is None:
        secret = totp.new_secret()
        officer.totp_sealed = seal(secret, bound_to=_bound_to(officer))
        officer.save(update_fields=["totp_sealed"])
    return _secret(officer)


def confirm_enrolment(officer_id: UUID, code: str) -> list[str] | None:
    """Finish enrolment with the first code of the device; returns the recovery codes, in clear for this one time, or None for a wrong code."""
    officer = held_for_change(officer_id)
    if officer.is_enrolled or officer.totp_sealed is None:
        raise Conflict(_("No enrolment is under way."), remedy=_("Begin again."))
    step = totp.matching_step(_secret(officer), plain_code(code), clock.now())
    if step is None:
        return None
    officer.totp_confirmed_at, officer.totp_last_step = clock.now(), step
    officer.save(update_fields=["totp_confirmed_at", "totp_last_step"])
    return _new_recovery_codes(officer)


def verify(officer_id: UUID, code: str) -> bool:
    """Whether this is the device's present code, used for the first time, or an unused recovery code; either is used up by it."""
    officer = held_for_change(officer_id)
    if not officer.is_enrolled:
        return False
    typed = plain_code(code)
    if len(typed) == totp.DIGITS:
        return _use_step(officer, typed)
    return _use_recovery_code(officer, typed)


def reset(officer: Officer) -> None:
    """Forget device and recovery codes and end all sessions; the officer enrols anew at the next sign-in."""
    officer.totp_sealed, officer.totp_confirmed_at, officer.totp_last_step = None, None, 0
    officer.save(update_fields=["totp_sealed", "totp_confirmed_at", "totp_last_step"])
    officer.recovery_codes.all().delete()
    end_sessions(officer.id)


def replace_recovery_codes(viewer: Viewer) -> list[str]:
    """New recovery codes for the viewer, the old ones void."""
    officer = held_for_change(viewer.officer_id)
    if not officer.is_enrolled:
        raise Refused(_("Recovery codes come with a second factor."), remedy=_("Set up a second factor first."))
    return _new_recovery_codes(officer)


def recovery_codes_left(officer: Officer) -> int:
    """How many recovery codes are still unused."""
    return officer.recovery_codes.filter(used_at=None).count()


def plain_code(code: str) -> str:
    """A code as typed, without spaces and hyphens, in lower case."""
    return "".join(code.split()).replace("-", "").lower()


def _use_step(officer: Officer, typed: str) -> bool:
    step = totp.matching_step(_secret(officer), typed, clock.now(), after=officer.totp_last_step)
    if step is None:
        return False
    officer.totp_last_step = step
    officer.save(update_fields=["totp_last_step"])
    return True


def _use_recovery_code(officer: Officer, typed: str) -> bool:
    digest = digest_of(typed)
    for code in officer.recovery_codes.filter(used_at=None):
        if hmac.compare_digest(bytes(code.digest), digest):
            code.used_at = clock.now()
            code.save(update_fields=["used_at"])
            return True
    return False


def _new_recovery_codes(officer: Officer) -> list[str]:
    officer.recovery_codes.all().delete()
    codes = [readable_code() for _number in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(officer=officer, digest=digest_of(plain_code(code))) for code in codes)
    return codes


def _secret(officer: Officer) -> bytes:
    return unseal(bytes(officer.totp_sealed or b""), bound_to=_bound_to(officer))


def _bound_to(officer: Officer) -> str:
    return f"totp:{officer.id}"
