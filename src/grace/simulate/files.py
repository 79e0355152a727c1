"""Chooses the files of a report: known, near, viral, shared by a group, or new; with their bytes where these come along."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grace.simulate.catalogue import Catalogue, Digests, digests_of, invented_digests
from grace.simulate.chance import Dice
from grace.simulate.fate import Fate
from grace.simulate.names import TEXTS
from grace.simulate.people import Capture
from grace.simulate.pictures import NEAR_VARIANTS, distance, draw, fingerprint, vary
from grace.simulate.plan import WorldPlan
from grace.simulate.referral import NamedFile
from grace.simulate.truth import FileTruth, Flaw, Reason, Standing

_MOST = 12
_CHAT_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a file shows: its bytes, if any, and its digests."""

    standing: Standing
    key: str
    digests: Digests
    content: bytes | None
    variant: str | None = None
    distance: int | None = None
    ending: str = "jpg"


class Files:
    """The files of any report of a plan."""

    def __init__(self, plan: WorldPlan, catalogue: Catalogue) -> None:
        self._plan = plan
        self._catalogue = catalogue

    def of(self, fate: Fate, upload: Capture | None) -> tuple[NamedFile, ...]:
        """The files of one report in its order; ``upload`` is the use of an address that the first of them came by."""
        dice = Dice(self._plan.seed, "files", fate.source)
        standings = self._standings(fate, dice)
        named = [
            self._named(fate, position, self._shown(fate, standing, position, dice), upload, dice)
            for position, standing in enumerate(standings)
        ]
        if named and fate.form.carries_files and not fate.flooded and dice.chance(_CHAT_SHARE):
            named.append(self._named(fate, len(named), self._chat(fate, dice), None, dice))
        return tuple(named)

    def _standings(self, fate: Fate, dice: Dice) -> list[Standing]:
        wanted: list[Standing] = []
        if fate.fresh:
            wanted.append(Standing.NEW)
        if fate.viral:
            wanted.append(Standing.VIRAL)
        if "file" in fate.linked_by:
            wanted.append(Standing.LINKED)
        drawn = dice.count(0.1 if fate.flooded else self._plan.files_per_referral, _MOST)
        return wanted + [self._standing(fate, dice) for _ in range(drawn - len(wanted))]

    def _standing(self, fate: Fate, dice: Dice) -> Standing:
        lot = dice.unit()
        if fate.flooded or fate.why is Reason.FRESH_FILE:
            return Standing.NEW
        if lot < self._plan.known_share:
            return Standing.KNOWN
        near = fate.form.carries_files and lot < self._plan.known_share + self._plan.near_share
        return Standing.NEAR if near else Standing.NEW

    def _shown(self, fate: Fate, standing: Standing, position: int, dice: Dice) -> _Shown:
        bytes_come = fate.form.carries_files
        if standing is Standing.KNOWN:
            return self._known(dice, bytes_come=bytes_come)
        if standing is Standing.NEAR:
            return self._near(fate, position, dice)
        if standing is Standing.VIRAL:
            return _seen(standing, "viral", self._catalogue.viral(), bytes_come=bytes_come)
        if standing is Standing.LINKED:
            return _seen(standing, f"group-{fate.group}", self._catalogue.shared(fate.group or 0), bytes_come=bytes_come)
        key = f"new-{fate.source}-{position}"
        if not bytes_come:
            return _Shown(standing, key, invented_digests(self._plan.seed, key), None, ending=dice.pick(("jpg", "jpg", "mp4", "png")))
        return _seen(standing, key, draw(self._plan.seed, key), bytes_come=True)

    def _known(self, dice: Dice, *, bytes_come: bool) -> _Shown:
        if not bytes_come and dice.chance(0.5):
            number = self._catalogue.popular(dice, self._catalogue.named)
            return _Shown(Standing.KNOWN, f"named-{number}", self._catalogue.named_digests(number), None, ending="mp4")
        number = self._catalogue.popular(dice, self._catalogue.pictures)
        content = self._catalogue.picture(number) if bytes_come else None
        return _Shown(Standing.KNOWN, f"listed-{number}", self._catalogue.picture_digests(number), content)

    def _near(self, fate: Fate, position: int, dice: Dice) -> _Shown:
        number = self._catalogue.popular(dice, self._catalogue.pictures)
        listed = self._catalogue.picture(number)
        variant = dice.pick(NEAR_VARIANTS)
        content = vary(listed, variant, self._plan.seed, fate.source, position)
        apart = distance(fingerprint(listed)[0], fingerprint(content)[0])
        return _Shown(Standing.NEAR, f"listed-{number}", digests_of(content), content, str(variant), apart)

    def _chat(self, fate: Fate, dice: Dice) -> _Shown:
        lines = [f"{line + 1:02d} {dice.pick(TEXTS)}" for line in range(3 + dice.below(5))]
        content = "\n".join((f"Export {fate.source}", *lines, "")).encode()
        return _Shown(Standing.NEW, f"chat-{fate.source}", digests_of(content), content, ending="txt")

    def _named(self, fate: Fate, position: int, shown: _Shown, upload: Capture | None, dice: Dice) -> NamedFile:
        name = f"{fate.provider.name.split()[-1].lower()}-{fate.source}-{position + 1}.{shown.ending}"
        truth = FileTruth(name, shown.digests.md5, shown.standing, shown.key, shown.variant, shown.content is not None, shown.distance)
        viewed = dice.pick((True, True, False, None))
        capture = None if shown.ending == "txt" else upload
        original = (
            f"IMG_{dice.below(10_000):04d}.{shown.ending}" if dice.chance(0.8) else f"Brücke über den Fluß {position + 1}.{shown.ending}"
        )
        return NamedFile(original, shown.digests, shown.content, viewed, capture, truth)


def _seen(standing: Standing, key: str, content: bytes, *, bytes_come: bool) -> _Shown:
    return _Shown(standing, key, digests_of(content), content if bytes_come else None)


def spoil(files: tuple[NamedFile, ...], flaw: Flaw | None) -> tuple[tuple[NamedFile, ...], Flaw | None]:
    """The files after the flaw, and the flaw if it could be done: it takes a new file whose bytes come along."""
    at = next((index for index, file in enumerate(files) if file.content is not None and file.truth.standing is Standing.NEW), None)
    if flaw not in {Flaw.FILE_MISSING, Flaw.FILE_CHANGED}:
        return files, flaw
    if at is None:
        return files, None
    file = files[at]
    if flaw is Flaw.FILE_MISSING:
        other = replace(file, content=None, truth=replace(file.truth, present=False))
    else:
        digests = invented_digests("changed", file.digests.md5)
        other = replace(file, digests=digests, truth=replace(file.truth, md5=digests.md5))
    return (*files[:at], other, *files[at + 1 :]), flaw
