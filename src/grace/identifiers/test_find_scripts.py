"""Hosts with letters beyond ASCII, of every script and however these are composed: in URLs, without a scheme, behind the at sign."""

import unicodedata

import pytest

from grace.identifiers import normal
from grace.identifiers.find import find
from grace.sdk.intake import Kind

URLS = {
    "https://film.björkskolan.example/lucia/2025 (bara på dator)": "https://film.björkskolan.example/lucia/2025",
    "siehe http://bäckerei-müller.example/brot, danke": "http://bäckerei-müller.example/brot",
    "www.bücherstube-köln.example!": "https://www.bücherstube-köln.example",
    "münchen-wandert.example/tour": "https://münchen-wandert.example/tour",
    "δες https://καφές.example/menu.": "https://καφές.example/menu",
    "виж https://пекарна.example/menu.": "https://пекарна.example/menu",
    "https://кружок.пример.рф/les": "https://кружок.пример.рф/les",
    "zob. https://żółw.example?x=1": "https://żółw.example?x=1",
    "hxxps://mägi[.]näide[.]example/a": "https://mägi.näide.example/a",
    "http://forêt.café.example:8080/a": "http://forêt.café.example:8080/a",
    "lásd kőműves.hu/arak": "https://kőműves.hu/arak",
    "https://är.se/x": "https://är.se/x",
    "https://shop.com.müller.intern/x": "https://shop.com.müller.intern/x",
    "vezi https://app.io.știri.example/azi": "https://app.io.știri.example/azi",
    "https://smørrebrød.example#menu": "https://smørrebrød.example#menu",
    "na https://www.žížala.example/zahrada": "https://www.žížala.example/zahrada",
    "https://example.orgです。": "https://example.org",
    "https://example.comשל\u05d5ם": "https://example.com",
    "https://example.org…": "https://example.org",
    "https://example.org→oben": "https://example.org",
}
EMAILS = {
    "mail an rolf@bäckerei.example bitte": "rolf@bäckerei.example",
    "skriv till sven@båtklubben-ö.example.": "sven@båtklubben-ö.example",
    "iva (at) včelín (dot) example": "iva@včelín.example",
    "пиши на ива@пекарна.example": "ива@пекарна.example",
    "οδός: nikos@καφές.example": "nikos@καφές.example",
    "jaan@mägi.näide.example": "jaan@mägi.näide.example",
}


def _composed(text: str, *, apart: bool) -> str:
    """The text with letters and accents together, or apart."""
    return unicodedata.normalize("NFD" if apart else "NFC", text)


def _told(text: str, kind: Kind) -> list[str]:
    return [found.normal for found in find(text) if found.kind is kind]


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize(("text", "expected"), URLS.items())
def test_a_host_in_any_script_is_read_to_its_end(text: str, expected: str, apart: bool) -> None:
    assert _told(_composed(text, apart=apart), Kind.URL) == [normal(Kind.URL, expected)]


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize(("text", "expected"), EMAILS.items())
def test_a_domain_of_a_mail_in_any_script_is_read_to_its_end(text: str, expected: str, apart: bool) -> None:
    assert _told(_composed(text, apart=apart), Kind.EMAIL) == [normal(Kind.EMAIL, expected)]
