"""Documents through the whole intake into the tables, and what is wrong with what became of them."""

from __future__ import annotations

import hashlib
import random
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from grace.casework.models import QueueRow
from grace.evidence import vault
from grace.intake.models import Document
from grace.pipeline.receive import Delivery, Intake, Outcome, Receipt, receive
from grace.referrals.models import Version
from grace.referrals.read import canonical_of
from tests.fuzz.mutators.hand import Hand, by_accident
from tests.fuzz.oracle import FAULTS
from tests.fuzz.targets import TARGETS, Target

Handed = tuple[str, bytes]
"""The name and the bytes of a document."""


@dataclass
class Taker:
    """Takes batches into a unit, and compares: every document is a referral, a version, a double or in quarantine, its original sealed.

    ``wrong`` are sentences, each with the document that it is about.
    """

    unit_id: UUID
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    documents: dict[bytes, UUID] = field(default_factory=dict)
    wrong: list[tuple[str, Handed]] = field(default_factory=list)

    def take(self, handed: Sequence[Handed]) -> list[Receipt]:
        """Take a batch in and look at each of its documents. One that raises is found by taking them singly."""
        try:
            receipts = receive(Intake(self.unit_id, "fuzz", "system:test"), [Delivery(*each) for each in handed])
        except Exception as error:  # noqa: BLE001 - whatever escapes is what this looks for
            if len(handed) == 1:
                self.wrong.append(("".join(traceback.format_exception(error))[-4000:], handed[0]))
                return []
            return [receipt for each in handed for receipt in self.take([each])]
        if len(receipts) != len(handed):
            self.wrong.append(("there is no receipt for each document", handed[0]))
        for each, receipt in zip(handed, receipts, strict=False):
            self._look_at(each, receipt)
        return receipts

    def _look_at(self, each: Handed, receipt: Receipt) -> None:
        digest = hashlib.sha256(each[1]).digest()
        self.outcomes[receipt.outcome.value] += 1
        self.reasons.update([receipt.reason_code] if receipt.reason_code else [])
        for fault in self._faults(receipt, digest, len(each[1])):
            self.wrong.append((fault, each))
        self.documents.setdefault(digest, receipt.document_id)

    def _faults(self, receipt: Receipt, digest: bytes, size: int) -> Iterator[str]:
        known = self.documents.get(digest)
        if (receipt.outcome is Outcome.DOUBLE) != (known is not None) or known not in {None, receipt.document_id}:
            yield f"called {receipt.outcome}, and the same bytes came before: {known is not None}"
        row = Document.objects.filter(id=receipt.document_id).first()
        if row is None or bytes(row.sha256) != digest or row.size != size:
            yield "the document is not registered under its digest and size"
            return
        with vault.open(row.object_id) as kept:
            if hashlib.sha256(kept.read()).digest() != digest:
                yield "what is sealed is not what came"
        if receipt.reason_code in FAULTS:
            yield f"{receipt.reason_code}: {receipt.reason}"
        if receipt.outcome is Outcome.QUARANTINED:
            if row.state != Document.State.QUARANTINED or not row.reason:
                yield "it is said to be in quarantine and is not"
        elif receipt.outcome is not Outcome.DOUBLE:
            yield from self._missing(receipt)

    def _missing(self, receipt: Receipt) -> Iterator[str]:
        if not receipt.referrals:
            yield "it was read and became no referral"
        for referral in set(receipt.referrals):
            version = Version.objects.filter(referral_id=referral, document_id=receipt.document_id).first()
            if version is None or not canonical_of(version)["documents"]:
                yield "the referral has no version of this document"
            if not QueueRow.objects.filter(referral_id=referral).exists():
                yield "the referral stands in no queue"


def documents(folder: Path, dice: random.Random) -> Iterator[Handed]:
    """Without end: documents of a corpus (a folder for each target) as they are or changed once more, and seeds changed."""
    targets = [each for each in TARGETS if each.delivered is not None]
    stock = {each.name: sorted(path for path in (folder / each.name).glob("*") if path.stat().st_size < 200_000) for each in targets}
    seeds = {each.name: each.seeds() for each in targets}
    words = {each.name: sorted(each.words()) for each in targets}
    while True:
        target = dice.choice(targets)
        hand = Hand(dice, words[target.name], seeds[target.name], by_accident(dice))
        if stock[target.name] and dice.random() < 0.6:
            content = dice.choice(stock[target.name]).read_bytes()
            content = target.change(content, hand) if dice.random() < 0.3 else content
        else:
            content = target.change(dice.choice(seeds[target.name]), hand)
        yield delivered(target, content)


def delivered(target: Target, content: bytes) -> Handed:
    """What the bytes of a target stand for, as it is handed in."""
    return target.delivered(content) if target.delivered is not None else ("document", content)
