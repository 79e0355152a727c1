"""Reports that providers hand in piece by piece, on one page: open, fill, and then finish, retract, or leave unfinished.

    submit ─▶ (upload ─▶ describe)* ─▶ finish ─▶ receive, as everything that comes in
                                   ├─▶ retract: erased, only the ledger tells of it
                                   └─▶ left alone: quarantine, as unfinished

Each piece is sealed before it is promised, in one transaction with its entry in the ledger. Finishing packs the pieces into
one original and hands it to ``receive`` in the transaction that closes the report: a crash leaves it open or taken in, and of
two that finish it at once one is told that it is finished.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from grace.accounts import throttle
from grace.accounts.secrets import keyed_digest
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.evidence import files, vault
from grace.intake import checking, credentials, open_reports
from grace.intake.codes import Code, ReportRefused
from grace.intake.credentials import Caller
from grace.intake.formats.cybertipline.reading import FORMAT_NAME
from grace.intake.models import IncomingReport
from grace.intake.open_reports import Parts
from grace.intake.packages import pack_members
from grace.intake.understand import Told
from grace.kernel import clock
from grace.kernel.errors import GraceError
from grace.pipeline.accounts import NOBODY
from grace.pipeline.patience import patiently
from grace.pipeline.receive import Delivery, Intake, receive
from grace.sdk.intake import Member

WAY = "ispws"
PURPOSE = "intake"
ACTOR = "system:reports"
UNFINISHED = "unfinished"
"""Why a report lies in quarantine that its sender left."""
_LEFT = "The sender opened this report and did not finish it in time."
_LEFT_URGENT = "The sender opened this report, called it urgent, and did not finish it in time."
_MOST_NAMED = 10**9
"""Numbers from here on have more digits than a line of the ledger takes."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that was taken: the key it goes by, and the MD5 of its bytes in hexadecimal."""

    number: int
    key: str
    md5: str


def enter(login: str, secret: str, address: str) -> Caller | None:
    """Who reports; None where login and secret do not fit.

    A right secret is always let in: it cannot be guessed, and whoever could lock a provider out would keep urgent reports
    away. Wrong ones are written down until there are too many from one address in a quarter of an hour; then they are only refused.
    """
    caller = credentials.caller_of(login, secret)
    if caller is None:
        with transaction.atomic():
            if throttle.count(credentials.wrong_attempts(login, address)):
                detail = {"way": WAY, "name_digest": keyed_digest(login)[:32]}
                ledger.record(Line(Kind.COLLECTION, "report.enter", NOBODY, PURPOSE, detail=detail, denied=True))
    return caller


def may_ask(caller: Caller) -> bool:
    """Count a request; whether the login is within what it may ask in a minute."""
    with transaction.atomic():
        return throttle.count([credentials.requests_of(caller)])


def submit(caller: Caller, body: bytes) -> int:
    """Open a report with its XML; its number. Raises :class:`ReportRefused`."""
    if not caller.may_submit:
        raise ReportRefused(Code.NOT_FOR_SUBMISSIONS, "This login may not open new reports.")
    checking.check_report(body, clock.now())
    return patiently(lambda: _submit(caller, body))


def _submit(caller: Caller, body: bytes) -> int:
    with transaction.atomic():
        report = open_reports.open_report(caller, vault.seal_many([body])[0])
        ledger.record(_line(caller, "report.submit", report.number))
        return report.number


def upload(caller: Caller, number: int | None, name: str, stream: BinaryIO, rest: Callable[[], int | None]) -> Uploaded:
    """Seal a file as it arrives and put it to its report. Raises :class:`ReportRefused`.

    ``rest`` reads the request to its end, says whether all of it came (by raising), and gives the number where that stands behind
    the file. The database is asked nothing while the bytes come in.
    """
    where = [] if number is None else [number]
    with told_refusals(caller, "report.upload", where):
        if where:
            _begin_upload(caller, where[0])
        return _upload(caller, where, name, stream, rest)


def _begin_upload(caller: Caller, number: int) -> None:
    """Look first whether the report is there, and let its time begin anew: a large file may take long to come in."""
    with transaction.atomic():
        open_reports.touch(open_reports.held_open(caller, number))


def _upload(caller: Caller, where: list[int], name: str, stream: BinaryIO, rest: Callable[[], int | None]) -> Uploaded:
    with transaction.atomic():
        sealed = vault.seal(stream)
        where += [after for after in (rest(),) if after is not None]
        if len(where) != 1:
            raise ReportRefused(Code.INVALID_REQUEST, "The request needs the id of one report.")
        report = open_reports.held_open(caller, where[0])
        file = open_reports.add_file(report, sealed, name)
        ledger.record(_line(caller, "report.upload", report.number, f"file:{sealed.sha256.hex()}"))
        return Uploaded(report.number, file.key, sealed.md5.hex())


def describe(caller: Caller, body: bytes) -> int:
    """Keep what the sender says of a file; the number of its report. Raises :class:`ReportRefused`."""
    named = checking.check_details(body)
    with told_refusals(caller, "report.describe", [named.number]):
        return patiently(lambda: _describe(caller, named, body))


