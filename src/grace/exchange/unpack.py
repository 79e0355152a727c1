"""Opening a package that came: everything in it is hostile until the sender's signature and every digest fit."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from grace.agencies.identity import all_own
from grace.agencies.keys import SIGNATURE_BYTES, bytes_of
from grace.agencies.models import Enrolment
from grace.exchange import manifest as manifests
from grace.exchange import part as parts
from grace.exchange.body import opened
from grace.exchange.errors import Rejected
from grace.exchange.label import Label
from grace.exchange.manifest import Manifest, Sum
from grace.exchange.pack import spelled_report
from grace.exchange.part import Part
from grace.intake.folders import pack_members
from grace.intake.formats.handover import FORMAT
from grace.intake.limits import Limits
from grace.intake.packages import Opened, open_package
from grace.kernel.errors import Invalid
from grace.kernel.strict import spelled, tree_of
from grace.sdk.intake import Bytes, Member, Unreadable

_CHUNK = 1 << 20
_LIMITS = Limits(members=manifests.MOST_MEMBERS + 2)
_OUTSIDE = frozenset({manifests.NAME, manifests.SIGNATURE})


@dataclass(frozen=True, slots=True)
class Content:
    """A package whose signature and digests fit. ``report`` is the canonical form, None for a message."""

    manifest: Manifest
    report: Mapping[str, Any] | None
    package: Opened

    def taking(self, part: Part) -> BinaryIO:
        """The part of it that is taken in, as a ZIP for intake; manifest and signature stay with it as the sender made them."""
        if self.report is None:
            raise Rejected("malformed")
        said = spelled_report(self.manifest.sender_name, self.manifest.sender_state, parts.choose(self.report, part))
        inside: dict[str, Member] = {name: self.package[name] for name in _OUTSIDE}
        inside[manifests.REFERRAL] = Bytes(manifests.REFERRAL, said)
        wanted = {value.lower() for each in _files(self.report, part) for value in each["digests"].values()}
        inside |= {name: self.package[name] for name in self._files() if part.files is None or self._is_wanted(name, wanted)}
        if part.is_all:
            inside |= {name: self.package[name] for name in self.manifest.members if name.startswith("originals/")}
            inside[manifests.REFERRAL] = self.package[manifests.REFERRAL]
        return pack_members(inside)

    def _files(self) -> list[str]:
        return [name for name in self.manifest.members if name.startswith("files/")]

    def _is_wanted(self, name: str, wanted: set[str]) -> bool:
        if self.manifest.members[name].sha256.hex() in wanted:
            return True
        with self.package[name].open() as stream:
            weak = (hashlib.md5(usedforsecurity=False), hashlib.sha1(usedforsecurity=False))
            while chunk := stream.read(_CHUNK):
                for running in weak:
                    running.update(chunk)
        return any(running.hexdigest() in wanted for running in weak)


@contextmanager
def content_of(sealed: BinaryIO, label: Label, keys: Enrolment) -> Iterator[Content]:
    """Open the body that a label speaks of. Raises :class:`Rejected`, and nothing else, whatever the bytes are."""
    stream = opened(sealed, label.size, label.package, all_own())
    try:
        with open_package(stream, name=manifests.NAME, limits=_LIMITS) as package:
            yield _content(package, label, keys)
    except (Unreadable, zipfile.BadZipFile) as fault:
        raise Rejected("malformed") from fault
    finally:
        stream.close()


def _content(package: Opened, label: Label, keys: Enrolment) -> Content:
    if package.notes or not package.keys() >= _OUTSIDE:
        raise Rejected("malformed")
    raw = _small(package[manifests.NAME], manifests.MOST_BYTES)
    try:
        signature = bytes_of(_small(package[manifests.SIGNATURE], 200).decode("ascii"))
    except (Invalid, UnicodeDecodeError) as fault:
        raise Rejected("malformed") from fault
    if len(signature) != SIGNATURE_BYTES or not keys.keys.verifies(signature, manifests.SIGNED + raw):
        raise Rejected("wrong-signature")
    manifest = manifests.read(raw)
    if (manifest.package, manifest.kind, manifest.sender) != (label.package, label.kind, label.sender):
        raise Rejected("differs")
    if manifest.recipient != label.recipient:
        raise Rejected("wrong-recipient")
    if (manifest.sender_name, manifest.sender_state) != (keys.name, keys.state):
        raise Rejected("unknown-sender")
    _check_members(package, manifest.members)
    return Content(manifest, _report(package, manifest), package)


def _check_members(package: Opened, members: Mapping[str, Sum]) -> None:
    if package.keys() != members.keys() | _OUTSIDE:
        raise Rejected("tampered")
    for name, told in members.items():
        running, size = hashlib.sha256(), 0
        with package[name].open() as stream:
            while chunk := stream.read(_CHUNK):
                running.update(chunk)
                size += len(chunk)
        if (size, running.digest()) != (told.size, told.sha256):
            raise Rejected("tampered")


def _report(package: Opened, manifest: Manifest) -> Mapping[str, Any] | None:
    """What the referral says, once our own reader has read it: what it cannot read is not taken."""
    if manifests.REFERRAL not in manifest.members:
        return None
    (reading,) = FORMAT.read(package)
    if reading.report.sender != manifest.sender_name:
        raise Rejected("differs")
    with package[manifests.REFERRAL].open() as stream:
        raw = stream.read()
    try:
        told: Any = tree_of(raw)
    except Invalid as fault:
        raise Rejected("malformed") from fault
    report: Mapping[str, Any] = told["report"]
    if spelled(told) != raw or not parts.is_sound(report):  # one spelling: no two readers see two things
        raise Rejected("malformed")
    return report


def _files(report: Mapping[str, Any], part: Part) -> list[Mapping[str, Any]]:
    return [each for each in report["attachments"] if part.has_file(each["ordinal"])]


def _small(member: Member, most: int) -> bytes:
    with member.open() as stream:
        raw = stream.read(most + 1)
    if len(raw) > most:
        raise Rejected("malformed")
    return raw
