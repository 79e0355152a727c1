"""What a package says of itself on the inside: the manifest, signed by the sender, with the digest of every member.

The body of a package is a ZIP without compression: ``manifest.json``, ``manifest.sig`` (base64), then the members. The digests tie
each member to the signature for good, also where the ZIP is kept as evidence long after its envelope is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from grace.exchange.conditions import CONDITIONS, MOST_TEXT, PURPOSES
from grace.exchange.errors import Rejected
from grace.exchange.label import KINDS
from grace.kernel.errors import Invalid
from grace.kernel.strict import Entries, moment, parse, spelled

NAME, SIGNATURE = "manifest.json", "manifest.sig"
REFERRAL = "referral.json"
SIGNED = b"grace-manifest-1\0"
MOST_BYTES = 8 << 20
MOST_MEMBERS = 20_000
PARTS = ("whole", "part", "digests")
ANSWERS = ("accepted", "partly", "refused", "noted")
_FORMAT, _VERSION = "grace-manifest", 1
_MOST_NAME, _MOST_KEY = 200, 500


@dataclass(frozen=True, slots=True)
class Sum:
    """Size and SHA-256 of a member."""

    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Manifest:
    """Purpose, conditions and content of a package.

    ``replaces`` names the package that an update corrects or that an erasure request is about; ``answers`` and ``answer`` are an
    answer's. ``reason`` is what the officer wrote to the other one. ``urgent`` tells that a floor holds the referral up at the sender.
    """

    package: UUID
    kind: str
    sender: UUID
    sender_name: str
    sender_state: str
    recipient: UUID
    made_at: datetime
    expires_at: datetime
    purpose: str = ""
    conditions: tuple[str, ...] = ()
    handling: str = ""
    reason: str = ""
    part: str = ""
    urgent: bool = False
    replaces: UUID | None = None
    answers: UUID | None = None
    answer: str = ""
    members: Mapping[str, Sum] = field(default_factory=dict)

    def text(self) -> bytes:
        """What is signed."""
        return spelled(
            {
                "format": _FORMAT,
                "version": _VERSION,
                "package": str(self.package),
                "kind": self.kind,
                "from": {"agency": str(self.sender), "name": self.sender_name, "state": self.sender_state},
                "to": str(self.recipient),
                "made_at": moment(self.made_at),
                "expires_at": moment(self.expires_at),
                "purpose": self.purpose,
                "conditions": list(self.conditions),
                "handling": self.handling,
                "reason": self.reason,
                "part": self.part,
                "urgent": int(self.urgent),
                "replaces": str(self.replaces) if self.replaces else None,
                "answers": str(self.answers) if self.answers else None,
                "answer": self.answer,
                "members": {name: {"size": each.size, "sha256": each.sha256.hex()} for name, each in self.members.items()},
            }
        )


def read(raw: bytes) -> Manifest:
    """The manifest of a text. Raises :class:`Rejected`, whatever the text is."""
    try:
        found = _read(parse(raw, MOST_BYTES))
    except Invalid as fault:
        raise Rejected("malformed", str(fault)) from fault
    if found.text() != raw or (found.kind in {"handover", "update"}) != (REFERRAL in found.members):
        raise Rejected("malformed")
    return found


def _read(entries: Entries) -> Manifest:
    entries.version(_FORMAT, _VERSION)
    kind, sender = entries.choice("kind", KINDS), entries.object("from")
    carries, answers = kind in {"handover", "update"}, kind == "answer"
    found = Manifest(
        package=entries.uuid("package"),
        kind=kind,
        sender=sender.uuid("agency"),
        sender_name=sender.text("name", _MOST_NAME),
        sender_state=sender.text("state", 2),
        recipient=entries.uuid("to"),
        made_at=entries.moment("made_at"),
        expires_at=entries.moment("expires_at"),
        purpose=entries.choice("purpose", PURPOSES if carries else {""}),
        conditions=entries.texts("conditions", CONDITIONS if carries else ()),
        handling=entries.text("handling", MOST_TEXT, empty=True),
        reason=entries.text("reason", MOST_TEXT, empty=True),
        part=entries.choice("part", PARTS if carries else {""}),
        urgent=bool(entries.number("urgent", 1)),
        replaces=entries.uuid_or_none("replaces"),
        answers=entries.uuid_or_none("answers"),
        answer=entries.choice("answer", ANSWERS if answers else {""}),
        members=_members(entries.object("members")),
    )
    sender.end()
    entries.end()
    if (kind in {"update", "erasure"}) != (found.replaces is not None) or answers != (found.answers is not None):
        raise Rejected("malformed")
    return found


def _members(entries: Entries) -> Mapping[str, Sum]:
    members: dict[str, Sum] = {}
    for name in entries.keys(MOST_MEMBERS):
        each = entries.object(name)
        if len(name) > _MOST_KEY:
            raise Rejected("malformed")
        members[name] = Sum(each.number("size", 1 << 50), each.digest("sha256"))
        each.end()
    return members
