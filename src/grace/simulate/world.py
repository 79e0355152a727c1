"""The world as a stream of documents, each found by its index, and written to a folder with its lists and its truth."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import astuple
from datetime import timedelta
from pathlib import Path

from grace.kernel.errors import Conflict
from grace.simulate import forms
from grace.simulate.bare import BareWriter
from grace.simulate.catalogue import LIST_HEADER, Catalogue
from grace.simulate.chance import Dice
from grace.simulate.compose import Composed, Composer, revise
from grace.simulate.fate import Fate, Oracle
from grace.simulate.pdf import placeholder
from grace.simulate.places import networks
from grace.simulate.plan import Form, WorldPlan
from grace.simulate.referral import Referral
from grace.simulate.truth import Flaw, Resend, SimulatedDocument, Truth

_SHARD = 5_000
_EPOCH = (2020, 1, 1, 0, 0, 0)
_LEAST_LATER = timedelta(minutes=5)
_CUT = 0.6
_ENDINGS = {
    Form.LEA_JSON: ".json",
    Form.LEA_ZIP: ".zip",
    Form.TIP_FOLDER: "",
    Form.TIP_ZIP: ".zip",
    Form.PDF: ".pdf",
    Form.MAIL: ".eml",
    Form.MAIL_JSON: ".eml",
    Form.GRACE_JSON: ".json",
}


class World:
    """A world by its plan. Document ``index`` depends on seed and index and on a few small tables only."""

    def __init__(self, plan: WorldPlan) -> None:
        self.plan = plan
        self.oracle = Oracle(plan)
        self.catalogue = Catalogue(plan)
        self._composer = Composer(self.oracle, self.catalogue)
        self._bare = BareWriter(self.oracle, self.catalogue, self._composer.people) if plan.bare else None

    def document(self, index: int) -> SimulatedDocument:
        """Document ``index`` with its truth; raises ``IndexError`` outside ``range(plan.referrals)``."""
        resend = self.oracle.resend(index)
        kind, source = resend or (None, index)
        fate = self.oracle.fate(source)
        if self._bare is not None:
            return SimulatedDocument(f"{index:07d}.json", *self._bare.write(index, fate, kind))
        composed = self._composer.compose(fate)
        if kind is Resend.VERSION and composed.referral.written_number is None:
            kind = Resend.DUPLICATE
        if kind is Resend.VERSION:
            composed = self._revised(index, fate, composed)
        truth = self._truth(index, fate, composed, kind)
        return SimulatedDocument(f"{index:07d}{_ENDINGS[fate.form]}", _packed(composed), truth)

    def referral(self, index: int) -> Referral:
        """The report behind document ``index``, whatever its form."""
        return self._composer.compose(self.oracle.fate((self.oracle.resend(index) or (None, index))[1])).referral

    def _revised(self, index: int, fate: Fate, composed: Composed) -> Composed:
        later = max(self.oracle.calendar.arrival(index) - fate.moments.arrives_at, _LEAST_LATER)
        flaw = None if composed.flaw is Flaw.TRUNCATED else composed.flaw
        return Composed(revise(composed.referral, Dice(self.plan.seed, "version", index), later), flaw)

    def _truth(self, index: int, fate: Fate, composed: Composed, kind: Resend | None) -> Truth:
        referral = composed.referral
        flaws = [composed.flaw] if composed.flaw else []
        if fate.incomplete:
            flaws.append(Flaw.INCOMPLETE)
        return Truth(
            index=index,
            number=referral.written_number,
            sender=referral.provider.name,
            form=referral.form,
            urgent=fate.why is not None,
            why=fate.why,
            stated=fate.stated,
            escalated=referral.escalation is not None,
            states=referral.states(),
            states_stated=referral.states_stated(),
            places=referral.places(),
            misleading=any(account.misleads for account in referral.accounts),
            incident_at=referral.incident_at,
            received_at=referral.received_at,
            arrives_at=self.oracle.calendar.arrival(index),
            files=tuple(file.truth for file in referral.files),
            identifiers=referral.identifiers(),
            viral=fate.viral,
            bundled=referral.bundled,
            group=None if fate.group is None else f"group-{fate.group}",
            linked_by=fate.linked_by,
            resend=kind,
            resend_of=None if kind is None else fate.source,
            flaws=tuple(flaws),
        )


def documents(plan: WorldPlan, first: int = 0, last: int | None = None) -> Iterator[SimulatedDocument]:
    """The documents from ``first`` up to, but not including, ``last`` (default: all), in the order of their arrival."""
    world = World(plan)
    for index in range(first, plan.referrals if last is None else last):
        yield world.document(index)


def _packed(composed: Composed) -> bytes | Mapping[str, bytes]:
    referral, cut = composed.referral, composed.flaw is Flaw.TRUNCATED
    if not referral.form.carries_files:
        (content,) = forms.members(referral, referral.form).values()
        return _cut(content) if cut else content
    members = dict(_members(referral, extra=composed.flaw is Flaw.FILE_EXTRA))
    if referral.form is Form.TIP_FOLDER:
        return {**members, "report.xml": _cut(members["report.xml"])} if cut else members
    return _cut(zipped(members)) if cut else zipped(members)


def _cut(content: bytes) -> bytes:
    return content[: int(len(content) * _CUT)]


def _members(referral: Referral, *, extra: bool) -> Iterator[tuple[str, bytes]]:
    yield from forms.members(referral, referral.form).items()
    if referral.form.is_lea:
        yield f"{referral.number}.pdf", placeholder(f"Report {referral.number}", "Invented data. The facts are in the JSON document.")
    for file in referral.files:
        if file.content is not None:
            yield file.name, file.content
    if extra:
        yield "unnamed-note.txt", f"A note that no document names, for report {referral.number}.\n".encode()


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A ZIP archive of the members, stored as they are, the same bytes every time."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content)
    return held.getvalue()


def write_world(plan: WorldPlan, folder: Path, progress: Callable[[int], None] | None = None) -> None:
    """Write ``documents/``, ``lists/*.csv``, ``networks.csv`` and ``truth.jsonl`` into ``folder``, made where missing.

    More than 5,000 documents go into numbered folders of so many each. ``progress`` is called with 1 for each document.
    Raises ``Conflict`` where the folder already holds a world.
    """
    if (folder / "truth.jsonl").exists():
        raise Conflict(f"{folder} already holds a world.", remedy="Choose another folder or remove this one.")
    world = World(plan)
    (folder / "documents").mkdir(parents=True, exist_ok=True)
    with (folder / "truth.jsonl").open("w", encoding="utf-8") as truths:
        for index in range(plan.referrals):
            document = world.document(index)
            _place(document, _shelf(folder / "documents", plan, index))
            truths.write(document.truth.as_json() + "\n")
            if progress:
                progress(1)
    write_lists(world.catalogue, folder / "lists")
    write_networks(folder / "networks.csv")


def _shelf(documents_folder: Path, plan: WorldPlan, index: int) -> Path:
    if plan.referrals <= _SHARD:
        return documents_folder
    shelf = documents_folder / f"{index // _SHARD:04d}"
    if index % _SHARD == 0:
        shelf.mkdir(exist_ok=True)
    return shelf


def _place(document: SimulatedDocument, shelf: Path) -> None:
    if isinstance(document.content, bytes):
        (shelf / document.name).write_bytes(document.content)
        return
    (shelf / document.name).mkdir()
    for name, content in document.content.items():
        (shelf / document.name / name).write_bytes(content)


def write_lists(catalogue: Catalogue, folder: Path) -> None:
    """Write each hash list as ``NAME.csv``: algorithm, value, category, source, note."""
    folder.mkdir(parents=True, exist_ok=True)
    by_name: dict[str, list[tuple[str, ...]]] = {}
    for name, row in catalogue.rows():
        by_name.setdefault(name, []).append(astuple(row))
    for name, rows in by_name.items():
        _write_rows(folder / f"{name}.csv", LIST_HEADER, rows)


def write_networks(path: Path) -> None:
    """Write which network is in which state, as the setting GRACE_NETWORKS takes it."""
    _write_rows(path, ("network", "state", "kind"), networks())


def _write_rows(path: Path, header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
