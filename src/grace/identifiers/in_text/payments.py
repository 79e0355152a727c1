"""Accounts and wallets in text: only what carries a checksum that holds, and cashtags that are called so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grace.identifiers.in_text.checksums import base58_payload, ethereum_holds, iban_holds, monero_payload, segwit_holds
from grace.identifiers.in_text.hits import Hit

# Lengths by country: the IBAN registry of SWIFT.
LENGTHS = {
    country: int(length)
    for told in (
        "15:NO 16:BE 18:DK,FI,FO,GL,NL,SD,FK 19:MK,SI 20:AT,BA,EE,KZ,LT,LU,XK,MN 21:CH,HR,LI,LV 22:BG,BH,CR,DE,GB,GE,IE,ME,RS,VA",
        "23:AE,GI,IL,IQ,OM,SO,TL 24:AD,CZ,ES,MD,PK,RO,SA,SE,SK,TN,VG 25:LY,PT,ST 26:IS,TR 27:BI,DJ,FR,GR,IT,MC,MR,SM 28:AL,AZ,BY,CY,DO,GT,HN,HU,LB,NI,PL,SV",
        "29:BR,EG,PS,QA,UA 30:JO,KW,MU,YE 31:MT,SC 32:LC 33:RU",
    )
    for line in told.split()
    for length, countries in (line.split(":"),)
    for country in countries.split(",")
}
_IBAN_GAPS = " \u00a0\u2002\u2007\u2009\u202f\u2011\t\r\n.-"
_COUNTRY = rf"(?P<country>[A-Za-z] ?[A-Za-z])[{_IBAN_GAPS}]?[0-9][{_IBAN_GAPS}]?[0-9](?=[{_IBAN_GAPS}]{{0,3}}[A-Za-z0-9])"
_IBAN = re.compile(rf"(?<![A-Za-z0-9]){_COUNTRY}")
_GLUED_IBAN = re.compile(rf"(?<=(?<![A-Za-z0-9])iban){_COUNTRY}", re.IGNORECASE)
_LONGEST_GAP = 3
_LONGEST_WRITTEN = 34 * 2 + 8

# Version bytes of Base58Check by the wallet's first letters: Bitcoin, Litecoin, Dogecoin, Tron, Dash, Zcash.
_VERSIONS = {
    "1": (b"\x00",),
    "3": (b"\x05",),
    "L": (b"\x30",),
    "M": (b"\x32",),
    "D": (b"\x1e",),
    "A": (b"\x16",),
    "9": (b"\x16",),
    "T": (b"\x41",),
    "X": (b"\x4c",),
    "7": (b"\x10",),
    "t": (b"\x1c\xb8", b"\x1c\xbd"),
    "m": (b"\x6f",),
    "n": (b"\x6f",),
    "2": (b"\xc4",),
    "r": (b"\x00",),
}
_HASH = 20
_TOKEN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{25,110}+(?![A-Za-z0-9])")
_ETHEREUM = re.compile(r"0[xX](?:[0-9a-fA-F]{40})")
_SEGWIT = re.compile(r"(?:bc1|tb1|ltc1|bcrt1)[a-z0-9]{8,87}", re.IGNORECASE)
_MONERO_NETWORKS = frozenset({18, 19, 42})
_MONERO_LENGTHS = frozenset({95, 106})
_CASHTAG = re.compile(
    r"\bcash[ -]?(?:app|tag)\b\W{1,4}(?:(?:is|name|id|:)\s{0,2}){0,2}(?P<tag>[$£][A-Za-z][A-Za-z0-9_-]{1,19})(?![\w$])", re.IGNORECASE
)


def payments(text: str) -> Iterator[Hit]:
    """IBANs and wallets whose checksums hold; anything else of that shape is a number like any other."""
    for found in _IBAN.finditer(text):
        yield from _iban(text, found)
    if "IBAN" in text or "iban" in text:
        for found in _GLUED_IBAN.finditer(text):
            yield from _iban(text, found)
    for found in _TOKEN.finditer(text):
        normal = _wallet(found[0])
        if normal:
            yield Hit(found.start(), found.end(), normal)
    if "$" in text or "£" in text:
        for found in _CASHTAG.finditer(text):
            yield Hit(found.start("tag"), found.end("tag"), found["tag"].casefold())


def _iban(text: str, found: re.Match[str]) -> Iterator[Hit]:
    length = LENGTHS.get(found["country"].replace(" ", "").upper())
    if length is None:
        return
    joined, end = "", found.start()
    for place, character in enumerate(text[found.start() : found.start() + _LONGEST_WRITTEN], start=found.start()):
        if character.isascii() and character.isalnum():
            joined, end = joined + character.upper(), place + 1
            if len(joined) == length:
                break
        elif character not in _IBAN_GAPS or place - end >= _LONGEST_GAP:
            return
    if len(joined) == length and not text[end : end + 1].isalnum() and iban_holds(joined):
        yield Hit(found.start(), end, joined)


def _wallet(token: str) -> str | None:
    """The wallet in its normal spelling, or None where no checksum holds."""
    if _ETHEREUM.fullmatch(token):
        return token.lower() if ethereum_holds(token) else None
    if _SEGWIT.fullmatch(token):
        return token.lower() if segwit_holds(token) else None
    if len(token) in _MONERO_LENGTHS and token[0] in "48":
        payload = monero_payload(token)
        return token if payload and payload[0] in _MONERO_NETWORKS else None
    versions = _VERSIONS.get(token[0], ())
    if not versions or len(token) > 36:
        return None
    payload = base58_payload(token, ripple=token[0] == "r")
    return token if payload and any(payload.startswith(each) and len(payload) == len(each) + _HASH for each in versions) else None
