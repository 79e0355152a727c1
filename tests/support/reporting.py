"""A provider that reports over ``/ispws``, as its software does: requests with Basic authentication, answers read as XML."""

from __future__ import annotations

import base64
import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import etree

from grace.accounts.models import Unit
from grace.accounts.viewer import operator
from grace.intake.models import SenderLogin
from grace.pipeline import senders

_COUNT = itertools.count(1)

SUMMARY = (
    "<incidentSummary><incidentType>Misleading Domain Name</incidentType><platform>Chat Example</platform>"
    "<incidentDateTime>2026-03-01T08:00:00Z</incidentDateTime></incidentSummary>"
)
REPORTER = "<reporter><reportingPerson><firstName>Ada</firstName><email>trust@chat.example.com</email></reportingPerson></reporter>"
PERSON = (
    "<personOrUserReported><espIdentifier>u-1</espIdentifier><ipCaptureEvent><ipAddress>192.0.2.7</ipAddress><eventName>Login</eventName>"
    "<dateTime>2026-03-01T07:59:00Z</dateTime><port>51600</port></ipCaptureEvent></personOrUserReported>"
)
REPORT = f"<report>{SUMMARY}{REPORTER}{PERSON}</report>"


def details(number: int, key: str, inside: str = "<originalFileName>card.txt</originalFileName>") -> str:
    """A document about a file."""
    return f"<fileDetails><reportId>{number}</reportId><fileId>{key}</fileId>{inside}</fileDetails>"


@dataclass(frozen=True)
class Answer:
    """What came back: the HTTP answer, and its XML where it holds some."""

    http: Any

    @property
    def root(self) -> etree._Element:
        return etree.fromstring(self.http.content)

    def text(self, name: str) -> str | None:
        return self.root.findtext(f".//{name}")

    @property
    def code(self) -> int:
        assert self.http.headers["Request-ID"]
        assert self.http.headers["Content-Type"] == "application/xml"
        return int(self.text("responseCode") or "-1")

    @property
    def number(self) -> int:
        return int(self.text("reportId") or "0")

    @property
    def said(self) -> str:
        return self.text("responseDescription") or ""


@dataclass(frozen=True)
class Provider:
    """One login of a sender and the secret that it uses."""

    login: SenderLogin
    secret: str
    client: Client

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": "Basic " + base64.b64encode(f"{self.login.name}:{self.secret}".encode()).decode()}

    def get(self, path: str) -> Answer:
        return Answer(self.client.get(f"/ispws/{path}", headers=self.headers))

    def post(self, path: str, body: str | bytes, content_type: str = "text/xml; charset=utf-8") -> Answer:
        return Answer(self.client.post(f"/ispws/{path}", body, content_type=content_type, headers=self.headers))

    def form(self, path: str, **fields: Any) -> Answer:
        """A multipart form, its fields in this order."""
        return Answer(self.client.post(f"/ispws/{path}", fields, headers=self.headers))

    def ask(self, path: str, number: int | str) -> Answer:
        """A urlencoded form that names a report."""
        return self.post(path, f"id={number}", "application/x-www-form-urlencoded")

    def open(self, report: str = REPORT) -> int:
        answer = self.post("submit", report)
        assert answer.code == 0, answer.said
        return answer.number

    def upload(self, number: int, content: bytes = b"Hello world", name: str = "card.txt") -> str:
        answer = self.form("upload", id=number, file=SimpleUploadedFile(name, content))
        assert answer.code == 0, answer.said
        return answer.text("fileId") or ""

    def finish(self, number: int) -> Answer:
        return self.ask("finish", number)


def provider(unit: Unit, sender: str = "Chat Example", lasts: timedelta = timedelta(days=30)) -> Provider:
    """A provider with a login of its own at the unit."""
    login = senders.add_login(operator(), f"login-{next(_COUNT)}", sender, unit)
    _, word = senders.add_secret(operator(), login, lasts)
    return Provider(login, word, Client(enforce_csrf_checks=True))
