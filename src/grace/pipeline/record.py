"""Read documents become referrals: their files held, their statements recorded, routed, scored and queued."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from uuid import UUID

from grace.analysis import texts_waiting
from grace.casework.kept import pending
from grace.evidence import files, vault
from grace.evidence.files import Held, Hold
from grace.evidence.media_types import ARCHIVES
from grace.evidence.vault import Sealed
from grace.intake import members, senders
from grace.intake.differ import carries
from grace.intake.feedback import Remark, remarks
from grace.intake.in_text import has_text
from grace.intake.members import Pairing
from grace.intake.normalise import facts
from grace.intake.sealed import SealedFile
from grace.intake.understand import Read, Understood
from grace.kernel.text import short
from grace.links.taken import Note, note
from grace.pipeline.corrections import corrections
from grace.pipeline.follow import tell
from grace.pipeline.route import find_states
from grace.pipeline.score import OVER_SHARE, SHARE_OF, Batch, score_and_place
from grace.priority import audits
from grace.priority.assess import signals_of
from grace.referrals import attachments, shared, signals
from grace.referrals.attachments import REPORT
from grace.referrals.reconcile import Reconciled, reconcile
from grace.referrals.record import Bytes, Extra, Recorded, Statement, key_of, record
from grace.sdk.intake import Member, Report
from grace.sdk.signals import Basis, Signal

SMALL = 1 << 20
"""Members up to this many bytes are sealed together, with one wait for the disk."""
TOGETHER = 8 << 20
"""Bytes that are held in memory at the same time for it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A registered document and what was understood of it."""

    document_id: UUID
    sha256: bytes
    understood: Understood


@dataclass(slots=True)
class Taken:
    """What a batch became in its unit: referrals by document and what each report lacked, new files, alerts raised, packages that follow.

    ``has_texts``: whether a document with free text came, so that texts wait to be analysed.
    """

    unit_id: UUID
    recorded: dict[UUID, list[Recorded]] = field(default_factory=dict)
    remarks: dict[UUID, list[Sequence[Remark]]] = field(default_factory=dict)
    held: dict[UUID, list[Held]] = field(default_factory=dict)
    alerts: list[UUID] = field(default_factory=list)
    corrections: list[UUID] = field(default_factory=list)
    has_texts: bool = False

    @property
    def new_files(self) -> set[UUID]:
        """Files whose bytes were not here before."""
        return {each.id for held in self.held.values() for each in held if each.new}

    @property
    def archives_again(self) -> set[UUID]:
        """Archives that were here before, perhaps in others, where they may have stood too deep to be unpacked."""
        return {each.id for held in self.held.values() for each in held if not each.new and each.media_type in ARCHIVES}

    def subjects(self, document: UUID) -> tuple[str, ...]:
        """References to all that came of a document, for the ledger."""
        referrals = (f"referral:{each.referral_id}" for each in self.recorded.get(document, ()))
        digests = dict.fromkeys(each.sha256.hex() for each in self.held.get(document, ()))
        return (*referrals, *(f"file:{digest}" for digest in digests))


def record_understood(batch: Batch, sources: Sequence[Source]) -> Taken:
    """Hold the files, record the statements, find the states concerned, score and queue them, in the caller's transaction."""
    taken = Taken(batch.unit_id)
    held = _hold_members(batch, sources)
    names = senders.named(short(read.report.sender) for source in sources for read in source.understood.reads)
    waiting = []
    for source in sources:
        mine = held.get(source.document_id, {})
        taken.held[source.document_id] = list(mine.values())
        waiting += [_statement(batch, source, place, read, names, mine) for place, read in enumerate(source.understood.reads)]
    for wave in _waves(waiting):
        recorded = record(wave, batch.now)
        note(batch.unit_id, (_note(statement, each) for statement, each in zip(wave, recorded, strict=True)))
        pending.note(batch.unit_id, {each.referral_id for each in recorded})
        for statement, each in zip(wave, recorded, strict=True):
            taken.recorded.setdefault(statement.document_id, []).append(each)
            taken.remarks.setdefault(statement.document_id, []).append(statement.remarks)
        with_texts = [each.referral_id for statement, each in zip(wave, recorded, strict=True) if has_text(statement.report)]
        texts_waiting.note(batch.unit_id, with_texts)
        taken.has_texts |= bool(with_texts)
        reconciled = reconcile(wave, recorded, batch.now)
        tell(batch, reconciled)
        newer = {each.referral_id: each.ordinal for each in reconciled.corrections}
        taken.corrections += [each.id for each in corrections(newer, batch.now)]
        whole = [_whole(statement, reconciled.whole.get(each.referral_id)) for statement, each in zip(wave, recorded, strict=True)]
        lacking = _lacking(wave, recorded, reconciled)
        states = find_states(batch, whole, recorded)
        taken.alerts += score_and_place(batch, _signals(batch, whole, recorded), states, lacking)
        audits.draw(batch.unit_id, [each.referral_id for each in recorded if each.is_new], states, batch.now)
    return taken


