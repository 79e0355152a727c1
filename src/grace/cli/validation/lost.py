"""Nothing lost or doubled: documents, referrals, versions, quarantine, files; the ledger and the vault hold."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from uuid import UUID

from django.db import connection

from grace.cli.validation.measures import Measure, Section, none_of, share
from grace.cli.validation.played import Arrived, Echo, Played
from grace.custody.ledger import public_pem
from grace.evidence.scrub import orphans
from grace.intake.models import Document
from grace.pipeline import ledger
from grace.pipeline.receive import Outcome
from grace.pipeline.scrub import scrub
from grace.referrals.models import Attachment, Referral, Version
from grace.simulate.plan import Form
from grace.simulate.truth import FileTruth, Flaw

_CUT: dict[bool, frozenset[str]] = {
    True: frozenset({"not-a-zip", "damaged-zip"}),
    False: frozenset({"truncated", "malformed", "damaged-pdf"}),
}
"""Why a document that was cut short is in quarantine: by whether it is a ZIP."""


def section(played: Played) -> Section:
    """Compare what is kept with what was handed in."""
    expected = list(_expected(played))
    rows = Document.objects.filter(unit_id=played.viewer.unit_id).values_list("id", "sha256")
    kept = {document: bytes(digest).hex() for document, digest in rows}
    quarantined = [each for each, outcome in zip(played.arrived, expected, strict=True) if outcome is Outcome.QUARANTINED]
    measures = [
        share("documents kept byte for byte", ((e.reference, _is_kept(e, kept)) for e in played.arrived), at_least=1),
        none_of("documents kept twice", _surplus("documents", len(kept), len({e.sha256 for e in played.arrived})), len(kept)),
        share("new, version, here already, quarantine: as the truth has it", _outcomes(played, expected), at_least=1),
        share("quarantine with the right reason", ((e.reference, _is_cut(e)) for e in quarantined), at_least=1),
        *_rows(played, expected),
        share("files stand as they came", _files(played), at_least=1),
        _ledger(played),
        *_vault(),
        none_of("jobs that failed", _failed_jobs(), 1),
    ]
    return Section("lost", "Nothing lost or doubled", measures)


def _expected(played: Played) -> Iterator[Outcome]:
    """What must become of each document, told by the truth and the order of arrival alone."""
    digests: set[str] = set()
    reports: set[tuple[int, bool]] = set()
    for each in played.arrived:
        if each.sha256 in digests:
            yield Outcome.DOUBLE
        elif not each.readable:
            yield Outcome.QUARANTINED
        else:
            yield Outcome.VERSION if each.report in reports else Outcome.NEW
            reports.add(each.report)
        digests.add(each.sha256)


def _is_kept(each: Arrived, kept: dict[UUID, str]) -> bool:
    return kept.get(each.receipt.document_id) == each.sha256


def _surplus(what: str, found: int, right: int) -> Iterator[str]:
    if found != right:
        yield f"{found} {what}, not {right}"


def _outcomes(played: Played, expected: list[Outcome]) -> Iterator[tuple[str, bool]]:
    for each, right in zip(played.arrived, expected, strict=True):
        told = each.receipt.outcome
        because = f" ({each.receipt.reason_code})" if each.receipt.reason_code else ""
        yield f"{each.reference} {each.form.value}: {told.value}{because}, not {right.value}", told is right


def _is_cut(each: Arrived) -> bool:
    return each.receipt.reason_code in _CUT[each.form in {Form.LEA_ZIP, Form.TIP_ZIP}]


def _rows(played: Played, expected: list[Outcome]) -> Iterator[Measure]:
    unit, counts = played.viewer.unit_id, Counter(expected)
    referrals, versions = Referral.objects.filter(unit_id=unit), Version.objects.filter(referral__unit_id=unit)
    yield none_of("referrals too many or too few", _surplus("referrals", referrals.count(), counts[Outcome.NEW]), counts[Outcome.NEW])
    whole = counts[Outcome.NEW] + counts[Outcome.VERSION]
    yield none_of("versions too many or too few", _surplus("versions", versions.count(), whole), whole)
    again = [each for each in played.arrived if each.echo is Echo.FORM]
    found = [(each.reference, each.receipt.referrals[:1] == (played.referral_of.get(each.report),)) for each in again]
    yield share("one report in another form is the same referral", found, at_least=1)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file as a version names it."""

    name: str | None
    md5: str
    state: str


def _files(played: Played) -> Iterator[tuple[str, bool]]:
    rows = Attachment.objects.filter(version__ordinal=1, referral__unit_id=played.viewer.unit_id)
    found: dict[object, list[_Kept]] = {}
    for document, name, md5, state in rows.values_list("version__document_id", "name", "md5", "state"):
        found.setdefault(document, []).append(_Kept(name, bytes(md5 or b"").hex(), state))
    for each, _referral in played.originals():
        mine = found.get(each.receipt.document_id, [])
        carried = [kept for kept in mine if kept.state != Attachment.State.REPORT]
        came = any(kept.state in {Attachment.State.PRESENT, Attachment.State.CHANGED, Attachment.State.EXTRA} for kept in mine)
        for file in each.truth.files:
            right = _state(each, file, came=came)
            yield (
                f"{each.reference}, {file.name}: not {right}",
                sum((k.name, k.md5, k.state) == (file.name, file.md5, right) for k in carried) == 1,
            )
        surplus = len(carried) - len(each.truth.files) - (Flaw.FILE_EXTRA in each.truth.flaws)
        yield f"{each.reference}: {surplus} files too many", surplus == 0


def _state(each: Arrived, file: FileTruth, *, came: bool) -> str:
    if file.present:
        is_changed = Flaw.FILE_CHANGED in each.truth.flaws and _is_spoilt(each, file)
        return Attachment.State.CHANGED if is_changed else Attachment.State.PRESENT
    return Attachment.State.MISSING if each.form.carries_files and came else Attachment.State.NAMED


def _is_spoilt(each: Arrived, file: FileTruth) -> bool:
    """The world spoils the first new file whose bytes come along."""
    new = [one for one in each.truth.files if one.present and one.standing.value == "new"]
    return bool(new) and new[0] is file


def _ledger(played: Played) -> Measure:
    """Export the ledger and let the one-file verifier check it, with the key alone, in a process of its own."""
    export, key = played.home / "ledger.jsonl", played.home / "ledger-public.pem"
    with export.open("wb") as file:
        ledger.export_ledger(file, actor="system:validate", purpose="validation", recipient="system:validate")
    key.write_bytes(public_pem())
    program = str(files("grace.custody").joinpath("verify_ledger.py"))
    done = subprocess.run([sys.executable, "-I", program, str(export), "--key", str(key)], capture_output=True, text=True, check=False)
    return none_of("faults that the offline verifier finds in the ledger", [done.stdout[-300:] or "failed"] if done.returncode else [], 1)


def _vault() -> Iterator[Measure]:
    findings = scrub()
    faults = [f"object {each}" for each in (*findings.missing, *findings.tampered, *findings.key_away)]
    yield none_of("sealed objects missing or changed", faults, findings.checked)
    yield none_of("bytes in the vault that belong to nothing", (f"object {each}" for each in orphans(0)), findings.checked)


def _failed_jobs() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, count(*) FROM procrastinate_jobs WHERE status = 'failed' OR attempts > 1 GROUP BY 1")
        yield from (f"{name}: {number}" for name, number in cursor.fetchall())