def _describe(caller: Caller, named: checking.Named, body: bytes) -> int:
    with transaction.atomic():
        report = open_reports.held_open(caller, named.number)
        file = open_reports.describe_file(report, named.key, vault.seal_many([body])[0])
        ledger.record(_line(caller, "report.describe", report.number, f"file:{bytes(file.sha256).hex()}"))
        return report.number


def finish(caller: Caller, number: int) -> list[str]:
    """Take a report in; the keys of its files. Raises :class:`ReportRefused`."""
    with told_refusals(caller, "report.finish", [number]):
        return patiently(lambda: _finish(caller, number))


def _finish(caller: Caller, number: int) -> list[str]:
    with transaction.atomic():
        report = open_reports.held_open(caller, number)
        checking.check_finish(open_reports.details_of(report))
        parts = open_reports.take_apart(report)
        document_id = _hand_on(report, parts)
        open_reports.close(report, IncomingReport.State.FINISHED, document_id)
        ledger.record(_line(caller, "report.finish", number, f"document:{document_id}"))
        return list(parts.keys)


def retract(caller: Caller, number: int) -> None:
    """Erase a report that is not finished, bytes too. Raises :class:`ReportRefused`."""
    with told_refusals(caller, "report.retract", [number]):
        patiently(lambda: _retract(caller, number))


def _retract(caller: Caller, number: int) -> None:
    with transaction.atomic():
        erased = open_reports.erase(open_reports.held_open(caller, number))
        ledger.record(_line(caller, "report.retract", number, kind=Kind.ERASURE, files=str(erased)))


def set_unfinished_aside() -> int:
    """Put every report whose time has passed into quarantine; how many. One that cannot be packed stays, and stops no other."""
    moved, after = 0, 0
    while waiting := open_reports.over(clock.now(), after):
        moved += sum(_set_aside_or_leave(number) for number in waiting)
        after = waiting[-1]
    return moved


def _set_aside_or_leave(number: int) -> bool:
    try:
        return patiently(lambda: _set_aside(number))
    except GraceError:
        _LOG.exception("report %s cannot be put into quarantine", number)
        return False


def _set_aside(number: int) -> bool:
    with transaction.atomic():
        report = open_reports.held_over(number, clock.now())
        if report is None:
            return False
        reason = _LEFT_URGENT if open_reports.is_urgent(report) else _LEFT
        document_id = _hand_on(report, open_reports.take_apart(report), set_aside=(UNFINISHED, reason))
        open_reports.close(report, IncomingReport.State.UNFINISHED, document_id)
        ledger.record(Line(Kind.COLLECTION, "report.expire", ACTOR, PURPOSE, (f"report:{number}", f"document:{document_id}")))
        return True


def _hand_on(report: IncomingReport, parts: Parts, set_aside: tuple[str, str] | None = None) -> UUID:
    """Make one original of the pieces and receive it; files are held as they lie, and what was only a piece goes."""
    members: dict[str, Member] = {**parts.documents, **parts.files}
    with pack_members(members) as stream:
        original = vault.seal(stream)
    told = Told(open_reports.origin_of(report), FORMAT_NAME, parts.files)
    intake = Intake(report.login.unit_id, WAY, f"sender:{report.login.sender_id}")
    (receipt,) = receive(intake, [Delivery(f"report-{report.number}.zip", original, told, set_aside)])
    vault.delete_many([each.object_id for each in parts.documents.values()])
    vault.delete_many(files.loose(each.object_id for each in parts.files.values()))
    return receipt.document_id


@contextmanager
def told_refusals(caller: Caller, act: str, where: Sequence[int]) -> Iterator[None]:
    """Write down that somebody asked for a report that is none of theirs, and tell a retracted one from one that never was.

    ``where`` holds the number once it is known. A retracted report has left nothing but its entry in the ledger, so the ledger is asked, for the caller's own act alone.
    """
    try:
        yield
    except ReportRefused as fault:
        if fault.code not in {Code.NO_SUCH_REPORT, Code.NO_SUCH_FILE}:
            raise
        if fault.code is Code.NO_SUCH_REPORT and _was_retracted(caller, where[0]):
            raise ReportRefused(Code.ALREADY_RETRACTED, "The report is retracted already.") from fault
        refused = fault
    else:
        return
    with transaction.atomic():
        ledger.record(_line(caller, act, where[0], denied=True))
    raise refused


def _was_retracted(caller: Caller, number: int) -> bool:
    entries = ledger.history(f"report:{number}", limit=10)
    return any(each.act == "report.retract" and not each.denied and f"login:{caller.login_id}" in each.subjects for each in entries)


def _line(caller: Caller, act: str, number: int, *subjects: str, kind: Kind = Kind.COLLECTION, denied: bool = False, **detail: str) -> Line:
    named = (f"report:{number}",) if number < _MOST_NAMED else ()
    said = {"way": WAY, "secret": str(caller.secret_id), **detail}
    return Line(kind, act, caller.actor, PURPOSE, (*named, f"login:{caller.login_id}", *subjects), said, denied=denied)
