"""Links in words: what is shared, by how many, how strong that is, who says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from grace.casework.queue import Row
from grace.links.linked import Link, Why
from grace.links.lookalikes import Lookalike
from grace.links.weights import weights
from grace.pipeline.links import LinksPage, Way
from grace.web import words
from grace.web.links.layout import Spot, around
from grace.web.referral.persons import KINDS as IDENTIFIERS

KINDS: Mapping[str, Promise] = {
    **IDENTIFIERS,
    "file": gettext_lazy("file"),
    "look": gettext_lazy("files that look alike"),
    "number": gettext_lazy("report number"),
    "duplicate": gettext_lazy("duplicate"),
    "bundle": gettext_lazy("bundle"),
}
ACTS: Mapping[str, Promise] = {
    "withdrawn": gettext_lazy("Withdraw"),
    "confirmed": gettext_lazy("Confirm"),
    "cut": gettext_lazy("Cut"),
}
_HALF = 0.5
MOST_BARS = 24


@dataclass(frozen=True, slots=True)
class WhyShown:
    """One thing that two referrals share. ``text`` is empty while it is covered, and for what has no text (``has_text``)."""

    kind: Promise | str
    text: str
    has_text: bool
    says: str
    percent: int
    basis: str
    since: datetime | None
    in_text: bool
    alike: Lookalike | None


@dataclass(frozen=True, slots=True)
class LinkShown:
    """One link: the other referral, how strong, why; ``shape`` is how its line is drawn, ``spot`` where the other stands."""

    link: Link
    row: Row
    title: str
    address: str
    links_address: str
    judge_address: str
    strength: str
    percent: int
    shape: str
    whys: list[WhyShown]
    short: str
    spot: Spot

    @property
    def acts(self) -> list[tuple[str, Promise]]:
        """What an officer may say of it now."""
        standing = "withdrawn" if self.link.is_cut or self.link.is_confirmed else ""
        present = self.link.said.says if self.link.said and standing else ""
        return [(says, label) for says, label in ACTS.items() if says != present and (says != "withdrawn" or standing)]


@dataclass(frozen=True, slots=True)
class Bar:
    """The links of one month: how many, how high, from when to when."""

    first: date
    end: date
    number: int
    height: int
    chosen: bool

    @property
    def less(self) -> int:
        """The height, below nothing: for a drawing that counts from the top."""
        return -self.height


def links(page: LinksPage) -> list[LinkShown]:
    """The links of a page with their places in the drawing; one whose referral is in no queue is left out."""
    told = [each for each in page.hop.links if each.other in page.rows]
    spots = around([_weight(each) for each in told])
    return [_shown(each, page.rows[each.other], spot, uncovered=page.uncovered) for each, spot in zip(told, spots, strict=True)]


def steps(way: Way) -> Iterator[LinkShown]:
    """The links of a way, in their order; never a value."""
    for each in way.links or ():
        yield _shown(each, way.rows[each.other], Spot(0, 0, "start"), uncovered=False)


def _weight(link: Link) -> float:
    return 0.0 if link.is_cut else 1.0 if link.is_confirmed else link.strength


def _shown(link: Link, row: Row, spot: Spot, *, uncovered: bool) -> LinkShown:
    whys = [_why(each, uncovered=uncovered) for each in link.whys]
    strength, shape = _strength(link)
    return LinkShown(
        link=link,
        row=row,
        title=words.title(row.incident_kind, row.summary),
        address=reverse("referral", args=[link.other]),
        links_address=reverse("links", args=[link.other]),
        judge_address=reverse("judge-link", args=[link.one, link.other]),
        strength=strength,
        percent=int(100 * link.strength),
        shape=shape,
        whys=whys,
        short=", ".join(dict.fromkeys(str(each.kind) for each in whys)),
        spot=spot,
    )


def _strength(link: Link) -> tuple[str, str]:
    """In a word, and the shape of the line: three strengths, what an officer confirmed, what one cut."""
    if link.is_cut:
        return _("cut"), "cut"
    if link.is_confirmed:
        return _("confirmed"), "sure"
    if link.odds >= weights().linked:
        return _("strong"), "strong"
    return (_("likely"), "likely") if link.strength >= _HALF else (_("possible"), "faint")


def _why(why: Why, *, uncovered: bool) -> WhyShown:
    number = why.shared_by
    says = ngettext("in %(n)s referral", "in %(n)s referrals", number) % {"n": words.grouped(number)}
    has_text = why.kind in IDENTIFIERS
    return WhyShown(
        KINDS.get(why.kind, why.kind),
        why.text if uncovered else "",
        has_text,
        says,
        int(100 * why.strength),
        why.basis,
        why.since,
        why.in_text,
        why.alike,
    )


def bars(times: Sequence[datetime], since: date | None, until: date | None) -> list[Bar]:
    """The links by the month in which the other referral came; the newest months where they are many."""
    counts = Counter(date(each.astimezone(UTC).year, each.astimezone(UTC).month, 1) for each in times)
    if not counts:
        return []
    months = [min(counts)]
    while months[-1] < max(counts):
        months.append(_next(months[-1]))
    highest = max(counts.values())
    found = []
    for month in months[-MOST_BARS:]:
        end = _next(month)
        chosen = (since is None or since < end) and (until is None or until >= month)
        height = 0 if not counts[month] else max(4, round(40 * counts[month] / highest))
        found.append(Bar(month, end - timedelta(days=1), counts[month], height, chosen))
    return found


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
