"""URLs in text: with a scheme, defanged, or without a scheme where a ``www.`` or a path says what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grace.identifiers.addresses import normal_ip
from grace.identifiers.in_text.domains import is_top_level, looks_like_a_file
from grace.identifiers.in_text.hits import LETTER, MARKS, Hit
from grace.identifiers.urls import normal_url

_LONGEST = 2_048
_LONGEST_ROW = 400
_SCHEME = re.compile(
    r"(?<![A-Za-z0-9+.-])(?P<scheme>[a-z][a-z0-9+-]{1,13})(?::|\[:\])(?://|\\/\\/)|(?<![A-Za-z0-9+.-])(?P<odd>h(?:tt|xx|xt|tx)ps?)\[://\]",
    re.IGNORECASE,
)
_HTTP = re.compile(r"h(?:tt|xx|xt|tx)ps?", re.IGNORECASE)
_WEB = re.compile(rf"{_HTTP.pattern}|ftps?|wss?|tg", re.IGNORECASE)
"""Schemes whose host may be any; one behind another must end as hosts do."""
_NOT_OURS = frozenset(
    {"file", "about", "data", "javascript", "chrome", "resource", "jar", "content", "classpath", "res", "asset", "app", "view-source"}
)
_BODY = re.compile(
    rf"(?:\\/|[^\s<>\"`\\^{{}}|\x00-\x1f\u00a0\u00ab\u00bb\u200b-\u200f\u201a-\u201f\u2026-\u202e\u2039\u203a\u3000-\u3003\u3008-\u3011\uff01\uff08\uff09\uff0c\uff1b\uff1f]){{1,{_LONGEST}}}+"
)
_HOST = re.compile(r"(?:[^\s/?#@]{1,128}@)?[^\s/?#:]{0,253}[.\[(]")
_STOPS = re.compile(r"[()\[\]]|&(?:quot|gt|lt|nbsp|apos|\#39);|[,;](?=h(?:tt|xx)ps?:)|\*\*|'(?=[\s,.;)]|$)", re.IGNORECASE)
_CLOSING = {")": "(", "]": "["}
_TRAILING = ".,;:!?'\"*~\u2026\u00b7\u2019\u2018\u201c\u201d\u2014\u2013([&\u061f\u060c\u06d4\u0964"
_AUTHORITY = re.compile(r"(?:[^\s/?#@]{1,128}@)?(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|(?:[^\s/?#:@,;\"'<>()\[]|\[\.\]|\(\.\)){3,253})")
_GLUED = re.compile(r"(?P<host>[A-Za-z0-9.-]+\.(?P<top>[A-Za-z]{2,24}))[^\x00-\x7f]")
_WHOLE = re.compile(rf"(?P<before>(?:[{LETTER}{MARKS}_-]{{1,63}}\.){{1,8}})(?P<top>[{LETTER}{MARKS}-]{{2,63}})(?![{LETTER}{MARKS}_.-])")
"""A host in any script up to its end."""

_DOT = r"(?:\.|\[\.\]|\(\.\)|\[dot\]|\(dot\))"
_BARE = re.compile(
    rf"(?:(?<![{LETTER}_@./\\=&%+$#-])|(?<=[\"'\s(=>]//))(?P<host>(?:[{LETTER}{MARKS}_-]{{1,63}}+{_DOT}){{1,8}}[{LETTER}{MARKS}-]{{2,63}}+)(?P<port>:[0-9]{{1,5}})?(?=(?P<path>/|\[/\])?)",
    re.IGNORECASE,
)
_ODD_SLASH = re.compile(r"\[/\]|\\/")
"""Defanged, or as JSON may write it."""
_ODD_DOT = re.compile(r"\[\.\]|\(\.\)|\[dot\]|\(dot\)", re.IGNORECASE)
_WWW = re.compile(r"www[0-9]?\.", re.IGNORECASE)
_NAMES_OF_PACKAGES = frozenset({"com", "org", "net", "io", "android", "javax", "java", "de", "edu"})
_PRODUCTS = frozenset({"asp.net", "vb.net", "ado.net", "ml.net", "paint.net", "socket.io", "draw.io", "b.sc", "m.sc", "ph.d"})


def urls(text: str) -> Iterator[Hit]:
    """URLs as they stand; what has no scheme is taken as ``https``."""
    if "//" in text or "\\/\\/" in text:
        for found in _SCHEME.finditer(text):
            yield from _with_scheme(text, found)
    if "/" in text or "www" in text.lower():
        for found in _BARE.finditer(text):
            yield from _without_scheme(text, found)


def _with_scheme(text: str, found: re.Match[str]) -> Iterator[Hit]:
    if not _HOST.match(text, found.end()):
        return
    if found["scheme"] and not _WEB.fullmatch(found["scheme"]) and not _is_of_a_host(text, found):
        return
    body = _of_cell(text, found.start(), _body(text, found.end(), before=text[found.start() - 1 : found.start()]))
    scheme = (found["scheme"] or found["odd"]).lower()
    if _HTTP.fullmatch(scheme):
        scheme = "https" if scheme.endswith("s") else "http"
    if body:
        end = found.end() + len(body)
        yield from _checked(found.start(), end, f"{scheme}://{_ODD_SLASH.sub('/', body)}")


def _of_cell(text: str, start: int, body: str) -> str:
    """What belongs to the URL where it is a cell of a table whose cells semicolons or commas part."""
    separator = ";" if text[start - 1 : start] == ";" else ""
    if not separator and text[start - 1 : start] in {"", "\n", ","}:
        row = text.rfind("\n", max(0, start - _LONGEST_ROW), start) + 1
        above = text[text.rfind("\n", max(0, row - _LONGEST_ROW), max(0, row - 1)) + 1 : max(0, row - 1)]
        line = text[row : start + _LONGEST_ROW].partition("\n")[0]
        separator = next((each for each in ";," if 0 < above.count(each) == line.count(each)), "")
    cell, _, rest = body.partition(separator) if separator else (body, "", "")
    return cell.rstrip(_TRAILING) if rest else body


def _is_of_a_host(text: str, found: re.Match[str]) -> bool:
    """Whether a host, or an address, stands behind a scheme that is none of the web: ``sftp://``, ``irc://``, ``postgres://``."""
    host = _AUTHORITY.match(text, found.end())
    if host is None or found["scheme"].lower() in _NOT_OURS:
        return False
    name = _ODD_DOT.sub(".", host["host"]).rstrip(".")
    return is_top_level(name.rpartition(".")[2].lower()) or normal_ip(name) is not None


