"""A referral that another agency handed over: canonical JSON beside its files, as ``grace.exchange`` packs and unpacks it.

The agency is the sender; who reported first stays as ``original_sender``, and issuer and number stay what they were, so that the
same report from elsewhere becomes a version of the same referral.
"""

from __future__ import annotations

from collections.abc import Mapping

from grace.intake.formats.handover.examples import EXAMPLES
from grace.intake.formats.handover.reading import FORMAT_NAME, read_report
from grace.intake.formats.json_document import parse
from grace.sdk.intake import Package, Reading, Unreadable

REFERRAL = "referral.json"
_MARK = b'"format":"grace-referral"'
_HEAD = 1 << 16
_BESIDE = frozenset({"manifest.json", "manifest.sig"})
_ORIGINALS = "originals/"
_CARRIES = (
    "report.issuer report.number report.service report.received report.incident_type report.incident_at report.incident_time_note "
    "report.escalated report.annotations report.bundled report.prior_numbers report.identifiers person.role person.recipient "
    "person.victim person.sender person.associated person.first_name person.middle_name person.last_name person.date_of_birth "
    "person.age person.address person.passage email email.verified phone phone.verified ip ip.event ip.at ip.port url user_id "
    "screen_name service device payment file.name file.original_name file.sender_file_id file.md5 file.sha1 file.sha256 file.pdq "
    "file.viewed file.publicly_available file.classification file.relevance file.uploaded_at file.tags file.identifiers passage"
)
"""Every field but the sender: that is the agency, which contradicts nobody."""


class Handover:
    """The format plug-in."""

    name = FORMAT_NAME
    version = "1"
    carries = frozenset(_CARRIES.split())

    def recognises(self, package: Package) -> float:
        """1 where ``referral.json`` names its format in its head."""
        if REFERRAL not in package:
            return 0.0
        with package[REFERRAL].open() as stream:
            return 1.0 if _MARK in stream.read(_HEAD) else 0.0

    def read(self, package: Package) -> tuple[Reading, ...]:
        """One reading; the sender's originals and the manifest count as documents, not as files of the incident."""
        if REFERRAL not in package:
            raise Unreadable("no-report", "The package holds no referral.json.")
        with package[REFERRAL].open() as stream:
            report = read_report(parse(stream))
        beside = (name for name in package if name in _BESIDE or name.startswith(_ORIGINALS))
        return (Reading(report, (REFERRAL, *sorted(beside))),)

    def examples(self) -> tuple[Mapping[str, bytes], ...]:
        """Small invented referrals."""
        return EXAMPLES


FORMAT = Handover()
