"""Load a hash list from a file of any form and any length."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from grace.kernel.errors import Conflict, Invalid, Refused
from grace.matching.change import BATCH, Change
from grace.matching.digests import LENGTHS
from grace.matching.formats.item import Fault, Gone, Item, Passed, Told
from grace.matching.formats.registry import AUTO, Format, Source, format_of
from grace.matching.formats.vics import Reading
from grace.matching.formats.vics_categories import Means, scales
from grace.matching.meaning import Meaning
from grace.matching.models import Entry, HashList

MOST_FAULTS_TOLD = 1000
MOST_REASONS = 50
ADD, FULL = "add", "full"
MODES = (ADD, FULL)
MOST_REMOVED = 0.2
"""The share of a list that a full load may take out unless it is told otherwise."""
NOISY = 5000
"""Referrals within a week that an entry of a new alert list may match before it is set aside; each list may say otherwise."""
ZEROS = (Means.UNCATEGORISED, Means.NOT_PERTINENT, Means.LISTED)


@dataclass(frozen=True, slots=True)
class How:
    """How a file is read.

    Its form (``auto`` tells by its content); ``add`` to the list or ``full``, which takes out what the file does not name;
    what a list that is made means (empty: what its form says); which VICS scale (empty: what the file says) and what 0
    means there; which algorithms (empty: all); the largest share of the list that may go;
    how the video is called, for a form that is one video and does not say.
    """

    format: str = AUTO
    mode: str = ADD
    meaning: str = ""
    scale: str = ""
    zero: str = ""
    only: frozenset[str] = frozenset()
    most_removed: float = MOST_REMOVED
    video: str = ""

    def check(self) -> None:
        """Raise :class:`Invalid` for a word that there is not."""
        for said, known in ((self.mode, MODES), (self.meaning, ("", *Meaning)), (self.zero, ("", *ZEROS))):
            if said not in known:
                raise Invalid(_("“%(word)s” is none of %(known)s.") % {"word": said[:40], "known": ", ".join(filter(None, known))})
        if not self.only <= LENGTHS.keys():
            raise Invalid(_("There is no such algorithm."), remedy=_("Known are: %(all)s.") % {"all": ", ".join(LENGTHS)})
        if not 0 <= self.most_removed <= 1:
            raise Invalid(_("A share is a number from 0 to 1."))


PLAINLY = How()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did, in entries.

    ``known`` were there already (a repetition within the file too), ``changed`` say something else now, ``removed`` left
    the list. ``refused`` counts faults, ``left_out`` records that were passed over on purpose,
    by reason. ``videos`` counts the listed videos that came, changed or left. ``kept`` tells that a full load removed nothing, because not
    all of the file could be read. What was added are the entries of the list above the one with the id ``above``.
    """

    list_id: UUID
    format: str
    added: int
    changed: int
    known: int
    removed: int
    refused: int
    left_out: dict[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    kept: bool = False
    content: str = ""
    videos: int = 0
    above: int = 0

    @property
    def lines(self) -> int:
        """All lines that were not empty."""
        return self.added + self.changed + self.known + self.refused


class _Tally:
    """Counts while tellings stream by."""

    def __init__(self) -> None:
        self.refused = 0
        self.faults: list[Fault] = []
        self.left_out: dict[str, int] = {}
        self.read = 0

    def refuse(self, fault: Fault) -> None:
        self.refused += 1
        if len(self.faults) < MOST_FAULTS_TOLD:
            self.faults.append(fault)

    def leave_out(self, why: str) -> None:
        if why in self.left_out or len(self.left_out) < MOST_REASONS:
            self.left_out[why] = self.left_out.get(why, 0) + 1
        else:
            self.left_out[""] = self.left_out.get("", 0) + 1


def load(
    stream: BinaryIO,
    name: str,
    *,
    source: str,
    default_category: str = "",
    unit_id: UUID | None = None,
    how: How = PLAINLY,
    by: str = "system:lists",
    progress: Callable[[int], None] = lambda _read: None,
) -> Loaded:
    """Read a file from ``stream``, which must be able to seek, into the list ``name``, made where it is missing.

    ``progress`` is told the number of lines or records read so far. Faults are counted and told, the rest is loaded; the
    same file loaded again changes nothing. Raises :class:`Invalid` for a file of no known form, or one that breaks off, and
    :class:`Conflict` where the name belongs to a list of another unit, or a full load would take out too much, and :class:`Refused`
    for an own list.
    """
    how.check()
    content = Source(stream)
    chosen = format_of(how.format, content.head())
    hash_list = list_to_fill(name, source, default_category, unit_id, meaning=how.meaning or chosen.meanings[0])
    _check_meaning(hash_list, how, chosen)
    if hash_list.is_own:  # whoever loads it: no file gets past the second officer
        raise Refused(_("This list is your own: two officers put each entry on it."), remedy=_("Propose entries, or load another list."))
    reading = Reading(scales(settings.GRACE_VICS_CATEGORIES), how.scale, how.zero, Meaning(hash_list.meaning), how.video.strip())
    change = Change(hash_list, by, "full-load" if how.mode == FULL else "taken-back", is_whole=chosen.is_whole, is_full=how.mode == FULL)
    tally, above = _Tally(), _newest(hash_list)
    default = hash_list.default_category or chosen.category
    for told in _chosen(chosen.read(content, reading), how.only, default):
        _apply(change, tally, told)
        tally.read += 1
        if tally.read % BATCH == 0:
            progress(tally.read)
    content.drain()
    counts = change.finish(how.most_removed, may_remove=not tally.refused)
    progress(tally.read)
    added = sum(counts.added.values())
    return Loaded(
        list_id=hash_list.id,
        format=chosen.name,
        added=added,
        changed=counts.changed,
        known=counts.told - added - counts.changed,
        removed=sum(counts.removed.values()),
        refused=tally.refused,
        left_out=tally.left_out,
        faults=tuple(tally.faults),
        kept=how.mode == FULL and tally.refused > 0,
        content=content.digest.hexdigest(),
        videos=counts.videos,
        above=above,
    )


def list_to_fill(name: str, source: str, default_category: str, unit_id: UUID | None, *, meaning: str = Meaning.ALERT) -> HashList:
    """The list of this name, made where it is missing, and locked: two changes of one list follow each other."""
    if not name.strip() or not source.strip():
        raise Invalid(_("A list needs a name and a source."), remedy=_("Say where the list comes from."))
    if not (name + source + default_category).isprintable():
        raise Invalid(_("A name, source or category holds a character that cannot be shown."), remedy=_("Type it anew."))
    made = HashList(name=name.strip(), source=source.strip(), default_category=default_category.strip(), unit_id=unit_id)
    made.meaning = Meaning(meaning)
    made.noisy_referrals = NOISY if made.meaning == Meaning.ALERT else None
    HashList.objects.bulk_create([made], ignore_conflicts=True)
    hash_list = HashList.objects.select_for_update().get(name=name.strip())
    if hash_list.unit_id != unit_id:
        raise Conflict(_("A list of this name serves another unit."), remedy=_("Choose another name."))
    return hash_list


def _newest(hash_list: HashList) -> int:
    """The id of the newest entry of a locked list, 0 where it holds none."""
    walks = (Entry.objects.filter(hash_list=hash_list, algorithm=each.algorithm) for each in hash_list.coverage.all())
    return max((each.order_by("-id").values_list("id", flat=True).first() or 0 for each in walks), default=0)


def _check_meaning(hash_list: HashList, how: How, chosen: Format) -> None:
    """Files of published software never get onto a list of alerts, nor alerts onto one of known files, by a wrong name."""
    if how.meaning and how.meaning != hash_list.meaning:
        raise Conflict(
            _("The list exists and means something else: %(meaning)s.") % {"meaning": hash_list.meaning},
            remedy=_("Choose another name, or leave the meaning out."),
        )
    if hash_list.meaning not in chosen.meanings:
        raise Conflict(
            _("A file of the form %(form)s does not belong on a list of this meaning: %(meaning)s.")
            % {"form": chosen.label, "meaning": hash_list.meaning},
            remedy=_("Choose the name of a new list."),
        )


def _chosen(tellings: Iterable[Told], only: frozenset[str], default: str) -> Iterator[Told]:
    """What is told, with the list's category where it has none, and of the wanted algorithms."""
    for told in tellings:
        if not isinstance(told, Item):
            yield told
            continue
        digests = tuple(digest for digest in told.digests if digest[0] in only) if only else told.digests
        category = told.category or default
        if not digests:
            yield Passed(told.number, _("no hash of the algorithms that were asked for"))
        elif not category:
            yield Fault(told.number, _("no category, and the list has no default"))
        else:
            yield replace(told, digests=digests, category=category)


def _apply(change: Change, tally: _Tally, told: Told) -> None:
    match told:
        case Item():
            change.add(told)
        case Gone():
            change.take_back(told)
        case Passed():
            tally.leave_out(told.why)
        case Fault():
            tally.refuse(told)
