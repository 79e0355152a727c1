"""Acts upon accounts: each in one transaction with its ledger entries, refused ones too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from grace.accounts import credentials, invitations, officers, second_factor, sessions, throttle, tokens
from grace.accounts.capabilities import Capability
from grace.accounts.models import ApiToken, Officer, Unit
from grace.accounts.secrets import keyed_digest
from grace.accounts.viewer import Viewer, operator
from grace.custody.kinds import Kind
from grace.custody.ledger import Line, record
from grace.kernel.errors import Refused
from grace.pipeline.consult import consult

NOBODY = "visitor:unknown"
"""The actor of a ledger entry where nobody has signed in."""

SESSION = "session"
"""The purpose of what officers do to their own account and session."""


def sign_in(name: str, password: str, address: str) -> Officer:
    """The officer behind name and password; raises :class:`Refused` with one and the same message for every cause.

    Three steps, three transactions: the attempt is counted before the password is looked at, so that failures count even where the process dies.
    """
    by_name, by_address = throttle.by_name(credentials.plain_name(name)), throttle.by_address(address)
    with transaction.atomic():
        may_try = throttle.count([by_name, by_address])
    checked = credentials.check(name, password) if may_try else credentials.spend(password)
    with transaction.atomic():
        record(_sign_in_line(checked, name))
        if checked.officer:
            throttle.forgive(by_name, by_address)
            throttle.forget_old()
            sessions.forget_expired()
    if checked.officer is None:
        raise Refused(
            _("Name and password do not fit, or the account rests."),
            remedy=_("After 5 failures an account rests for 15 minutes. Try again later, or ask your administrator."),
        )
    return checked.officer


def show_second_factor(officer: Officer, code: str, address: str) -> None:
    """Check the code of a device, or a recovery code; raises :class:`Refused`."""
    by_code, by_address = throttle.by_code(officer.id), throttle.by_address(address)
    with transaction.atomic():
        may_try = throttle.count([by_code, by_address])
    with transaction.atomic():
        fits = may_try and second_factor.verify(officer.id, code)
        record(_officer_line("accounts.second_factor", officer, kind=Kind.CONSULTATION, denied=not fits))
        if fits:
            throttle.forgive(by_code, by_address)
    if not fits:
        raise Refused(
            _("This code does not fit, was used already, or the account rests."),
            remedy=_("Wait for the next code. After 5 failures the account rests for 15 minutes."),
        )


def sign_out(officer: Officer) -> None:
    """Note that the officer left; the session itself ends with the request."""
    with transaction.atomic():
        record(_officer_line("accounts.sign_out", officer, kind=Kind.CONSULTATION))


def begin_enrolment(officer: Officer) -> bytes:
    """The secret for the officer's device, until it is confirmed."""
    with transaction.atomic():
        return second_factor.begin_enrolment(officer.id)


def confirm_enrolment(officer: Officer, code: str) -> list[str]:
    """Finish enrolment; returns the recovery codes. Raises :class:`Refused` for a wrong code."""
    with transaction.atomic():
        may_try = throttle.count([throttle.by_code(officer.id)])
    with transaction.atomic():
        codes = second_factor.confirm_enrolment(officer.id, code) if may_try else None
        record(_officer_line("accounts.enrol", officer, denied=codes is None))
        if codes is not None:
            throttle.forgive(throttle.by_code(officer.id))
    if codes is None:
        raise Refused(_("This code does not fit."), remedy=_("Check that the clock of your device is right, and wait for the next code."))
    return codes


def replace_recovery_codes(viewer: Viewer) -> list[str]:
    """New recovery codes for the viewer."""
    with transaction.atomic():
        codes = second_factor.replace_recovery_codes(viewer)
        record(_line(viewer, "accounts.recovery_codes", f"officer:{viewer.officer_id}"))
        return codes


def change_password(officer: Officer, present: str, wanted: str, address: str, *, session_key: str | None) -> None:
    """Change the own password and end all other sessions; raises :class:`Refused` for a wrong present one, :class:`Invalid` for a weak new one."""
    by_name, by_address = throttle.by_name(officer.username), throttle.by_address(address)
    with transaction.atomic():
        may_try = throttle.count([by_name, by_address])
    fits = may_try and credentials.check(officer.username, present).officer is not None
    with transaction.atomic():
        if fits:
            throttle.forgive(by_name, by_address)
            credentials.set_password(officer, wanted)
            officer.save(update_fields=["password"])
            sessions.end_sessions(officer.id, except_key=session_key)
        record(_officer_line("accounts.password", officer, denied=not fits))
    if not fits:
        raise Refused(_("The present password does not fit, or the account rests."), remedy=_("Nothing was changed."))