def _without_scheme(text: str, found: re.Match[str]) -> Iterator[Hit]:
    host = _ODD_DOT.sub(".", found["host"])
    labels = host.split(".")
    is_www = bool(_WWW.match(host)) and len(labels) > 2
    is_capital = is_www or labels[-2][:1].isupper()  # Example.Org/Kite
    top = labels[-1].lower() if is_capital else labels[-1]
    if not (is_www or found["path"]) or not is_top_level(top) or (looks_like_a_file(labels) and not is_www):
        return
    if not is_www and (
        labels[0].lower() in _NAMES_OF_PACKAGES
        or host.lower() in _PRODUCTS
        or labels[-2].isdigit()
        or len(labels[-2]) < 2 < len(labels[-1])
    ):
        return
    rest = (
        _body(text, found.end(), before=text[found.start() - 1 : found.start()])
        if text[found.end() : found.end() + 1] in {"/", "?", "#"} or text.startswith("[/]", found.end())
        else ""
    )
    rest = _of_cell(text, found.start(), rest)
    yield from _checked(found.start(), found.end() + len(rest), f"https://{host}{found['port'] or ''}{_ODD_SLASH.sub('/', rest)}")


def _body(text: str, at: int, *, before: str) -> str:
    """What belongs to the URL from here: brackets are balanced, the punctuation of the sentence is left out."""
    found = _BODY.match(text, at)
    if found is None:
        return ""
    body = found[0]
    opened: list[str] = []
    for stop in _STOPS.finditer(body):
        sign = stop[0]
        if sign in "([":
            opened.append(sign)
        elif sign in _CLOSING and opened and opened[-1] == _CLOSING[sign]:
            opened.pop()
        else:
            body = body[: stop.start()]
            break
    return _glue_off(body.rstrip(_TRAILING + ("_" if before == "_" else "")))


def _glue_off(body: str) -> str:
    """The body without a word of another script that is glued to the host (``example.orgです``)."""
    found = _GLUED.match(body)
    if found is None or not is_top_level(found["top"]):
        return body
    whole = _WHOLE.match(body.replace("[.]", "."))
    if whole and whole.end() > found.end("host") and (is_top_level(whole["top"]) or len(whole["before"]) > found.end("host")):
        return body  # "film.björk.example"
    return found["host"]


def _checked(start: int, end: int, url: str) -> Iterator[Hit]:
    normal = normal_url(url.replace("&amp;", "&"))
    host = normal.split("/")[2].rpartition("@")[2] if normal else ""
    if normal and ("." in host or ":" in host):
        yield Hit(start, end, normal)