def _lacking(wave: Sequence[Statement], recorded: Sequence[Recorded], reconciled: Reconciled) -> dict[UUID, list[str]]:
    """The codes of what each referral lacks by all that stands of it."""
    found = {each.referral_id: [remark.code for remark in statement.remarks] for statement, each in zip(wave, recorded, strict=True)}
    files = attachments.of(list(reconciled.whole)) if reconciled.whole else {}
    for referral, report in reconciled.whole.items():
        states = [("", each.state) for each in files[referral]]
        found[referral] = [each.code for each in remarks(report, facts(report), reconciled.carried[referral], states)]
    return found


def _whole(statement: Statement, report: Report | None) -> Statement:
    """The statement by which its referral is scored: by all documents that stand, where there are others."""
    return statement if report is None else replace(statement, report=report, facts=facts(report))


def _note(statement: Statement, recorded: Recorded) -> Note:
    """What finding the links of a referral needs to know of its report beside what is recorded."""
    report = statement.report
    return Note(recorded.referral_id, bool(report.bundled), [short(number) for number in report.prior_numbers])


def _waves(statements: Sequence[Statement]) -> Iterator[list[Statement]]:
    """Split so that no two statements of a wave speak of the same referral; nearly always this is one wave."""
    waiting = list(statements)
    while waiting:
        keys: set[tuple[UUID, str, str]] = set()
        wave: list[Statement] = []
        later: list[Statement] = []
        for each in waiting:
            (later if key_of(each) in keys else wave).append(each)
            keys.add(key_of(each))
        yield wave
        waiting = later


def _hold_members(batch: Batch, sources: Sequence[Source]) -> dict[UUID, dict[str, Held]]:
    """Seal and hold the files that came with the documents; by document, then by the name in the package."""
    members = [(source.document_id, each) for source in sources for each in source.understood.files]
    sealed = _seal([member for _, member in members])
    rows = [
        Hold(batch.unit_id, each, f"document:{document}", member.name) for (document, member), each in zip(members, sealed, strict=True)
    ]
    found: dict[UUID, dict[str, Held]] = {}
    if rows:
        for (document, member), each in zip(members, files.hold_many(rows), strict=True):
            found.setdefault(document, {})[member.name] = each
    return found


def _seal(members: Sequence[Member]) -> list[Sealed]:
    """Seal members in bounded memory, in their order: small ones in groups, large ones in streams; what lies in the vault already is not sealed again."""
    by_place: dict[int, Sealed] = {}
    for group in _groups(members):
        contents = [_bytes(members[place]) for place in group]
        by_place.update(zip(group, vault.seal_many(contents), strict=True))
    for place, member in enumerate(members):
        if isinstance(member, SealedFile):
            by_place[place] = member.sealed
        elif place not in by_place:
            with member.open() as stream:
                by_place[place] = vault.seal(stream)
    return [by_place[place] for place in range(len(members))]


def _groups(members: Sequence[Member]) -> Iterator[list[int]]:
    """The places of the small members, in groups that are small together."""
    group: list[int] = []
    room = TOGETHER
    for place, member in enumerate(members):
        if member.size > SMALL or isinstance(member, SealedFile):
            continue
        if member.size > room:
            yield group
            group, room = [], TOGETHER
        group.append(place)
        room -= member.size
    if group:
        yield group


