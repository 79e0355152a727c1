"""The door for other installations: ``/exchange/v1``. Every request is signed; no session, token or cookie opens it.

What is refused is told by a code of :data:`grace.exchange.errors.REASONS` and written down.
"""

from __future__ import annotations

import os
from http import HTTPStatus
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from grace.agencies import directory
from grace.agencies.identity import own
from grace.agencies.models import Agency
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.exchange import asking, inbox, request, spool
from grace.exchange.carrier import CHUNK
from grace.exchange.errors import Rejected
from grace.exchange.label import MOST_HEAD, read_head
from grace.exchange.models import Arrival
from grace.exchange.request import Asked
from grace.exchange.spool import OutOfStep
from grace.kernel import clock
from grace.kernel.errors import Invalid
from grace.pipeline import deconflict
from grace.pipeline.take_over import note_rejection, receive_package

MOST_PART = CHUNK
_STATUS = {"too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "replayed": HTTPStatus.CONFLICT, "differs": HTTPStatus.CONFLICT}
"""Else forbidden, with the code: a refusal that another try does not mend."""


@declares(Kind.COLLECTION)
@login_not_required
@csrf_exempt
@require_http_methods(["GET", "POST"])
def package(http: HttpRequest, package_id: UUID) -> HttpResponse:
    """GET: what is here of a package. POST with ``?at=``: the part of it that begins there, 4 MiB at most."""
    agency: UUID | None = None
    try:
        body = _body(http)
        asked = Asked(str(http.method), http.get_full_path(), own().agency, body)
        agency = request.check(asked, http.headers, clock.now()).agency_id
        return _take(agency, package_id, _at(http), body) if http.method == "POST" else _here(agency, package_id)
    except OutOfStep as fault:
        return JsonResponse({"bytes": fault.at}, status=HTTPStatus.CONFLICT)
    except Rejected as fault:
        note_rejection(fault, agency, package_id)
        return _refused(fault)


@declares(Kind.DISCLOSURE)
@login_not_required
@csrf_exempt
@require_http_methods(["POST"])
def questions(http: HttpRequest) -> HttpResponse:
    """POST: blinded questions, 32 bytes each; what they are about is not told, and so not known here."""
    try:
        body = _body(http)
        agency = _asking(http, body)
        found = deconflict.answer(agency, asking.elements_of(body))
    except Rejected as fault:
        return _refused(fault)
    except Invalid:
        return _refused(Rejected("malformed"))
    return JsonResponse(asking.told(found.evaluated, bytes(found.tags.sha256), found.tags.made_at))


@declares(Kind.DISCLOSURE)
@login_not_required
@csrf_exempt
@require_http_methods(["GET"])
def tags(http: HttpRequest, digest: str) -> HttpResponse:
    """GET: the tags in which the asking agency looks for its answers."""
    try:
        return HttpResponse(deconflict.tags_for(_asking(http, b""), digest), content_type="application/octet-stream")
    except Rejected as fault:
        return _refused(fault)


def _asking(http: HttpRequest, body: bytes) -> Agency:
    """The agency that asks, where questions may be answered to it. Raises :class:`Rejected`."""
    asked = Asked(str(http.method), http.get_full_path(), own().agency, body)
    agency_id = request.check(asked, http.headers, clock.now()).agency_id
    found = next((each.agency for each in directory.asked() if each.agency.id == agency_id), None)
    if found is None:
        raise Rejected("not-agreed")
    return found


def _here(agency: UUID, package_id: UUID) -> HttpResponse:
    found = Arrival.objects.filter(agency_id=agency, package=package_id).first()
    if found is not None:
        return JsonResponse({"receipt": found.receipt})
    return JsonResponse({"bytes": spool.held(agency, package_id)})


def _take(agency: UUID, package_id: UUID, at: int, part: bytes) -> HttpResponse:
    """Keep a part; once the package is whole, take it in and answer with the receipt."""
    if Arrival.objects.filter(agency_id=agency, package=package_id).exists():
        return _here(agency, package_id)
    with spool.appending(agency, package_id, at, part) as file:
        try:
            missing = _missing(file, agency, package_id)
            arrival = None if missing else receive_package(file)
        except Rejected:
            spool.drop(agency, package_id)
            raise
        if arrival is None:
            return JsonResponse({"bytes": at + len(part)})
        spool.drop(agency, package_id)
    return JsonResponse({"receipt": arrival.receipt}, status=HTTPStatus.CREATED)


def _missing(file: BinaryIO, agency: UUID, package_id: UUID) -> int:
    """How many bytes are still to come. Raises :class:`Rejected` as soon as the head tells that the package cannot be taken."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = read_head(file)
    file.seek(0)
    if (head.label.sender, head.label.package) != (agency, package_id):
        raise Rejected("differs")
    inbox.check_head(head, clock.now())
    inbox.receiving_unit()
    return max(0, head.length + head.label.size - size)


def _body(http: HttpRequest) -> bytes:
    length = str(http.META.get("CONTENT_LENGTH") or "0")
    if "HTTP_TRANSFER_ENCODING" in http.META or not length.isdecimal() or int(length) > MOST_PART:
        raise Rejected("too-large")
    return http.read(MOST_PART) if http.method == "POST" else b""


def _at(http: HttpRequest) -> int:
    text = http.GET.get("at", "")
    if not (text.isascii() and text.isdigit() and len(text) < 16 and int(text) <= settings.GRACE_LARGEST_PACKAGE + MOST_HEAD):
        raise Rejected("malformed")
    return int(text)


def _refused(fault: Rejected) -> HttpResponse:
    status = _STATUS.get(fault.code, HTTPStatus.FORBIDDEN)
    return JsonResponse({"code": fault.code, "detail": fault.message}, status=status)


urlpatterns = [
    path("packages/<uuid:package_id>", package, name="exchange-package"),
    path("questions", questions, name="exchange-questions"),
    path("questions/tags/<slug:digest>", tags, name="exchange-tags"),
]
