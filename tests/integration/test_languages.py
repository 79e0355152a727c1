"""Texts in other languages: complete where there are any, and compiled as they are written."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

import grace
from grace.accounts.capabilities import LABELS, Capability

LOCALE = Path(grace.__file__).parent / "locale"
CATALOGUES = sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))
ENTRY = re.compile(
    r'^msgid "(?P<id>(?:[^"\\]|\\.)+)"\n(?:msgid_plural "(?P<plural>[^"]+)"\nmsgstr\[0\]|msgstr) "(?P<text>(?:[^"\\]|\\.)*)"', re.MULTILINE
)
PLACE = re.compile(r"%\(\w+\)[sd]")


def unquoted(text: str) -> str:
    return text.replace(r"\"", '"').replace(r"\n", "\n")


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-3])
def test_what_is_compiled_is_what_is_written(catalogue: Path) -> None:
    with catalogue.with_suffix(".mo").open("rb") as compiled:
        known = gettext.GNUTranslations(compiled)
    for entry in ENTRY.finditer(catalogue.read_text(encoding="utf-8")):
        said = known.ngettext(entry["id"], entry["plural"], 1) if entry["plural"] else known.gettext(unquoted(entry["id"]))
        assert said == unquoted(entry["text"]), f"run msgfmt for {catalogue}"


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_text_is_put_over_with_all_its_places(catalogue: Path) -> None:
    entries = list(ENTRY.finditer(catalogue.read_text(encoding="utf-8")))
    assert len(entries) > 200
    for entry in entries:
        assert entry["text"], entry["id"]
        assert sorted(PLACE.findall(entry["id"])) == sorted(PLACE.findall(entry["text"])), entry["id"]


def test_a_capability_has_its_german_name() -> None:
    with translation.override("de"):
        assert str(LABELS[Capability.READ]) == "Lesen"


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "given"), [("de-AT,de;q=0.9", "de"), ("fr", "en"), ("en-GB", "en")])
def test_a_page_says_truly_in_which_language_it_is(client: Client, asked: str, given: str) -> None:
    page = client.get("/sign-in/", headers={"Accept-Language": asked}).text
    assert f'<html lang="{given}"' in page
    assert ("Anmelden" in page) == (given == "de")
