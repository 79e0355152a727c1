"""Reports that providers hand in piece by piece: opened, filled, and then taken in, retracted, or left unfinished.

Each verb asks for the caller's own report and locks it, so that of two that end one report one comes too late. What is said
lies sealed in the vault from the start; here are only the numbers, names and digests.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q, Sum

from grace.evidence import vault
from grace.evidence.vault import Sealed
from grace.intake import checking
from grace.intake.codes import Code, ReportRefused
from grace.intake.credentials import Caller
from grace.intake.formats.cybertipline.reading import FORMAT_NAME
from grace.intake.limits import Limits
from grace.intake.models import IncomingFile, IncomingReport, SenderLogin
from grace.intake.sealed import SealedFile, SealedMember, sealed_file
from grace.intake.understand import NOTHING, Origin, Told
from grace.kernel import clock

LIFE = timedelta(hours=24)
"""How long a report stays open after it was opened …"""
REST = timedelta(hours=1)
"""… or after its last change, whichever is later."""
MOST_AT_ONCE = 100
"""Reports that one round of looking for unfinished ones names."""
MOST_SAID = 16 << 20
"""Bytes of XML about the files of one report."""
_NAME_CHARACTERS = 200
_LIMITS = Limits()
_TOTAL = "A report may hold {most} bytes in all."


@dataclass(frozen=True, slots=True)
class Parts:
    """A report that is to become a document: its XML and its files by their names in the package, and the keys of the files."""

    documents: Mapping[str, SealedMember]
    files: Mapping[str, SealedFile]
    keys: Sequence[str]


def is_over(report: IncomingReport, now: datetime) -> bool:
    """Whether the time to finish the report has passed."""
    return now > report.opened_at + LIFE and now > report.changed_at + REST


def open_report(caller: Caller, document: Sealed) -> IncomingReport:
    """Open a report whose document was sealed. Raises :class:`ReportRefused` where the sender has too many open ones."""
    SenderLogin.objects.select_for_update(no_key=True).get(id=caller.login_id)  # of two at the same moment the second counts the first
    most = settings.GRACE_MOST_OPEN_REPORTS
    if IncomingReport.objects.filter(login_id=caller.login_id, state=IncomingReport.State.OPEN).count() >= most:
        raise ReportRefused(Code.SAVE_FAILED, f"{most} reports are unfinished; finish or retract some before opening another.")
    now = clock.now()
    return IncomingReport.objects.create(login_id=caller.login_id, object_id=document.object_id, opened_at=now, changed_at=now)


def held_open(caller: Caller, number: int) -> IncomingReport:
    """The caller's own open report, locked. Raises :class:`ReportRefused` where there is none, or it is finished.

    A report of another sender is not told from one that never was.
    """
    return _checked(IncomingReport.objects.select_for_update(no_key=True).filter(number=number, login_id=caller.login_id).first())


def document_of(caller: Caller, number: int) -> UUID:
    """The document that the caller's own finished report became. Raises :class:`ReportRefused` for one that is open, or none."""
    report = IncomingReport.objects.filter(number=number, login_id=caller.login_id).first()
    if report is not None and report.state == IncomingReport.State.OPEN and not is_over(report, clock.now()):
        raise ReportRefused(Code.INVALID_REQUEST, "The report is not finished; finish it, then ask again.")
    if report is None or report.state != IncomingReport.State.FINISHED or report.document_id is None:
        raise ReportRefused(Code.NO_SUCH_REPORT, "There is no such report.")
    return report.document_id


def _checked(report: IncomingReport | None) -> IncomingReport:
    if report is not None and report.state == IncomingReport.State.FINISHED:
        raise ReportRefused(Code.ALREADY_FINISHED, "The report is finished already.")
    if report is None or report.state != IncomingReport.State.OPEN or is_over(report, clock.now()):
        raise ReportRefused(Code.NO_SUCH_REPORT, "There is no such report.")
    return report


def touch(report: IncomingReport) -> None:
    """Note that the report changed now."""
    report.changed_at = clock.now()
    report.save(update_fields=["changed_at"])


def add_file(report: IncomingReport, sealed: Sealed, name: str) -> IncomingFile:
    """Note a file that was sealed. Raises :class:`ReportRefused` where the report holds as much as it may."""
    most = settings.GRACE_MOST_REPORT_FILES
    if report.files.count() >= most:
        raise ReportRefused(Code.UPLOAD_FAILED, f"A report may hold {most} files.")
    if sealed.size == 0:
        raise ReportRefused(Code.MALFORMED_FILE, "The file is empty.")
    held = report.files.aggregate(total=Sum("size"))["total"] or 0
    if held + sealed.size > _LIMITS.total_bytes:
        raise ReportRefused(Code.UPLOAD_FAILED, _TOTAL.format(most=_LIMITS.total_bytes))
    touch(report)
    return IncomingFile.objects.create(
        report=report,
        key=_new_key(),
        name=name,
        object_id=sealed.object_id,
        size=sealed.size,
        md5=sealed.md5,
        sha1=sealed.sha1,
        sha256=sealed.sha256,
        media_type=sealed.media_type,
        uploaded_at=report.changed_at,
    )


