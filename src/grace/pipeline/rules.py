"""Rules change: edit, preview, publish; publishing scores the unit's open referrals anew, batch by batch, as jobs."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.names import names_of
from grace.accounts.viewer import Viewer
from grace.casework import places
from grace.casework.lanes import Figures, open_lanes
from grace.casework.models import Lane
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.intake import senders
from grace.kernel import clock
from grace.pipeline import jobs, rescore
from grace.pipeline.consult import MOST_SUBJECTS, consult, query_digest, refusals_told
from grace.priority import publish, two_people
from grace.priority.models import OneAlone, RuleSet
from grace.priority.preview import MOST_PREVIEWED, Preview, preview
from grace.priority.rule_files import read_file, written


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit's rules: what is in force, the draft if there is one, all versions, newest first, and the names of who edited and published them.

    ``left`` open referrals still stand where another version put them. ``alone`` is what was said of one who publishes alone, ``needs_two``
    whether somebody else than the viewer may publish. ``lanes`` are the open bulk lanes, ``senders`` those for which one could be opened.
    """

    published: RuleSet
    draft: RuleSet | None
    versions: list[RuleSet]
    names: dict[str, str]
    left: int
    alone: OneAlone | None
    needs_two: bool
    lanes: list[tuple[Lane, Figures]]
    senders: list[tuple[UUID, str]]


def standing(viewer: Viewer) -> Standing:
    """The rules of the viewer's unit; a unit without any gets the base rules here."""

    def read() -> list[RuleSet]:
        publish.in_force(viewer.unit_id, clock.now())
        return publish.versions(viewer)

    found = consult(viewer, "rules.read", read, lambda rules: [f"rules:{rules[0].id}"])
    reads = viewer.may(Capability.READ)
    by_state = {each.state: each for each in found if each.state != RuleSet.State.RETIRED}
    return Standing(
        published=by_state[RuleSet.State.PUBLISHED],
        draft=by_state.get(RuleSet.State.DRAFT),
        versions=found,
        names=names_of(who for each in found for who in (each.edited_by, each.published_by) if who),
        left=rescore.left(viewer.unit_id) if jobs.rescores(viewer.unit_id) else 0,
        alone=two_people.alone_in(viewer.unit_id),
        needs_two=two_people.others_who_may(viewer),
        lanes=open_lanes(viewer) if reads else [],
        senders=senders.of_unit(viewer) if reads and viewer.may(Capability.MANAGE_LANES) else [],
    )


def edit_rules(viewer: Viewer, body: object, note: str, *, seen: str | None = None) -> RuleSet:
    """Make or change the unit's draft. Raises ``Invalid`` with all faults, ``Conflict`` where the draft is not the one ``seen``."""
    with refusals_told(viewer, "rules.edit"), transaction.atomic():
        draft = publish.edit(viewer, body, note, clock.now(), seen=seen)
        ledger.record(_line(viewer, "rules.edit", draft))
        return draft


def import_rules(viewer: Viewer, raw: bytes, *, seen: str | None = None) -> RuleSet:
    """Make a draft of a file of another unit or agency: it is looked at, previewed and published like any other."""
    with refusals_told(viewer, "rules.import"), transaction.atomic():
        viewer.require(Capability.EDIT_RULES)
        found = read_file(raw)
        note = _("from the file “%(title)s”") % {"title": found.title} + (f": {found.note}" if found.note else "")
        draft = publish.edit(viewer, found.body, " ".join(note.split())[: publish.MOST_NOTE], clock.now(), seen=seen)
        ledger.record(_line(viewer, "rules.import", draft, file=sha256(raw).hexdigest()))
        return draft


def export_rules(viewer: Viewer, number: int | None = None) -> tuple[RuleSet, str]:
    """A version, or the one in force, as a file that another unit or agency can import."""

    def read() -> tuple[RuleSet, str]:
        in_force = publish.in_force(viewer.unit_id, clock.now())
        found = publish.version(viewer, number or in_force.number)
        title = _("Rules, version %(number)d") % {"number": found.number}
        return found, written(found, title, clock.now())

    return consult(viewer, "rules.export", read, lambda told: [f"rules:{told[0].id}"])


def discard_draft(viewer: Viewer) -> RuleSet:
    """Give the draft up; it stays among the versions."""
    with refusals_told(viewer, "rules.discard"), transaction.atomic():
        draft = publish.discard(viewer)
        ledger.record(_line(viewer, "rules.discard", draft))
        return draft


def roll_back(viewer: Viewer, number: int, *, seen: str | None = None) -> RuleSet:
    """Make a draft of an earlier version, to be previewed and published like any other: history is never rewritten."""
    with refusals_told(viewer, "rules.edit"), transaction.atomic():
        old = publish.version(viewer, number)
        note = _("back to version %(number)d") % {"number": number}
        draft = publish.edit(viewer, old.body, note, clock.now(), seen=seen)
        ledger.record(_line(viewer, "rules.edit", draft, like=str(number)))
        return draft


def preview_rules(viewer: Viewer, body: object) -> Preview:
    """What the body would do to the top of the present queue; stores nothing. Referrals are read for it: a consultation."""
    return consult(
        viewer,
        "rules.preview",
        lambda: preview(viewer, body, places.open_referrals(viewer.unit_id, most=MOST_PREVIEWED)),
        lambda found: (f"referral:{each.referral_id}" for each in found.changes[:MOST_SUBJECTS]),
        body=query_digest(body),
    )


def publish_rules(viewer: Viewer, number: int, *, seen: str | None = None) -> RuleSet:
    """Put a draft in force; the open referrals are scored anew by jobs that follow in the same transaction."""
    with refusals_told(viewer, "rules.publish"), transaction.atomic():
        published = publish.publish(viewer, number, clock.now(), seen=seen)
        ledger.record(_line(viewer, "rules.publish", published, **({"people": "1"} if published.alone_because else {})))
        jobs.rescore_unit(viewer.unit_id)
        return published


def back_to_base(viewer: Viewer, reason: str) -> RuleSet:
    """The kill switch: the base rules are in force when this returns, and the queue follows by the same jobs."""
    with refusals_told(viewer, "rules.base"), transaction.atomic():
        published = publish.back_to_base(viewer, reason, clock.now())
        ledger.record(_line(viewer, "rules.base", published))
        jobs.rescore_unit(viewer.unit_id)
        return published


def let_one_publish(viewer: Viewer, reason: str) -> OneAlone:
    """Say why in this unit one alone may publish."""
    with refusals_told(viewer, "rules.one-alone"), transaction.atomic():
        alone = two_people.allow_one(viewer, reason, clock.now())
        ledger.record(_unit_line(viewer, "on"))
        return alone


def let_two_publish(viewer: Viewer) -> None:
    """Take that back."""
    with refusals_told(viewer, "rules.one-alone"), transaction.atomic():
        if two_people.demand_two_again(viewer):
            ledger.record(_unit_line(viewer, "off"))


def _unit_line(viewer: Viewer, state: str) -> Line:
    return Line(Kind.ALTERATION, "rules.one-alone", viewer.actor, viewer.purpose, (f"unit:{viewer.unit_id}",), {"state": state})


def _line(viewer: Viewer, act: str, rules: RuleSet, **detail: str) -> Line:
    return Line(
        kind=Kind.ALTERATION,
        act=act,
        actor=viewer.actor,
        purpose=viewer.purpose,
        subjects=(f"rules:{rules.id}",),
        detail={"number": str(rules.number), "body": query_digest(rules.body), **detail},
    )
