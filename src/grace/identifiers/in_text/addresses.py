"""IP addresses in text: four numbers may be a version or a price, colons may be a time; the words around decide."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grace.identifiers.addresses import normal_ip, split_port
from grace.identifiers.in_text.hits import Hit, alternatives, words_before, words_behind
from grace.identifiers.in_text.words import words

_ODD = r"\s?[\[({]\s?(?:\.|dot)\s?[\])}]\s?"
_FOUR = re.compile(
    rf"(?<![\w.])[0-9]{{1,3}}+(?:(?:\.|{_ODD})[0-9]{{1,3}}+){{3}}(?!\w|\.\w|\[\.\]\w|/[0-9])(?::(?P<port>[0-9]{{1,5}})(?![\w:]))?",
    re.IGNORECASE,
)
_ODD_DOT = re.compile(_ODD, re.IGNORECASE)
_SIX = re.compile(
    r"(?<![0-9A-Fa-f:])[0-9A-Fa-f]{0,4}+(?::[0-9A-Fa-f]{0,4}+){2,8}+(?:(?:\.[0-9]{1,3}){3})?(?:%(?:25)?[A-Za-z][\w.-]{0,15}(?<![.-])|%[0-9]{1,3})?"
)
_ODD_SIX = re.compile(r"(?<![\w:\]])[0-9A-Fa-f]{1,4}+(?:(?:\[::?\]|:)[0-9A-Fa-f]{0,4}+){1,8}(?![\w:\[])")
_ODD_COLON = re.compile(r"\[(::?)\]")
_PORT = re.compile(r"\]:[0-9]{1,5}(?![\w:])")
_SMALL = 100
_MONEY = re.compile(rf"\s?(?:{alternatives(words('phones', 'money'))})", re.IGNORECASE)
_KNOWN_SIX = re.compile(r"(?:[23][0-9a-f]{3}|fe[89ab][0-9a-f]|f[cd][0-9a-f]{2}|ff[0-9a-f]{2}|0?0?64:ff9b):", re.IGNORECASE)
_GOES_ON = re.compile(r"\w|:(?!\s|$)|\.\w|/[0-9]")
_PAIRS = re.compile(r"[0-9A-Fa-f]{1,2}(?::[0-9A-Fa-f]{1,2}){7}")


def addresses(text: str) -> Iterator[Hit]:
    """IP addresses with their ports; networks, netmasks, versions, numbered headings and prices are none."""
    if "::" in text or text.count(":") >= 5:
        yield from _sixes(text)
    if "[:]" in text or "[::]" in text:
        yield from _defanged(text)
    if text.count(".") >= 3 or "[" in text or "(" in text or "{" in text:
        yield from _fours(text)


def _defanged(text: str) -> Iterator[Hit]:
    for found in _ODD_SIX.finditer(text):
        address = normal_ip(_ODD_COLON.sub(r"\1", found[0])) if "[:" in found[0] else None
        if address:
            yield Hit(found.start(), found.end(), address)


def _fours(text: str) -> Iterator[Hit]:
    version_until = -1
    for found in _FOUR.finditer(text):
        plain = _ODD_DOT.sub(".", found[0])
        address, port = split_port(plain)
        if address is None and found["port"] is not None:
            plain, port = plain.rpartition(":")[0], None
            address = normal_ip(plain)
        if address is None or address.startswith(("0.", "255.255.")):
            continue
        is_defanged = _ODD_DOT.search(found[0]) is not None  # nobody writes a version so
        if not is_defanged and _is_version(text, found.start(), version_until):
            version_until = found.end()
            continue
        if is_defanged or _is_address(text, found, address, plain.partition(":")[0]):
            yield Hit(found.start(), found.end() if port is not None or found["port"] is None else found.start("port") - 1, address)


def _is_version(text: str, start: int, version_until: int) -> bool:
    """Whether the words before say that these numbers count versions or paragraphs, or continue such a count."""
    if text[start - 1 : start] in {"/", "\u00a7"} and re.search(r"\w/$|\u00a7$", text[max(0, start - 2) : start]):
        return True
    if (
        version_until >= 0
        and 0 < start - version_until <= 12
        and {*words_before(text, start, reach=start - version_until)} <= words("handles", "also") | words("addresses", "links")
    ):
        return True
    before = words_before(text, start, reach=32)
    yes, no = words("addresses", "yes"), words("addresses", "no")
    return next((word in no for word in before[:3] if word in no or word in yes or word.removesuffix("-adresse") in yes), False)


def _is_address(text: str, found: re.Match[str], address: str, written: str) -> bool:
    parts = written.split(".")
    told = _is_told(text, found.start(), found.end())
    if _MONEY.match(text, found.end()) or text[max(0, found.start() - 2) : found.start()].strip() in {"$", "\u20ac", "\u00a3"}:
        return False
    if all(len(part) == 3 for part in parts[1:]) and (len(parts[0]) < 3 or parts[-1] == "000"):
        return told  # as thousands are parted: 1.200.150.250
    return told or found["port"] is not None or max(map(int, address.split("."))) >= _SMALL


def _is_told(text: str, start: int, end: int) -> bool:
    yes = words("addresses", "yes")
    if not yes.isdisjoint(words_before(text, start)[:4]):
        return True
    return text[end : end + 1] not in {".", ",", ";"} and not yes.isdisjoint(words_behind(text, end)[:1])


def _sixes(text: str) -> Iterator[Hit]:
    for found in _SIX.finditer(text):
        start, end = found.span()
        written = found[0]
        if written.endswith(":") and not written.endswith("::"):
            written, end = written[:-1], end - 1
        if written.startswith(":") and not written.startswith("::"):
            written, start = written[1:], start + 1
        elif re.match(r"\w", text[start - 1 : start]):  # IPv6:2001:db8::1
            word, _, written = written.partition(":")
            start += len(word) + 1
        if _GOES_ON.match(text, found.end()):
            continue
        address = normal_ip(written)
        if address is None or not _is_six(text, start, end, written):
            continue
        port = _PORT.match(text, end) if text[start - 1 : start] == "[" else None
        yield Hit(start - 1, port.end(), address) if port else Hit(start, end, address)


def _is_six(text: str, start: int, end: int, written: str) -> bool:
    """Whether the groups look like an address that is in use, or a word says that they are one."""
    if _PAIRS.fullmatch(written):  # a hardware address of eight bytes, a fingerprint
        return False
    groups = [group for group in written.partition("%")[0].split(":") if group]
    if not groups:
        return False
    looks = (len(groups) > 1 and bool(_KNOWN_SIX.match(written))) or written.lower().startswith(("::ffff:", "0000:0000:", "0:0:0:0:"))
    return looks or "." in groups[-1] or written == "::1" or _is_told(text, start, end)
