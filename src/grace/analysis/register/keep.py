"""Keep models: take one in, look at it again, and say what it may do. Verbs without a transaction of their own; the pipeline writes the ledger."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from grace.analysis.models import Inference, Model, ModelState
from grace.analysis.register.folder import Folder, looked_through
from grace.analysis.register.passport import Passport, read_passport
from grace.analysis.register.trust import signer_of
from grace.evidence import vault
from grace.evidence.errors import Tampered
from grace.kernel.clock import now
from grace.kernel.errors import Conflict, Invalid, Missing

LEAST_SHADOW = 20
"""Files or texts that a model has seen in shadow before it may be promoted."""
RUNNING = (ModelState.SHADOW, ModelState.PROMOTED)
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('analysis.model:' || %s, 0))"
_STILL = "SELECT digest, state FROM analysis_model WHERE digest = ANY(%s) AND state = ANY(%s) ORDER BY digest FOR SHARE"


@dataclass(frozen=True, slots=True)
class Kept:
    """A model as the register has it, with its passport read."""

    row: Model
    passport: Passport


def take_in(folder: Folder) -> tuple[Model, bool]:
    """Take a model in; whether it is new. Raises :class:`Refused` where nobody trusted signed it, :class:`Conflict` for another of its name and version."""
    signer = signer_of(folder.raw_passport, folder.signatures)
    _lock(folder.passport.name)
    known = Model.objects.filter(digest=folder.digest).first()
    if known:
        Model.objects.filter(id=known.id).update(signatures=folder.raw_signatures, signer=signer)
        return known, False
    if Model.objects.filter(name=folder.passport.name, version=folder.passport.version).exists():
        raise Conflict(_("Another model has this name and version."), remedy=_("Ask for a folder with a version of its own."))
    sealed = vault.seal(io.BytesIO(folder.graph))
    made = Model.objects.create(
        digest=folder.digest,
        name=folder.passport.name,
        version=folder.passport.version,
        passport=folder.raw_passport,
        signatures=folder.raw_signatures,
        signer=signer,
        graph_id=sealed.object_id,
        imported_at=now(),
    )
    return made, True


def verified(row: Model) -> Folder:
    """The model, looked through again: graph, passport and signatures as they lie in vault and table.

    Raises :class:`Refused` and :class:`Invalid` as taking it in does; a graph that is damaged or lost is :class:`Invalid` too.
    """
    try:
        graph = vault.read(row.graph_id)
    except Tampered as fault:
        raise Invalid(_("The graph is not what was kept."), remedy=_("Import the model again.")) from fault
    folder = looked_through(graph, bytes(row.passport), bytes(row.signatures))
    if folder.digest != row.digest:
        raise Invalid(_("The passport is not what was kept."), remedy=_("Import the model again."))
    signer_of(folder.raw_passport, folder.signatures)
    return folder


def one(model_id: UUID) -> Kept:
    """A model. Raises :class:`Missing`."""
    return _kept(_found(model_id))


def named(reference: str) -> Kept:
    """The model that a person means: by digest (its beginning will do), by ``NAME@VERSION``, or by a name of which there is one version."""
    name, _at, version = reference.partition("@")
    rows = Model.objects.filter(name=name, version=version) if version else Model.objects.filter(name=name)
    found = list(rows[:2]) or list(Model.objects.filter(digest__startswith=reference)[:2] if len(reference) >= 8 else ())
    if len(found) != 1:
        raise Missing(_("There is no such model, or several."), remedy=_("Name it as NAME@VERSION; grace models list shows all."))
    return _kept(found[0])


def every() -> list[Kept]:
    """All models, by name, the newest first."""
    return [_kept(row) for row in Model.objects.order_by("name", "-imported_at", "-id")]


def running() -> list[Kept]:
    """Those that run now, promoted ones first. Asked for each batch: who is stopped is not in it any more."""
    return [_kept(row) for row in Model.objects.filter(state__in=RUNNING).order_by("state", "name", "version")]


def counting() -> frozenset[str]:
    """The digests of the models whose findings count: what is promoted, and what was until a later version took its place."""
    with connection.cursor() as cursor:  # asked with each referral: as rows of objects it takes four times as long
        cursor.execute("SELECT digest FROM analysis_model WHERE state IN ('promoted', 'retired')")
        return frozenset(digest for (digest,) in cursor.fetchall())


def still(digests: Sequence[str]) -> dict[str, str]:
    """By digest the states of those that still run; held until the transaction ends, so that a stop comes wholly before or after."""
    if not digests:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_STILL, [sorted(set(digests)), [str(each) for each in RUNNING]])
        return dict(cursor.fetchall())


def begin_shadow(model_id: UUID) -> Model:
    """Let a model run beside the others, unseen. Raises :class:`Conflict` for one that runs."""
    row = _locked(model_id)
    if row.state in RUNNING:
        raise Conflict(_("This model runs already."))
    return _moved(row, ModelState.SHADOW)


def promote(model_id: UUID) -> Model:
    """Let officers see what a model says; what was promoted of its name before is retired. It was looked through again, and ran in shadow.

    Raises :class:`Conflict` for one that did not, or not on :data:`LEAST_SHADOW` files or texts.
    """
    row = _locked(model_id)
    if row.state == ModelState.PROMOTED:
        raise Conflict(_("This model is promoted already."))
    if row.state != ModelState.SHADOW:
        raise Conflict(_("A model is promoted out of a shadow run."), remedy=_("Start its shadow run first."))
    seen = shadowed(row)
    if seen < LEAST_SHADOW:
        raise Conflict(
            _("This model has seen %(seen)d files or texts in its shadow run; it needs %(least)d.") % {"seen": seen, "least": LEAST_SHADOW},
            remedy=_("Wait for more, or let it look at stored ones."),
        )
    verified(row)
    present = Model.objects.filter(name=row.name, state=ModelState.PROMOTED).first()
    if present:
        _moved(present, ModelState.RETIRED)
    row.before, row.promoted_at = present, now()
    return _moved(row, ModelState.PROMOTED)


def roll_back(name: str) -> tuple[Model, Model]:
    """Return to the model of this name that was promoted before; what the present one said no longer counts. The one that went, the one that came.

    Raises :class:`Missing` where none is promoted or none was before.
    """
    _lock(name)
    present = Model.objects.select_related("before").filter(name=name, state=ModelState.PROMOTED).first()
    if present is None or present.before is None or present.before.state != ModelState.RETIRED:
        raise Missing(_("There is no earlier model to return to."), remedy=_("Stop the present one instead."))
    verified(present.before)
    _moved(present, ModelState.STOPPED)
    present.before.promoted_at = now()
    return present, _moved(present.before, ModelState.PROMOTED)


def stop(name: str) -> list[Model]:
    """Stop all versions of a name that run, promoted or in shadow: nothing that they said counts any more. Raises :class:`Missing` where none runs."""
    _lock(name)
    rows = list(Model.objects.filter(name=name, state__in=RUNNING).order_by("digest"))
    if not rows:
        raise Missing(_("No model of this name runs."))
    return [_moved(row, ModelState.STOPPED) for row in rows]


def shadowed(row: Model) -> int:
    """How many files, and texts of referrals, a model has seen in its shadow run."""
    return Inference.objects.filter(model=row, shadow=True).values("file", "referral", "sha256").distinct().count()


def _moved(row: Model, state: ModelState) -> Model:
    row.state = state
    row.save(update_fields=["state", "before", "promoted_at"])
    return row


def _kept(row: Model) -> Kept:
    return Kept(row, read_passport(bytes(row.passport)))


def _found(model_id: UUID) -> Model:
    row = Model.objects.filter(id=model_id).first()
    if row is None:
        raise Missing(_("There is no such model."))
    return row


def _locked(model_id: UUID) -> Model:
    _lock(_found(model_id).name)
    return _found(model_id)


def _lock(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [name])
