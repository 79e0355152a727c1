"""Numbers in lists of contacts, and what is no number, no mail and no version: receipts, dates with blanks, identifiers of messages, look-ups."""

import pytest

from grace.identifiers.find import find
from grace.sdk.intake import Kind

TOLD = [
    ("NL", "Mirte | 06 00000012 | m@kamp.example\nJob | 0600000019 | j@kamp.example", "+31600000012 +31600000019"),
    ("FR", "Contacts : « Tonton » 06.39.98.03.37 ; « Prof » 0639980338", "+33639980337 +33639980338"),
    ("SE", "Plats,Kontakt\nStuga 4,+46 31 390 06 90\nStuga 6,08-465 004 20", "+46313900690 +46846500420"),
    ("DE", "Platz;Kontakt\nHütte 4;0341 99900-12\nHütte 6;(030) 23125 014", "+493419990012 +493023125014"),
    ("HU", "Telefon: a nagymamáé. Kitöltve 2025. 11. 28., 12:10:00.", ""),
    ("HU", "Telefon nincs, 2025. 12. 01. 10:15", ""),
    ("IT", "Reso entro 30 gg. Scontrino 0118-0047 del 29-11-2025", ""),
    ("PL", "Wpłata wstrzymana dnia 01.12.2025 o 10:15:33. Nr 77-3310-4.", ""),
    ("PL", "Paragon 0118-0047-22", ""),
    ("DE", "Kassenbon 0118-004722", ""),
    ("FR", "Reçu 01 18 00 47 22", ""),
    ("ES", "Recibo 911 800 472", ""),
    ("NL", "Bonnetje 020-1180047", ""),
    ("SE", "Kvitto 08-118 004 72", ""),
    ("DK", "Kvittering 31 18 00 47", ""),
    ("FI", "Kuitti 09 118 0047", ""),
    ("CZ", "Účtenka 601 180 047", ""),
    ("HU", "Nyugta 06 1 118 0047", ""),
    ("PT", "Talão 211 180 047", ""),
    ("GB", "Order 0698765432, order 0698765433", ""),
]
MAILS = [
    ("Message-ID: <CAF8k2=91bd7e@mx4.kite.example>", ""),
    ("References: <a1=b2c3@mx.kite.example> <CAF=99d@mx.kite.example>", ""),
    ("In-Reply-To: <x=1f2e3d@mx.kite.example>\nFrom: ann@kite.example", "ann@kite.example"),
    ("mail=ann@kite.example", "ann@kite.example"),
    ("see ?to=ann@kite.example", "ann@kite.example"),
]
ADDRESSES = [
    ("$ dig +short A kite.example\n192.0.2.66\n$ dig +short AAAA kite.example\n2001:db8:66::66", "192.0.2.66 2001:db8:66::66"),
    ("$ dig +short kite.example\n192.0.2.66\n198.51.100.7\n$ exit", "192.0.2.66 198.51.100.7"),
    ("> host kite.example\nkite.example has address 203.0.113.8\n$ date", "203.0.113.8"),
    ("paid 192.0 $", ""),
]


def _found(text: str, kind: Kind, region: str | None = None) -> list[str]:
    return sorted(hit.normal for hit in find(text, region=region) if hit.kind is kind)


@pytest.mark.parametrize(("region", "text", "expected"), TOLD)
def test_numbers_of_a_list_of_contacts(region: str, text: str, expected: str) -> None:
    assert _found(text, Kind.PHONE, region) == sorted(expected.split())


@pytest.mark.parametrize(("text", "expected"), MAILS)
def test_a_message_s_identifier_is_no_address(text: str, expected: str) -> None:
    assert _found(text, Kind.EMAIL) == sorted(expected.split())


@pytest.mark.parametrize(("text", "expected"), ADDRESSES)
def test_answers_to_a_question_for_a_host(text: str, expected: str) -> None:
    assert _found(text, Kind.IP) == sorted(expected.split())
