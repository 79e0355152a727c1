"""What is answered: XML in the two forms that clients expect, and a number for each request to ask about."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from lxml import etree

from grace.intake.codes import Code

PREFIX = "/ispws/"
TYPE = "application/xml"
REQUEST_ID = "Request-ID"


def succeeded(number: int | None = None, **more: str) -> HttpResponse:
    """A ``reportResponse`` that says that all went well."""
    return _response(Code.SUCCESS, "Success", number, more)


def said(description: str) -> HttpResponse:
    """A ``reportResponse`` that says something else than that."""
    return _response(Code.SUCCESS, description, None, {})


def done(number: int, keys: Iterable[str]) -> HttpResponse:
    """A ``reportDoneResponse``: the report is taken in, with these files."""
    return _done(Code.SUCCESS, number, keys)


def refused(
    request: HttpRequest, code: Code, description: str, *, number: int | None = None, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    """A refusal in the form that the request's sender reads; one that is the protocol's own business comes with status 200."""
    if request.path_info == f"{PREFIX}finish":
        return _done(code, number or 0, (), description, status)
    return _response(code, description, number, {}, status)


def _response(code: Code, description: str, number: int | None, more: dict[str, str], status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    root = etree.Element("reportResponse")
    _put(root, responseCode=str(code.value), responseDescription=description)
    if number is not None:
        _put(root, reportId=str(number))
    _put(root, **more)
    return _written(root, status)


def _done(code: Code, number: int, keys: Iterable[str], description: str = "", status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    """The description stands last: clients that know none stop reading before it."""
    root = etree.Element("reportDoneResponse")
    _put(root, responseCode=str(code.value), reportId=str(number))
    files = etree.SubElement(root, "files")
    for key in keys:
        _put(files, fileId=key)
    if description:
        _put(root, responseDescription=description)
    return _written(root, status)


def _put(parent: etree._Element, **texts: str) -> None:
    for name, text in texts.items():
        etree.SubElement(parent, name).text = text


def _written(root: etree._Element, status: HTTPStatus) -> HttpResponse:
    body = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return HttpResponse(body, status=status, content_type=TYPE)