def _bytes(member: Member) -> bytes:
    with member.open() as stream:
        return stream.read()


def _statement(batch: Batch, source: Source, place: int, read: Read, names: Mapping[str, UUID], held: Mapping[str, Held]) -> Statement:
    only_one = len(source.understood.reads) == 1
    fallback = source.sha256.hex() if only_one else f"{source.sha256.hex()}#{place}"
    pairings = members.match(read.facts.attachments, {name: _digests(each) for name, each in held.items()})
    contents = [_bytes_of(each, held) for each in pairings if each.attachment is not None]
    states = [(each.stated.path, came.state) for each, came in zip(read.facts.attachments, contents, strict=True)]
    return Statement(
        unit_id=batch.unit_id,
        sender_id=names[short(read.report.sender)],
        document_id=source.document_id,
        external=short(read.report.number or fallback),
        report=read.report,
        facts=read.facts,
        contents=contents,
        extras=[_extra(read, each.member, held[each.member]) for each in pairings if each.attachment is None and each.member],
        canonical=read.canonical,
        remarks=remarks(read.report, read.facts, carries(read.report.format), states),
    )


def _bytes_of(pairing: Pairing, held: Mapping[str, Held]) -> Bytes:
    """Where no file came along none was to be expected: then a file is only named, not missing."""
    if pairing.member is None:
        return Bytes("missing" if held else "named")
    return Bytes(pairing.state.value, held[pairing.member].id)


def _extra(read: Read, name: str, held: Held) -> Extra:
    """A PDF that is named after the report is the report once more, as agencies receive it beside the JSON."""
    path = PurePosixPath(name)
    is_report = held.media_type == "application/pdf" and read.report.number is not None and read.report.number in path.stem
    return Extra(name, held.id, REPORT if is_report else "extra")


def _digests(held: Held) -> dict[str, bytes]:
    return {"md5": held.md5, "sha1": held.sha1, "sha256": held.sha256}


def _signals(batch: Batch, wave: Sequence[Statement], recorded: Sequence[Recorded]) -> dict[UUID, list[Signal]]:
    """What the reports say, what they share with others, and whether their escalations count today.

    A further document is not a new report: an escalation that was judged once stays as it was judged, so that no document
    that repeats it spends the share twice, and none that comes on a busy day lowers what the first one raised.
    """
    found = {
        each.referral_id: signals.signals(statement.report, statement.facts, batch.now)
        for statement, each in zip(wave, recorded, strict=True)
    }
    for referral, number in shared.counts(batch.unit_id, wave, recorded).items():
        found[referral].append(Signal("link.shared_identifiers", number, Basis.OBSERVED, "referrals"))
    for referral, verdict in _escalations(batch, wave, recorded):
        found[referral].append(verdict)
    return found


_COUNTS = "sender.escalated"


def _escalations(batch: Batch, wave: Sequence[Statement], recorded: Sequence[Recorded]) -> Iterator[tuple[UUID, Signal]]:
    """What each escalation of the wave is worth: as it was judged with an earlier document, else by the sender's share today."""
    further = [each.referral_id for each in recorded if not each.is_new]
    earlier = signals_of(further) if further else {}
    judged = {referral: each for referral, some in earlier.items() for each in some if each.kind in {_COUNTS, OVER_SHARE}}
    escalates = [statement.report.escalated is not None for statement in wave]
    reports = [(each.sender_id, escalated and each.referral_id not in judged) for each, escalated in zip(recorded, escalates, strict=True)]
    allowance = batch.rules.rules.escalation
    verdicts = senders.count_escalations(batch.unit_id, batch.now.date(), reports, allowance.allowance)
    for each, escalated, counts in zip(recorded, escalates, verdicts, strict=True):
        if escalated:
            verdict = Signal(_COUNTS if counts else OVER_SHARE, value=True, basis=Basis.REPORTED, source=f"{SHARE_OF}{batch.now:%Y-%m-%d}")
            yield each.referral_id, judged.get(each.referral_id, verdict)
