"""Runs of digits that only a region could make telephone numbers: what is written as one is, what stands as a date, a version or a file is not."""

import pytest

from grace.identifiers.find import find
from grace.sdk.intake import Kind

NONE = [
    ("DE", "Habe Firmware 07.57.1.33 drauf, zurück auf 07.50.0.12 geht nicht"),
    ("DE", "Update auf 06.50.30.12 und 07.12.01.02"),
    ("FR", "Version 01.99.00.62.18 installée"),
    ("NL", "versie 020.12.34.567 staat klaar"),
    ("IT", "v. 05.11.20.31 disponibile"),
    ("IT", "3 tentativi: 04/05 11:20, 05/05 10:58, 06/05 12:31."),
    ("FR", "passages le 04/05 11:20, 05/05 10:58"),
    ("PL", "kurier 12-05 10:30, 13-05 11:45, 14-05 12:00"),
    ("ES", "04.05 11:20 05.05 10:58 06.05 12:31"),
    ("EE", "04.05 11:20; 05.05 10:58"),
    ("DK", "22/05 10:30, 23/05 11:30"),
    ("NO", "kl 10:20 22 05 10 30:15"),
    ("IT", "prelievi 2026-04.txt"),
    ("SE", "2026-04.txt 2026-05.csv"),
    ("NL", "bestand 0201234567.pdf"),
    ("DE", "034199900077.PDF"),
    ("PT", "entre 2026/04 e 2026/05"),
    ("DE", "Termin 0815-22-7. Infos folgen"),
    ("DE", "Schrauben 0341-12-3, Dübel 0815-4-12"),
    ("IT", "lotto 0508-12-4"),
    ("FR", "Lotto : 03 07 12 28 41"),
    ("FR", "résultats 02-05-11-33-48"),
    ("IT", "estratti 05 12 33 47 81"),
    ("DE", "Temperaturen: 07 08 09 11 12 10 09"),
    ("DK", "22 34 11 55 66 71 var det hele"),
    ("SE", "öppet 08-12 09-14 10-16"),
    ("DE", "ISO 0341-77-2019"),
    ("HR", "klasa 034-01/26-01/123"),
    ("SI", "odločba 012-34/2026-5"),
    ("HU", "iktatva 06-12/345/2026"),
    ("DE", "ab 07.57 1033 Stück"),
    ("DE", "x=+4934199900077"),
    ("FR", "id=0639982064"),
    ("DE", "C:\\0341 99900077\\a"),
]
TOLD = [
    ("FR", "nom=BOUVARD\nmobile=+33639982064\nip_v4=x", "+33639982064"),
    ("DE", "telefon=0341 99900077; name=Rolf", "+4934199900077"),
    ("DE", 'name="Rolf" tel="015228817386"', "+4915228817386"),
    ("PL", "msisdn=+48220000077", "+48220000077"),
    ("IT", "ma Lei chiami me: 0039 06 0000 7719. Grazie.", "+390600007719"),
    ("DE", "rufen Sie mich: 0049 341 99900077.", "+4934199900077"),
    ("FR", "dites-le moi : 0033 1 99 00 62 18, merci", "+33199006218"),
    ("BE", "Guido, 02/123.45.67 of langskomen", "+3221234567"),
    ("HU", "06 1 000 0077 hétköznap", "+3610000077"),
    ("DE", "Oma: 0341/9 99 00 77", "+493419990077"),
    ("AT", "die Werkstatt: 01/5 00 12 34", "+4315001234"),
    ("LT", "8 5 200 0077 vakare", "+37052000077"),
    ("AT", "01/234 56 78", "+4312345678"),
    ("DE", "Zentrale 0341 99900-0, abends", "+49341999000"),
    ("DE", "Zentrum 0341 99900-077", "+4934199900077"),
    ("GB", "It's 07700 900 618.Thanks", "+447700900618"),
    ("RO", "05/06 12:30, 0400 000 318", "+40400000318"),
    ("ES", "llámenos al 990 00 00 77", "+34990000077"),
]


def _phones(region: str, text: str) -> list[str]:
    return [found.normal for found in find(text, region=region) if found.kind is Kind.PHONE]


@pytest.mark.parametrize(("region", "text"), NONE)
def test_what_is_written_as_something_else_is_no_number(region: str, text: str) -> None:
    assert _phones(region, text) == []


@pytest.mark.parametrize(("region", "text", "expected"), TOLD)
def test_what_is_written_as_a_number_or_told_is_one(region: str, text: str, expected: str) -> None:
    assert _phones(region, text) == [expected]
