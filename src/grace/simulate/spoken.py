"""What a report of the invented world says, field by field (:data:`grace.sdk.fields.FIELDS`): the truth that reading is held against.

Made from the report itself, by none of the readers' code. A person is known by the part and the place in it, a file by its
name, a use of an address by its moment. ``sender`` persons are the provider's own desk and are left out, as are the sender's
own numbers of files, which this world does not state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from grace.simulate.people import Account, Capture, home
from grace.simulate.plan import Form
from grace.simulate.referral import NamedFile, Referral

Of = tuple[str, ...]
Statement = tuple[Of, str | bool]
"""What it is about (nothing: the report), and what is said of it."""

LEFT_OUT = frozenset({"file.sender_file_id"})
_ISSUER = "NCMEC"


def spoken(referral: Referral, form: Form) -> Mapping[str, frozenset[Statement]]:
    """The statements of the report by field, as a document of this form makes them where it has a place for the field."""
    found: dict[str, set[Statement]] = {}
    for field, of, value in _all(referral, form):
        if value is not None:
            found.setdefault(field, set()).add((of, value))
    return {field: frozenset(statements) for field, statements in found.items()}


Said = tuple[str, Of, str | bool | None]


def _all(referral: Referral, form: Form) -> Iterator[Said]:
    yield from _report(referral, form)
    counts: Counter[str] = Counter()
    for account in referral.accounts:
        counts[account.role.value] += 1
        yield from _account(referral, account, f"{account.role.value} {counts[account.role.value]}", form)
    for file in referral.files:
        yield from _file(referral, file, form)


def _report(referral: Referral, form: Form) -> Iterator[Said]:
    has_place = form.is_lea or form is Form.GRACE_JSON or referral.files  # XML names the number only beside its files
    yield "report.issuer", (), _ISSUER
    yield "report.number", (), str(referral.number) if has_place else None
    yield "report.sender", (), referral.provider.name
    yield "report.service", (), referral.division
    yield "report.received", (), _utc(referral.received_at)
    yield "report.incident_type", (), referral.incident_type
    yield "report.incident_at", (), _utc(referral.incident_at)
    yield "report.incident_time_note", (), referral.note
    yield "report.escalated", (), referral.escalation
    yield "report.bundled", (), referral.bundled
    for mark in referral.annotations:
        yield "report.annotations", (), mark
    for account in referral.accounts:
        for number in account.earlier:
            yield "report.prior_numbers", (), str(number)
    yield "passage", (), referral.text
    yield "url", (), referral.page if referral.shows_page else None


def _account(referral: Referral, account: Account, label: str, form: Form) -> Iterator[Said]:
    me = (label,)
    yield "person.role", (), label
    yield "person.first_name", me, account.given
    yield "person.middle_name", me, account.middle
    yield "person.last_name", me, account.family
    yield "person.date_of_birth", me, account.born.isoformat() if account.born else None
    yield "person.age", me, None if account.age is None else str(account.age)
    yield "person.address", me, ", ".join((account.street, *home(account))) if account.street else None
    yield "person.passage", me, account.bio
    for field in ("user_id", "screen_name"):
        value = getattr(account, field)
        yield field, me, value
        if value:
            yield "service", (label, value), referral.service.casefold()
    for field, value, verified in (
        ("email", account.email.lower() if account.email else None, account.email_verified),
        ("phone", account.phone, account.phone_verified),
    ):
        yield field, me, value
        if value:
            yield f"{field}.verified", (label, value), verified
    yield "device", me, account.device
    yield "payment", me, account.payment
    for capture in account.captures:
        yield from _use(referral, capture, label, form)


def _use(referral: Referral, capture: Capture, bearer: str, form: Form) -> Iterator[Said]:
    """One use of an address. The clearing house's forms define their times to be UTC; in others a time may have no zone."""
    is_zoneless = referral.zoneless and not form.is_lea
    at = None if capture.at is None else _wall(capture.at) if is_zoneless else _utc(capture.at)
    yield "ip", (bearer,), capture.ip
    yield "ip.at", (bearer, capture.ip), at
    if at:
        yield "ip", (bearer, at), capture.ip
    yield "ip.event", (bearer, capture.ip, at or ""), capture.event.casefold() if capture.event else None
    yield "ip.port", (bearer, capture.ip, at or ""), None if capture.port is None else str(capture.port)


def _file(referral: Referral, file: NamedFile, form: Form) -> Iterator[Said]:
    me = (file.name,)
    yield "file.name", (), file.name
    yield "file.original_name", me, file.original_name
    for kind in referral.named:
        yield f"file.{kind}", me, getattr(file.digests, kind)
    yield "file.viewed", me, file.viewed
    yield "file.publicly_available", me, file.public
    yield "file.classification", me, file.category
    yield "file.relevance", me, file.relevance
    yield "file.uploaded_at", me, _utc(file.uploaded_at) if file.uploaded_at else None
    for tag in file.tags if form.is_lea and not form.is_print else file.marks:  # LEA JSON has tags of its own only
        yield "file.tags", me, tag
    if file.capture:
        yield from _use(referral, file.capture, file.name, form)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def _wall(moment: datetime) -> str:
    return f"{moment.replace(tzinfo=None).isoformat()} (zone not stated)"
