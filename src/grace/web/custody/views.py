"""The ledger for auditors: pages of entries, one entry with its proof, the export, the verifier."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer, viewer_of
from grace.custody import ledger
from grace.custody.declare import declares, nothing_personal
from grace.custody.kinds import Kind
from grace.kernel import clock
from grace.kernel.errors import Invalid, Missing
from grace.pipeline import audit
from grace.web.custody.words import KINDS

MOST_SUBJECTS = 3
"""Subjects of an entry that the list shows; the entry's own page shows all."""


@declares(Kind.CONSULTATION)
@require_safe
def custody(request: HttpRequest) -> HttpResponse:
    """Entries, newest first, and how the ledger stands. Reading them is itself an entry."""
    return _page(request, viewer_of(request))


@declares(Kind.CONSULTATION)
@require_safe
def ledger_entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One entry, whole, and the proof that it is in the tree."""
    found = audit.entry(viewer_of(request), entry_id)
    page = {"entry": found.entry, "kind": KINDS[Kind(found.entry.kind)], "proof": found.proof, "name": found.name}
    if found.proof:
        page |= {"leaf": found.proof.digest.hex(), "path": [each.hex() for each in found.proof.path]}
    return render(request, "custody/entry.html", page)


@declares(Kind.DISCLOSURE)
@require_POST
def export_ledger(request: HttpRequest) -> FileResponse | HttpResponse:
    """The whole ledger as one signed file, for a named recipient; the last entry in it tells of this export."""
    viewer, typed = viewer_of(request), request.POST
    try:
        with ExitStack() as on_failure:
            file = on_failure.enter_context(tempfile.TemporaryFile(prefix="grace-export-"))
            audit.export(viewer, file, recipient=typed.get("recipient", "").strip(), purpose=typed.get("purpose", "").strip())
            on_failure.pop_all()  # from here on the response reads it to its end and closes it
    except Invalid as refused:
        return _page(request, viewer, refused=refused, typed=typed, status=400)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"ledger-{clock.now():%Y-%m-%d-%H%M}.jsonl", content_type="application/jsonl")


@nothing_personal
@require_safe
def verifier(request: HttpRequest) -> FileResponse:
    """The program that verifies an export offline."""
    viewer_of(request).require(Capability.AUDIT)
    program = files("grace.custody").joinpath("verify_ledger.py").open("rb")
    return FileResponse(program, as_attachment=True, filename="verify_ledger.py", content_type="text/x-python")


def _page(request: HttpRequest, viewer: Viewer, *, status: int = 200, **more: Any) -> HttpResponse:
    kept = {name: request.GET.get(name, "").strip() for name in ("kind", "actor", "subject")}
    found = audit.entries(
        viewer,
        kind=_kind(kept["kind"]),
        actor=kept["actor"] or None,
        subject=kept["subject"] or None,
        before=_key(request.GET.get("before", "")),
    )
    page = {
        "rows": [_row(each, found.names) for each in found.entries],
        "older": urlencode({**{k: v for k, v in kept.items() if v}, "before": str(found.after)}) if found.after else "",
        "is_first": "before" not in request.GET,
        "kept": kept,
        "filtered": any(kept.values()),
        "kinds": KINDS.items(),
        "state": found.state,
        "public_key": ledger.public_pem().decode(),
        **more,
    }
    return render(request, "custody/page.html", page, status=status)


def _row(entry: ledger.EntryRow, names: dict[str, str]) -> dict[str, Any]:
    return {
        "entry": entry,
        "kind": KINDS[Kind(entry.kind)],
        "who": names.get(entry.actor, entry.actor),
        "subjects": entry.subjects[:MOST_SUBJECTS],
        "more": max(0, len(entry.subjects) - MOST_SUBJECTS),
    }


def _kind(word: str) -> Kind | None:
    if word and word not in set(Kind):
        raise Missing(_("There is no such kind of entry."))
    return Kind(word) if word else None


def _key(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as fault:
        raise Missing(_("There is no such page."), remedy=_("Start again at the newest entry.")) from fault
