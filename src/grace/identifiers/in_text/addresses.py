"""IP addresses in text: four numbers may be a version or a price, colons may be a time; the words around decide (``versions.py``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_interface

from grace.identifiers.addresses import normal_ip, split_port
from grace.identifiers.in_text.hits import Hit, words_before
from grace.identifiers.in_text.versions import is_address, is_said_to_be_one, is_told, is_version, said_before
from grace.identifiers.in_text.words import words

_ODD = rf"\s?[\[({{]\s?(?:\.|,|{words('hosts', 'dot').pattern()})\s?[\])}}]\s?|\sdot\s"
_STATE = r"[ \t]+(?:[0-9A-Fa-f.:*]{1,48}[ \t]+)?(?:ESTABLISHED|LISTEN|SYN_|TIME_WAIT|CLOSE|FIN_WAIT|LAST_ACK|CLOSING)"
_DUMP = rf"\.[0-9]{{1,5}}(?=\s>|:\s|:$|{_STATE})"
"""A port as packet dumps and lists of connections write it: ``192.0.2.1.51522 > 198.51.100.4.443:``."""
_NEXT = r"[0-9]{0,2}\.[0-9]{1,3}\."
"""Another address behind a slash."""
_LONGEST_PREFIX = 32
_FOUR = re.compile(
    rf"(?<![\w.])[0-9]{{1,3}}+(?:(?:\.|{_ODD})[0-9]{{1,3}}+){{3}}(?!\w|\[\.\]\w)"
    rf"(?:(?P<dump>{_DUMP})|(?!\.\w)(?:(?P<prefix>/[0-9]{{1,2}}(?![\w./]))|(?P<slash>/[0-9]{{2,5}}(?![\w./]))|(?!/[0-9](?!{_NEXT}))(?P<port>:[0-9]{{1,5}}(?![\w:]))?))",
    re.IGNORECASE,
)
_ODD_DOT = re.compile(_ODD, re.IGNORECASE)
_PADDED = re.compile(r"0[0-9]")
_LOOSE = re.compile(r"(?<![\w.])[0-9]{1,3}+(?:[ ]?\.[ ]?[0-9]{1,3}+){3}(?![\w.]|[ ]?\.[ ]?[0-9])")
_IS_LOOSE = re.compile(r"[0-9] \.[ ]?[0-9]|[0-9]\. [0-9]")
_SIX = re.compile(
    r"(?<![0-9A-Fa-f:])[0-9A-Fa-f]{0,4}+(?::[0-9A-Fa-f]{0,4}+){2,8}+(?:(?:\.[0-9]{1,3}){3})?(?:%(?:25)?[A-Za-z][\w.-]{0,15}(?<![.-])|%[0-9]{1,3})?"
)
_ODD_SIX = re.compile(r"(?<![\w:\]])[0-9A-Fa-f]{1,4}+(?:(?:\[::?\]|:)[0-9A-Fa-f]{0,4}+){1,8}(?![\w:\[])")
_ODD_COLON = re.compile(r"\[(::?)\]")
_PORT = re.compile(r"\]:[0-9]{1,5}(?![\w:])")
_PREFIX = re.compile(r"/[0-9]{1,3}(?![\w./])")
_SIX_DUMP = re.compile(rf"{_DUMP}|\.[0-9]{{2,5}}(?=[ \t]|$)")
_KNOWN_SIX = re.compile(r"(?:[23][0-9a-f]{3}|fe[89ab][0-9a-f]|f[cd][0-9a-f]{2}|ff[0-9a-f]{2}|0?0?64:ff9b):", re.IGNORECASE)
_GOES_ON = re.compile(r"\w|:(?!\s|$)|\.\w|/[0-9]")
_PAIRS = re.compile(r"[0-9A-Fa-f]{1,2}(?::[0-9A-Fa-f]{1,2}){7}")
_FEW = 2
_SURE = words("hosts", "sure")


def addresses(text: str) -> Iterator[Hit]:
    """IP addresses with their ports; networks, netmasks, versions, numbered headings and prices are none."""
    if "::" in text or text.count(":") >= 5:
        yield from _sixes(text)
    if "[:]" in text or "[::]" in text:
        yield from _defanged(text)
    if text.count(".") >= 3 or "[" in text or "(" in text or "{" in text or " dot " in text:
        yield from _fours(text)
        if _IS_LOOSE.search(text):
            yield from _loose(text)


def _defanged(text: str) -> Iterator[Hit]:
    for found in _ODD_SIX.finditer(text):
        address = normal_ip(_ODD_COLON.sub(r"\1", found[0])) if "[:" in found[0] else None
        if address:
            yield Hit(found.start(), found.end(), address)


def _fours(text: str) -> Iterator[Hit]:
    version_until = address_until = -1
    for found in _FOUR.finditer(text):
        end = next((found.start(part) for part in ("dump", "prefix", "slash", "port") if found[part]), found.end())
        plain = _ODD_DOT.sub(".", text[found.start() : end])
        address = normal_ip(plain)
        if address is None or address.startswith(("0.", "255.")) or (found["prefix"] and _is_network(address, found["prefix"])):
            continue
        is_defanged = len(plain) < end - found.start()  # nobody writes a version so
        said = said_before(text, found.start())
        if not is_defanged and is_version(text, found.start(), end, version_until, said):
            version_until = end
            continue
        is_port = bool(found["dump"] or found["slash"]) or split_port(plain + (found["port"] or ""))[1] is not None
        is_list = address_until >= 0 and is_said_to_be_one(text, address_until, found.start())
        if is_defanged or is_list or is_address(text, found.start(), end, plain, said, is_port=is_port and not _PADDED.match(plain)):
            address_until = end
            yield Hit(found.start(), end + len(found["port"] or "") if is_port else end, address)


def _is_network(address: str, prefix: str) -> bool:
    """Whether an address with the length of its prefix is that of a network, not of a host in it; a number too large is a port."""
    if "." in address and int(prefix[1:]) > _LONGEST_PREFIX:
        return False
    try:
        interface = ip_interface(address + prefix)
    except ValueError:
        return True
    return interface.ip == interface.network.network_address


def _loose(text: str) -> Iterator[Hit]:
    """With blanks, as text recognition leaves them: only right behind a word that says what it is."""
    for found in _LOOSE.finditer(text):
        address = normal_ip(found[0].replace(" ", "")) if " " in found[0] else None
        if address and _SURE.any(words_before(text, found.start(), reach=24)[:2]):
            yield Hit(found.start(), found.end(), address)


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
        address = normal_ip(written)
        if address is None or not _may_end(text, found.end(), address) or not _is_six(text, start, end, written):
            continue
        port = _PORT.match(text, end) if text[start - 1 : start] == "[" else None
        yield Hit(start - 1, port.end(), address) if port else Hit(start, end, address)


def _may_end(text: str, end: int, address: str) -> bool:
    """Whether an address ends here: a port of a dump may follow, or the length of the prefix that a host's address has."""
    prefix = _PREFIX.match(text, end)
    if prefix:
        return not _is_network(address, prefix[0])
    return not _GOES_ON.match(text, end) or _SIX_DUMP.match(text, end) is not None


def _is_six(text: str, start: int, end: int, written: str) -> bool:
    """Whether the groups look like an address that is in use, or a word says that they are one."""
    if _PAIRS.fullmatch(written):  # a hardware address of eight bytes, a fingerprint
        return False
    groups = [group for group in written.partition("%")[0].split(":") if group]
    if not groups:
        return False
    is_number = len(groups) == _FEW and "".join(groups).isdigit()  # 2024::01
    looks = (len(groups) > 1 and bool(_KNOWN_SIX.match(written)) and not is_number) or written.lower().startswith(
        ("::ffff:", "0000:0000:", "0:0:0:0:")
    )
    return looks or "." in groups[-1] or written == "::1" or is_told(text, end, said_before(text, start))
