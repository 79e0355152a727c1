"""Making a package: what was chosen of a referral, or a message, signed, sealed for its recipient, and kept in the vault until it is delivered.

Nothing is written to a disk in the open, and no file is in memory whole: members flow from the vault through the ZIP and the seal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, BinaryIO

from grace.agencies.identity import own, own_card
from grace.agencies.keys import text_of
from grace.agencies.models import Enrolment
from grace.evidence import vault
from grace.evidence.models import SealedObject
from grace.exchange import manifest as manifests
from grace.exchange import part as parts
from grace.exchange.body import seal
from grace.exchange.label import Label
from grace.exchange.manifest import Manifest, Sum
from grace.exchange.models import Dispatch
from grace.exchange.part import Part
from grace.intake.folders import pack_members, stream_of
from grace.intake.packages import open_package
from grace.kernel.errors import Conflict
from grace.kernel.strict import spelled
from grace.referrals.models import Attachment, Version
from grace.referrals.read import canonical_of
from grace.sdk.intake import Bytes, Member, Unreadable

_CHUNK = 1 << 20
FORMAT, VERSION = "grace-referral", 1


@dataclass(frozen=True, slots=True)
class VaultMember:
    """A file of the vault as a member of a package."""

    name: str
    size: int
    row: SealedObject

    def open(self) -> BinaryIO:
        """The bytes, from the beginning."""
        return vault.open_row(self.row)


def pack(dispatch: Dispatch, keys: Enrolment) -> None:
    """Make the sealed body of a dispatch, in the caller's transaction; one that is packed for these keys already stays."""
    if dispatch.object_id is not None and dispatch.sealed_for == keys.fingerprint:
        return
    stale = dispatch.object_id
    with ExitStack() as opened:
        members = _members(dispatch, opened)
        manifest = manifest_of(dispatch, {name: total for name, (_, total) in members.items()})
        told = manifest.text()
        signature = text_of(own().sign(manifests.SIGNED + told)).encode()
        inside: dict[str, Member] = {name: member for name, (member, _) in members.items()}
        inside |= {manifests.NAME: Bytes(manifests.NAME, told), manifests.SIGNATURE: Bytes(manifests.SIGNATURE, signature)}
        plain = pack_members(inside)
        sealed = vault.seal(stream_of(seal(plain, keys.keys.sealing_key(), dispatch.id)))
    dispatch.object_id, dispatch.size, dispatch.sha256 = sealed.object_id, sealed.size, sealed.sha256
    dispatch.sealed_for = keys.fingerprint
    dispatch.save(update_fields=["object", "size", "sha256", "sealed_for"])
    if stale is not None:
        vault.delete(stale)


def label_of(dispatch: Dispatch) -> Label:
    """The label of a packed dispatch."""
    return Label(
        dispatch.id,
        dispatch.kind,
        own().agency,
        dispatch.agency_id,
        dispatch.made_at,
        dispatch.expires_at,
        dispatch.size,
        bytes(dispatch.sha256),
    )


def manifest_of(dispatch: Dispatch, members: Mapping[str, Sum]) -> Manifest:
    """What the recipient reads first."""
    card = own_card()
    carries = bool(members)
    return Manifest(
        package=dispatch.id,
        kind=dispatch.kind,
        sender=card.agency,
        sender_name=card.name,
        sender_state=card.state,
        recipient=dispatch.agency_id,
        made_at=dispatch.made_at,
        expires_at=dispatch.expires_at,
        purpose=dispatch.purpose if carries else "",
        conditions=tuple(dispatch.conditions) if carries else (),
        handling=dispatch.handling if carries else "",
        reason=dispatch.reason,
        part=parts.of(dispatch.part).word if carries else "",
        urgent=dispatch.urgent,
        replaces=dispatch.replaces_id,
        answers=dispatch.answers,
        answer=dispatch.answer,
        members=members,
    )


def report_of(version: Version, attachments: list[Attachment], part: Part) -> dict[str, Any]:
    """What is said in ``referral.json``; a file here whose sender stated no digest gets the one of its bytes, so that it is found again."""
    canonical = canonical_of(version)
    digests = {each.ordinal: each.file.sha256 for each in attachments if each.file and each.state == "present"}
    for each in canonical["attachments"]:
        if not each["digests"] and each["ordinal"] in digests:
            each["digests"] = {"sha256": bytes(digests[each["ordinal"]]).hex()}
    return parts.choose(canonical, part)


def spelled_report(name: str, state: str, report: Mapping[str, Any]) -> bytes:
    """``referral.json``."""
    return spelled({"format": FORMAT, "version": VERSION, "from": {"name": name, "state": state}, "report": report})


def _members(dispatch: Dispatch, opened: ExitStack) -> dict[str, tuple[Member, Sum]]:
    """The members with their sums; none for a message."""
    if dispatch.referral_id is None or dispatch.kind not in {"handover", "update"}:
        return {}
    part = parts.of(dispatch.part)
    version = Version.objects.select_related("document__object").filter(referral=dispatch.referral_id, ordinal=dispatch.ordinal).first()
    if version is None:
        raise Conflict("The version that was to be handed over is gone.")
    attachments = list(Attachment.objects.select_related("file__object").filter(version=version).order_by("ordinal"))
    card = own_card()
    said = spelled_report(card.name, card.state, report_of(version, attachments, part))
    members: dict[str, tuple[Member, Sum]] = {
        manifests.REFERRAL: (Bytes(manifests.REFERRAL, said), Sum(len(said), hashlib.sha256(said).digest()))
    }
    if part.bytes:
        members |= dict(_files(attachments, part))
    if part.originals and part.is_all:
        members |= dict(_originals(version, opened))
    return members


def _files(attachments: list[Attachment], part: Part) -> Iterator[tuple[str, tuple[Member, Sum]]]:
    seen: set[bytes] = set()
    for each in attachments:
        if each.file is None or not part.has_file(each.ordinal) or bytes(each.file.sha256) in seen:
            continue
        if each.state == "report" and not part.is_all:
            continue  # the whole report once more, as a PDF
        digest = bytes(each.file.sha256)
        seen.add(digest)
        name = f"files/{each.ordinal + 1:05d}"
        yield name, (VaultMember(name, each.file.size, each.file.object), Sum(each.file.size, digest))


def _originals(version: Version, opened: ExitStack) -> Iterator[tuple[str, tuple[Member, Sum]]]:
    """The documents as their sender wrote them; of a package only these, for its files go along on their own."""
    try:
        sealed = opened.enter_context(vault.open_row(version.document.object))
        package = opened.enter_context(open_package(sealed, name=version.document.name))
        documents = [package[name] for name in canonical_of(version)["documents"] if name in package]
        for place, member in enumerate(documents or list(package.values())[:1], start=1):
            name = f"originals/{place:05d}"
            yield name, (_Renamed(name, member), _sum(member))
    except Unreadable:
        return


@dataclass(frozen=True, slots=True)
class _Renamed:
    """A member under another name."""

    name: str
    member: Member

    @property
    def size(self) -> int:
        return self.member.size

    def open(self) -> BinaryIO:
        return self.member.open()


def _sum(member: Member) -> Sum:
    running, size = hashlib.sha256(), 0
    with member.open() as stream:
        while chunk := stream.read(_CHUNK):
            running.update(chunk)
            size += len(chunk)
    return Sum(size, running.digest())