def end_sessions(viewer: Viewer, officer_id: UUID, *, except_key: str | None = None) -> int:
    """End the sessions of the viewer, or as an administrator those of another; says how many."""
    if officer_id != viewer.officer_id:
        viewer.require(Capability.ADMINISTER)
    with transaction.atomic():
        ended = sessions.end_sessions(officer_id, except_key=except_key)
        record(_line(viewer, "accounts.sessions.end", f"officer:{officer_id}", count=str(ended)))
        return ended


def set_preferences(officer: Officer, preferences: Mapping[str, object]) -> None:
    """Keep what the officer likes (theme, keys); only the names of what changed reach the ledger."""
    with transaction.atomic():
        officer.preferences = {**officer.preferences, **preferences}
        officer.save(update_fields=["preferences"])
        record(_officer_line("accounts.preferences", officer, changed=".".join(sorted(preferences))))


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the accounts screen shows."""

    officers: list[Officer]
    units: list[Unit]
    tokens: list[ApiToken]


def overview(viewer: Viewer) -> Overview:
    """Officers, units and tokens of the agency; a consultation, for officers are persons too."""
    return consult(
        viewer,
        "accounts.list",
        lambda: Overview(officers.officers(viewer), officers.units(viewer), tokens.tokens(viewer)),
        lambda found: (f"officer:{each.id}" for each in found.officers),
    )


def create_unit(viewer: Viewer, name: str) -> Unit:
    """A new unit."""
    with transaction.atomic():
        unit = officers.create_unit(viewer, name)
        record(_line(viewer, "accounts.unit.create", f"unit:{unit.id}"))
        return unit


def record_contact(viewer: Viewer, unit_id: UUID, contact: str) -> Unit:
    """How another unit reaches this one."""
    with transaction.atomic():
        unit = officers.record_contact(viewer, unit_id, contact)
        record(_line(viewer, "accounts.unit.contact", f"unit:{unit.id}"))
        return unit


def create_officer(
    viewer: Viewer, unit: Unit, username: str, display_name: str, capabilities: Iterable[Capability] = ()
) -> tuple[Officer, str]:
    """A new officer with the given capabilities, and the word of the link by which the person sets the password."""
    with transaction.atomic():
        officer = officers.create_officer(viewer, unit, username, display_name)
        change = officers.set_capabilities(viewer, officer.id, capabilities)
        word = invitations.invite(viewer, change.officer)
        record(
            _line(viewer, "accounts.officer.create", f"officer:{officer.id}", f"unit:{unit.id}"),
            *_capability_lines(viewer, change),
        )
        return change.officer, word


def set_capabilities(viewer: Viewer, officer_id: UUID, wanted: Iterable[Capability]) -> officers.Change:
    """Give and take capabilities; the ledger names each."""
    with transaction.atomic():
        change = officers.set_capabilities(viewer, officer_id, wanted)
        record(*_capability_lines(viewer, change))
        return change


def lock(viewer: Viewer, officer_id: UUID) -> Officer:
    """Keep an officer out, at once."""
    with transaction.atomic():
        officer = officers.lock(viewer, officer_id)
        record(_line(viewer, "accounts.officer.lock", f"officer:{officer_id}"))
        return officer


def unlock(viewer: Viewer, officer_id: UUID) -> Officer:
    """Let an officer in again."""
    with transaction.atomic():
        officer = officers.unlock(viewer, officer_id)
        record(_line(viewer, "accounts.officer.unlock", f"officer:{officer_id}"))
        return officer


def deactivate(viewer: Viewer, officer_id: UUID) -> Officer:
    """End an officer's account for good."""
    with transaction.atomic():
        officer = officers.deactivate(viewer, officer_id)
        record(_line(viewer, "accounts.officer.deactivate", f"officer:{officer_id}"))
        return officer