def describe_file(report: IncomingReport, key: str, details: Sealed) -> IncomingFile:
    """Keep what the sender says of a file; said again, it replaces what was said. Raises :class:`ReportRefused` for no such file."""
    file = report.files.filter(key=key).first()
    if file is None:
        raise ReportRefused(Code.NO_SUCH_FILE, "There is no such file in this report.")
    said = report.files.exclude(id=file.id).aggregate(total=Sum("details__size"))["total"] or 0
    if said + details.size > MOST_SAID:
        raise ReportRefused(Code.VALIDATION_FAILED, f"What is said of all files of a report may hold {MOST_SAID} bytes.")
    earlier = file.details_id
    file.details_id = details.object_id
    file.save(update_fields=["details"])
    if earlier is not None:
        vault.delete(earlier)
    touch(report)
    return file


def details_of(report: IncomingReport) -> Iterator[tuple[str, bytes]]:
    """What was said of each file, by its key; one after the other."""
    for file in report.files.exclude(details=None).select_related("details").order_by("uploaded_at", "key"):
        if file.details is not None:
            with vault.open_row(file.details) as stream:
                yield file.key, stream.read()


def is_urgent(report: IncomingReport) -> bool:
    """Whether its sender calls the report urgent."""
    return report.object_id is not None and checking.is_escalated(vault.read(report.object_id))


def take_apart(report: IncomingReport) -> Parts:
    """Everything that the report holds, as members of a package; the rows that held the files go.

    All lie in a folder that is named after the report's number: two reports of the same words are two originals.
    """
    root = report.number
    files = list(report.files.order_by("uploaded_at", "key").select_related("object", "details"))
    if report.object is None:
        raise RuntimeError("a report is taken apart once")
    documents = {f"{root}/report.xml": SealedMember("report.xml", report.object.id, report.object.size)}
    for number, file in enumerate(files, start=1):
        if file.details is not None:
            name = f"{root}/fileDetails_{number:04}.xml"
            documents[name] = SealedMember(name, file.details.id, file.details.size)
    names = [f"{root}/files/{file.key}/{_plain(file.name)}" for file in files]
    held = {name: sealed_file(name, _sealed(file)) for name, file in zip(names, files, strict=True)}
    IncomingFile.objects.filter(report=report).delete()
    report.object = None
    report.save(update_fields=["object"])
    return Parts(documents, held, [file.key for file in files])


def close(report: IncomingReport, state: IncomingReport.State, document_id: UUID) -> None:
    """Note what became of a report that was taken apart."""
    report.state, report.document_id = state, document_id
    report.save(update_fields=["state", "document"])


def told_of(document_id: UUID) -> Told:
    """What the reporting server knows of a document that came in over it; nothing for any other."""
    found = IncomingReport.objects.select_related("login__sender").filter(document_id=document_id).first()
    return Told(origin_of(found), FORMAT_NAME) if found is not None else NOTHING


def origin_of(report: IncomingReport) -> Origin:
    """Who numbers the report, and who sent it: we number, and the credential tells the sender."""
    return Origin(
        settings.GRACE_REPORTING_NAME, str(report.number), report.login.sender.name, report.opened_at.isoformat(timespec="seconds")
    )


def erase(report: IncomingReport) -> int:
    """Remove a report with all that it holds, bytes too; how many files there were."""
    files = list(report.files.all())
    IncomingFile.objects.filter(report=report).delete()
    objects = [report.object_id, *(file.object_id for file in files), *(file.details_id for file in files)]
    report.delete()
    vault.delete_many([each for each in objects if each is not None])
    return len(files)


def over(now: datetime, after: int = 0) -> list[int]:
    """The numbers, ascending from behind ``after``, of some reports whose time has passed."""
    due = Q(state=IncomingReport.State.OPEN, opened_at__lt=now - LIFE, changed_at__lt=now - REST, number__gt=after)
    return list(IncomingReport.objects.filter(due).order_by("number").values_list("number", flat=True)[:MOST_AT_ONCE])


def held_over(number: int, now: datetime) -> IncomingReport | None:
    """The report with this number, locked, if it is still open and its time has passed; None where another process holds it."""
    waiting = IncomingReport.objects.select_for_update(no_key=True, skip_locked=True).filter(number=number, state=IncomingReport.State.OPEN)
    found = waiting.first()
    return found if found is not None and is_over(found, now) else None


def _new_key() -> str:
    """32 digits that every client reads as what they are.

    Documentation shows 32 hexadecimal digits, but one public client reads a number (so there are no letters) and another
    turns what looks like a number into a floating-point one unless that would lose digits (so it has 20 significant ones,
    the last not zero).
    """
    return f"{secrets.randbelow(9 * 10**18) + 10**18}{secrets.randbelow(9) + 1}".zfill(32)


def _sealed(file: IncomingFile) -> Sealed:
    return Sealed(file.object_id, file.size, bytes(file.sha256), bytes(file.md5), bytes(file.sha1), file.media_type)


def _plain(name: str) -> str:
    """The sender's name of a file, fit for a package: without folders, and never one that is taken for a document of the report."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(each for each in last if each.isprintable() and each not in ':*?"<>|')[:_NAME_CHARACTERS].strip(" .") or "file"
    return f"{kept}.txt" if kept.lower().endswith((".xml", ".json")) else kept
