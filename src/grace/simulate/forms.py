"""One report in every form: the same facts, as each form has a place for them, and differences planted on purpose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from grace.sdk.intake import Role
from grace.simulate import cybertipline, grace_json, layout, lea_json, mail, pdf
from grace.simulate.catalogue import Digests
from grace.simulate.chance import Dice
from grace.simulate.names import DIVIDED, DIVISION, GIVEN, TEXTS, Provider
from grace.simulate.people import Account, Capture, device
from grace.simulate.places import ipv4
from grace.simulate.plan import Form
from grace.simulate.referral import ENTICEMENT, POSSESSION, NamedFile, Referral

_MARKS = ("viral", "potentialMeme", "generativeAi")
_CLASSES = ("A1", "A2", "B1", "B2")


def members(referral: Referral, form: Form) -> Mapping[str, bytes]:
    """The documents of the report in this form, by name; the files that it names are not among them."""
    number = referral.number
    if form is Form.PDF:
        return {f"{number}.pdf": pdf.document(layout.rows(referral))}
    if form is Form.MAIL:
        return {f"{number}.eml": mail.with_text(referral)}
    if form is Form.MAIL_JSON:
        return {f"{number}.eml": mail.with_json(referral)}
    if form is Form.GRACE_JSON:
        return {f"{number}.json": grace_json.write(referral)}
    return {f"{number}.json": lea_json.write(referral)} if form.is_lea else dict(cybertipline.write(referral))


def full(referral: Referral, dice: Dice) -> Referral:
    """The report with much more said, so that every field is stated at times; times with their zone, at least one file."""
    accounts = tuple(_told(account, place, dice) for place, account in enumerate(referral.accounts))
    divided = dice.chance(0.2)
    return replace(
        referral,
        provider=DIVIDED if divided else referral.provider,
        division=DIVISION if divided else None,
        note=dice.pick((None, "The moment of the newest upload.")),
        escalation=dice.pick((referral.escalation, "Please read this first. Invented example.")),
        annotations=dice.pick(((), ("spam",), ("sextortion", "minorToMinorInteraction"))),
        bundled=dice.chance(0.3),
        zoneless=False,
        accounts=accounts,
        files=tuple(_marked(file, place, dice) for place, file in enumerate(referral.files)),
        named=("md5", "sha1", "sha256", "pdq"),
    )


def _told(account: Account, place: int, dice: Dice) -> Account:
    return replace(
        account,
        middle=dice.pick((None, *GIVEN[:3])) if account.given else None,
        age=dice.pick((None, 31, 52)) if account.role is not Role.VICTIM else account.age,
        bio=dice.pick((None, *TEXTS)),
        earlier=dice.pick((account.earlier, (600_000_001, 600_000_002))),
        payment=f"$fict_kiosk_{place}" if dice.chance(0.3) else None,
    )


def _marked(file: NamedFile, place: int, dice: Dice) -> NamedFile:
    return replace(
        file,
        file_id=f"file-{place}-{dice.below(10**9)}",
        tags=tuple(dict.fromkeys((*file.marks, *((dice.pick(_MARKS),) if dice.chance(0.5) else ())))),
        public=dice.pick((True, False, None)),
        category=dice.pick((None, *_CLASSES)),
    )


Change = Callable[[Referral], Referral | None]
"""A report that differs in one thing; None where this one states nothing there."""


def plant(referral: Referral, field: str) -> Referral | None:
    """The report with another statement in one field (:data:`grace.sdk.fields.FIELDS`); None where it states nothing there."""
    return CHANGES[field](referral)


def _report(**changed: Callable[[Referral], Any]) -> Change:
    def change(referral: Referral) -> Referral | None:
        stated = all(getattr(referral, name) not in {None, ()} for name in changed)
        return replace(referral, **{name: make(referral) for name, make in changed.items()}) if stated else None

    return change


def _account(make: Callable[[Account], Account | None], role: Role = Role.REPORTED) -> Change:
    """Change the first account in this part of which it can be told."""

    def change(referral: Referral) -> Referral | None:
        for place, account in enumerate(referral.accounts):
            other = make(account) if account.role is role else None
            if other is not None:
                return replace(referral, accounts=(*referral.accounts[:place], other, *referral.accounts[place + 1 :]))
        return None

    return change


def _file(make: Callable[[NamedFile], NamedFile | None]) -> Change:
    def change(referral: Referral) -> Referral | None:
        for place, file in enumerate(referral.files):
            other = make(file)
            if other is not None:
                return replace(referral, files=(*referral.files[:place], other, *referral.files[place + 1 :]))
        return None

    return change


def _use(make: Callable[[Capture], Capture | None]) -> Change:
    """Change the first use of an address of a reported account of which it can be told; the upload, the last, stays."""

    def of(account: Account) -> Account | None:
        for place, capture in enumerate(account.captures[:-1]):
            other = make(capture)
            if other is not None:
                return replace(account, captures=(*account.captures[:place], other, *account.captures[place + 1 :]))
        return None

    return _account(of)


def _digest(name: str) -> Change:
    def of(file: NamedFile) -> NamedFile | None:
        value: str | None = getattr(file.digests, name)
        if value is None:
            return None
        digests: Digests = replace(file.digests, **{name: value[::-1]})
        return replace(file, digests=digests) if value != value[::-1] else None

    return _file(of)


def _moved(account: Account) -> Account | None:
    return replace(account, street=f"{account.street} a") if account.street else None


def _elsewhere(account: Account) -> Account | None:
    """Another address wherever the first one stood."""
    if not account.captures:
        return None
    first, other = account.captures[0].ip, ipv4(26, Dice("elsewhere"))
    return replace(account, captures=tuple(replace(each, ip=other) if each.ip == first else each for each in account.captures))


def _renamed(provider: Provider) -> Provider:
    return replace(provider, name=f"{provider.name} Other")


def _later(file: NamedFile) -> NamedFile | None:
    capture = file.capture
    return replace(file, capture=replace(capture, at=capture.at + timedelta(minutes=1))) if capture and capture.at else None


CHANGES: Mapping[str, Change] = {
    "report.sender": lambda referral: replace(referral, provider=_renamed(referral.provider), side=referral.service),
    "report.service": _report(division=lambda referral: f"{referral.division} Other"),
    "report.received": _report(received_at=lambda referral: referral.received_at + timedelta(minutes=1)),
    "report.incident_type": _report(incident_type=lambda referral: ENTICEMENT if referral.incident_type == POSSESSION else POSSESSION),
    "report.incident_at": _report(incident_at=lambda referral: referral.incident_at - timedelta(minutes=1)),
    "report.incident_time_note": _report(note=lambda _: "The moment of the oldest upload."),
    "report.escalated": _report(escalation=lambda _: "Please read this today. Invented example."),
    "report.annotations": _report(annotations=lambda _: ("csamSolicitation",)),
    "report.bundled": lambda referral: replace(referral, bundled=not referral.bundled),
    "report.prior_numbers": _account(lambda account: replace(account, earlier=(600_000_009,)) if account.earlier else None),
    "person.role": _account(lambda account: replace(account, role=Role.REPORTED), Role.RECIPIENT),
    "person.first_name": _account(lambda account: replace(account, given="Zoe") if account.given else None),
    "person.middle_name": _account(lambda account: replace(account, middle="Zoe") if account.middle else None),
    "person.last_name": _account(lambda account: replace(account, family="Anders") if account.family else None),
    "person.date_of_birth": _account(lambda account: replace(account, born=date(1950, 2, 1)) if account.born else None),
    "person.age": _account(lambda account: replace(account, age=77) if account.age else None),
    "person.address": _account(_moved),
    "person.passage": _account(lambda account: replace(account, bio="The kiosk sells maps.") if account.bio else None),
    "email": _account(lambda account: replace(account, email=f"other.{account.email}") if account.email else None),
    "email.verified": _account(
        lambda account: None if account.email_verified is None else replace(account, email_verified=not account.email_verified)
    ),
    "phone": _account(lambda account: replace(account, phone="+33639980999") if account.phone else None),
    "phone.verified": _account(
        lambda account: None if account.phone_verified is None else replace(account, phone_verified=not account.phone_verified)
    ),
    "ip": _account(_elsewhere),
    "ip.event": _use(lambda capture: replace(capture, event="Logout") if capture.event else None),
    "ip.at": _use(lambda capture: replace(capture, at=capture.at + timedelta(seconds=61)) if capture.at else None),
    "ip.port": _use(lambda capture: replace(capture, port=1023) if capture.port else None),
    "url": lambda referral: replace(referral, page=f"{referral.page}/other") if referral.shows_page else None,
    "user_id": _account(lambda account: replace(account, user_id="999999999999")),
    "screen_name": _account(lambda account: replace(account, screen_name="other_kite") if account.screen_name else None),
    "service": lambda referral: replace(referral, side="Example Side Service"),
    "device": _account(lambda account: replace(account, device=device(1, "other", 1)) if account.device else None),
    "payment": _account(lambda account: replace(account, payment="$fict_quay") if account.payment else None),
    "file.name": _file(lambda file: replace(file, truth=replace(file.truth, name=f"other-{file.name}"))),
    "file.original_name": _file(lambda file: replace(file, original_name=f"other-{file.original_name}")),
    "file.sender_file_id": _file(lambda file: replace(file, file_id=f"other-{file.file_id}") if file.file_id else None),
    **{f"file.{name}": _digest(name) for name in ("md5", "sha1", "sha256", "pdq")},
    "file.viewed": _file(lambda file: None if file.viewed is None else replace(file, viewed=not file.viewed)),
    "file.publicly_available": _file(lambda file: None if file.public is None else replace(file, public=not file.public)),
    "file.classification": _file(lambda file: replace(file, category="A1" if file.category != "A1" else "B2") if file.category else None),
    "file.relevance": _file(lambda file: replace(file, part="Supplemental Reported" if file.relevance == "Reported" else "Reported")),
    "file.uploaded_at": _file(_later),
    "file.tags": _file(lambda file: replace(file, tags=("liveStreaming",)) if file.tags else None),
    "passage": _report(text=lambda _: "The kiosk at the quay sells maps and tea."),
}
"""How a report comes to differ in each field. ``report.issuer`` and ``report.number`` name it and are another report's if they differ."""