def reset_second_factor(viewer: Viewer, officer_id: UUID) -> Officer:
    """Forget an officer's device, who then enrols anew."""
    viewer.require(Capability.ADMINISTER)
    with transaction.atomic():
        officer = officers.held_for_change(officer_id)
        second_factor.reset(officer)
        record(_line(viewer, "accounts.second_factor.reset", f"officer:{officer_id}"))
        return officer


def reset_own_second_factor(officer: Officer, code: str, address: str) -> None:
    """Change to another device: a code of the present one, or a recovery code, is asked first."""
    show_second_factor(officer, code, address)
    with transaction.atomic():
        second_factor.reset(officers.held_for_change(officer.id))
        record(_officer_line("accounts.second_factor.reset", officer))


def invite(viewer: Viewer, officer_id: UUID) -> str:
    """The word of a new link for an officer; the present password ends."""
    with transaction.atomic():
        word = invitations.invite(viewer, officers.held_for_change(officer_id))
        record(_line(viewer, "accounts.officer.invite", f"officer:{officer_id}"))
        return word


def invite_first_administrator() -> str:
    """The word of the first administrator's link, asked for on the machine itself."""
    with transaction.atomic():
        word = invitations.invite_first_administrator()
        record(_line(operator(), "accounts.first_administrator.invite"))
        return word


def accept_invitation(digest: bytes, password: str) -> Officer:
    """Set the password of an officer invited by the link with this digest."""
    with transaction.atomic():
        officer = invitations.accept(digest, password)
        record(_officer_line("accounts.invitation.accept", officer))
        return officer


def accept_as_first_administrator(digest: bytes, unit_name: str, username: str, display_name: str, password: str) -> Officer:
    """Make the first administrator."""
    with transaction.atomic():
        officer = invitations.accept_as_first_administrator(digest, unit_name, username, display_name, password)
        record(
            _officer_line("accounts.officer.create", officer),
            _officer_line("accounts.capabilities", officer, granted=Capability.ADMINISTER),
        )
        return officer


def issue_token(viewer: Viewer, unit: Unit, name: str, capabilities: Iterable[Capability], lasts: timedelta) -> tuple[ApiToken, str]:
    """A new token for a program, and its word."""
    with transaction.atomic():
        token, word = tokens.issue(viewer, unit, name, capabilities, lasts)
        record(_line(viewer, "accounts.token.issue", f"token:{token.id}", f"unit:{unit.id}", granted=".".join(token.capabilities)))
        return token, word


def revoke_token(viewer: Viewer, token_id: UUID) -> ApiToken:
    """End a token."""
    with transaction.atomic():
        token = tokens.revoke_token(viewer, token_id)
        record(_line(viewer, "accounts.token.revoke", f"token:{token_id}"))
        return token


def note_refusal(actor: str, purpose: str, kind: Kind, act: str, *subjects: str) -> None:
    """Write an attempt that was refused on a page, in the API or on the command line."""
    with transaction.atomic():
        record(Line(kind, act, actor, purpose=purpose, subjects=subjects, denied=True))


def _line(viewer: Viewer, act: str, *subjects: str, **detail: str) -> Line:
    return Line(Kind.ALTERATION, act, viewer.actor, purpose=viewer.purpose, subjects=subjects, detail=detail)


def _officer_line(act: str, officer: Officer, *, kind: Kind = Kind.ALTERATION, denied: bool = False, **detail: str) -> Line:
    reference = f"officer:{officer.id}"
    return Line(kind, act, reference, purpose=SESSION, subjects=(reference,), detail=detail, denied=denied)


def _sign_in_line(checked: credentials.Checked, name: str) -> Line:
    if checked.officer:
        return _officer_line("accounts.sign_in", checked.officer, kind=Kind.CONSULTATION)
    subjects = (checked.about,) if checked.about else ()
    detail = {"reason": checked.reason, "name_digest": keyed_digest(credentials.plain_name(name))[:32]}
    return Line(Kind.CONSULTATION, "accounts.sign_in", NOBODY, purpose=SESSION, subjects=subjects, detail=detail, denied=True)


def _capability_lines(viewer: Viewer, change: officers.Change) -> list[Line]:
    if not change.granted and not change.revoked:
        return []
    named = {"granted": ".".join(sorted(change.granted)), "revoked": ".".join(sorted(change.revoked))}
    detail = {word: codes for word, codes in named.items() if codes}
    return [_line(viewer, "accounts.capabilities", f"officer:{change.officer.id}", **detail)]
