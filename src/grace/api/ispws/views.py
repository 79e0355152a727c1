"""The seven requests of the interface, one of our own, and one answer for every other address."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from grace.accounts.whence import address_of
from grace.api.ispws.answers import TYPE, done, refused, said, succeeded
from grace.api.ispws.bodies import Upload, id_of, xml_of
from grace.api.ispws.doors import ASKED, door
from grace.custody.declare import declares, nothing_personal
from grace.custody.kinds import Kind
from grace.intake.codes import Code
from grace.intake.credentials import Caller
from grace.intake.formats.cybertipline.xsd import schema_of
from grace.pipeline import feedback as telling
from grace.pipeline import reporting


@door("GET")
@nothing_personal
def status(request: HttpRequest, caller: Caller) -> HttpResponse:
    """That the sender is let in, under which login and from where."""
    return said(f"GRACE at {settings.GRACE_REPORTING_NAME}. Remote User : {caller.login}, Remote Ip : {address_of(request)}")


@door("GET")
@nothing_personal
def xsd(_request: HttpRequest, _caller: Caller) -> HttpResponse:
    """Our schema."""
    return HttpResponse(schema_of(settings.GRACE_REPORTING_NAME), content_type=TYPE)


@door("POST")
@declares(Kind.COLLECTION)
def submit(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Open a report; the body is one ``report``."""
    return succeeded(reporting.submit(caller, xml_of(request)))


@door("POST")
@declares(Kind.COLLECTION)
def upload(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Add a file; a multipart form with ``id`` and ``file``."""
    coming = Upload(request)
    request.META[ASKED] = coming.number
    file = reporting.upload(caller, coming.number, coming.name, coming.stream, coming.rest)
    return succeeded(file.number, fileId=file.key, hash=file.md5)


@door("POST")
@declares(Kind.COLLECTION)
def fileinfo(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Say more of a file; the body is one ``fileDetails``."""
    return succeeded(reporting.describe(caller, xml_of(request)))


@door("POST")
@declares(Kind.COLLECTION)
def finish(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Take the report in; a form with ``id``."""
    number = _asked(request)
    return done(number, reporting.finish(caller, number))


@door("POST")
@declares(Kind.ERASURE)
def retract(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Erase a report that is not finished; a form with ``id``."""
    number = _asked(request)
    reporting.retract(caller, number)
    return succeeded(number)


@door("GET")
@declares(Kind.DISCLOSURE)
def feedback(request: HttpRequest, caller: Caller) -> HttpResponse:
    """What a finished report of the sender's own lacked, as JSON: an extension of ours, named in no other interface."""
    number = int(request.resolver_match.kwargs["number"]) if request.resolver_match else 0
    told = telling.of_own_report(caller, number)
    return JsonResponse({"reportId": number, "read": bool(told), "reports": [telling.as_json(each) for each in told]})


@door("")
@nothing_personal
def unknown(request: HttpRequest, _caller: Caller) -> HttpResponse:
    """Whatever else is asked for."""
    return refused(request, Code.RESOURCE_NOT_FOUND, "There is nothing at this address.", status=HTTPStatus.NOT_FOUND)


def _asked(request: HttpRequest) -> int:
    """The number in the form, which a refusal then names too."""
    number = request.META[ASKED] = id_of(request)
    return number
