"""E-mail addresses in text, also those that are written so that programs do not see them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grace.identifiers.in_text.domains import cut_to_domain, looks_like_a_file
from grace.identifiers.in_text.hits import LETTER, MARKS, Hit, words_before
from grace.identifiers.in_text.words import words
from grace.identifiers.mail import normal_email

_LOCAL = rf"(?<![{LETTER}_.+%@\uff20'\-])(?P<local>[{LETTER}_.+%'\-]{{1,64}}+)"
_LOCAL_BEFORE_SIGNS = rf"(?<![{LETTER}_.+%@\uff20'\-])(?P<local>[{LETTER}_.+'\-]{{1,64}}+)"
"""Without the ``%``, for ``%40`` is a sign for the at."""
_LABEL = rf"[{LETTER}{MARKS}\-]{{1,63}}+"
_PLAIN = re.compile(rf"{_LOCAL}[@\uff20](?P<domain>(?:{_LABEL}\.){{1,8}}{_LABEL})")

_AT, _SPOKEN_AT = words("hosts", "at_marked", "at_spoken").pattern(), f"(?:{words('hosts', 'at_spoken').pattern()})"
_DOT = words("hosts", "dot").pattern()
_MARKED_AT = rf"\s{{0,2}}[\[({{<]\s?(?:{_AT}|[@\uff20])\s?[\])}}>]\s{{0,2}}|[(\[{{][aA][)\]}}]|&\#0*64;|&\#[xX]40;|&commat;|%40"
_MARKED_DOT = rf"\s{{0,2}}[\[({{<]\s?(?:{_DOT}|\.)\s?[\])}}>]\s{{0,2}}|\s(?:{_DOT})\s|&\#0*46;|&\#[xX]2[eE];"
_HIDDEN = re.compile(
    rf"{_LOCAL_BEFORE_SIGNS}(?P<more>(?:(?:\s?[\[({{](?:{_DOT}|\.)[\])}}]\s?|\s(?:{_DOT})\s){_LABEL}){{0,3}})"
    rf"(?P<at>{_MARKED_AT}|[@\uff20]|\s{_SPOKEN_AT}\s|\s@\s)"
    rf"(?P<domain>{_LABEL}(?:(?:\.|{_MARKED_DOT}){_LABEL}){{1,5}}+)(?!\s{_SPOKEN_AT}\s{_LABEL}(?:\.|{_MARKED_DOT}))",
    re.IGNORECASE,
)
"""Not "write *to me at wilf dot archer* at example dot org"."""
_SIGNS = re.compile(r"[\[({<]\s?(?:[^\W\d_]|[@.\uff20])|&\#(?:0*64|[xX]40|0*46);|&commat;|%40|\s@\s|[@\uff20]\S{1,63}\s", re.IGNORECASE)
_AT_WORDS = frozenset(words("hosts", "at_spoken"))
_BESIDE_AT = frozenset(words("hosts", "dot", "mail"))
_BETWEEN = re.compile(rf"\.|{_MARKED_DOT}", re.IGNORECASE)
_IN_LOCAL = re.compile(rf"\s?[\[({{](?:{_DOT}|\.)[\])}}]\s?|\s(?:{_DOT})\s", re.IGNORECASE)
_NO_MAIL = re.compile(
    r"(?:message-?id|in-reply-to|references|content-id|msg-?id|(?:no such )?article(?: not found)?)\W{0,4}$|(?:^|\n)uid(?:;[^:\n]{0,40})?:$|\bnews:$|\b(?:cid|sips?|xmpp|jid|acct|h323|ssh|sftp|rsync):$|\b(?:ssh|scp|sftp|rsync)\s+(?:-\S+\s+(?:[0-9]{1,5}\s+)?)*$",
    re.IGNORECASE,
)
_IDS = re.compile(r"(?:^|\n)[\w-]*(?:message-?id|in-reply-to|references|content-id|msg-?id)\s?:[^\n]*(?:\r?\n[ \t][^\n]*)*$", re.IGNORECASE)
"""Headers that hold identifiers of messages, several of them and over several lines."""
_ID_BEFORE = re.compile(
    r"(?:message-?id|in-reply-to|references|content-id|msg-?id)[^\n]*<[^\s<>@]+$|<(?=[^\s<>@]*[0-9])[^\s<>@]{4,}$", re.IGNORECASE
)
"""Where a message's identifier goes on that holds an equals sign."""
_LONGEST_HEADER, _LONGEST_ID = 600, 160
_IS_ID = re.compile(r"(?=.*[0-9]{4})[0-9A-Fa-f.$_-]{16,}")
_OF_CHATS = ("s.whatsapp.net", "g.us", "c.us", "thread.v2", "thread.skype")
"""Behind numbers and rooms of messengers."""
_SHELL = re.compile(r":(?:[~/]|[\w.-]+/)")
_NUMBERED = re.compile(r"v?[0-9.x]+", re.IGNORECASE)


def emails(text: str, known: frozenset[str]) -> Iterator[Hit]:
    """Addresses of mail. Message ids, shell addresses (``git@…:path``) and files with an ``@`` are none.

    ``known`` is the vocabulary of the text.
    """
    if "@" in text or "\uff20" in text:
        for found in _PLAIN.finditer(text):
            yield from _checked(text, found, found["local"], found["domain"].split("."))
    is_spelled = not _AT_WORDS.isdisjoint(known) and not _BESIDE_AT.isdisjoint(known)
    if is_spelled or _SIGNS.search(text):
        for found in _HIDDEN.finditer(text):
            if not _is_meant(text, found):
                continue
            local = _IN_LOCAL.sub(".", found["local"] + found["more"])
            yield from _checked(text, found, local, _BETWEEN.split(found["domain"]))


def _is_meant(text: str, found: re.Match[str]) -> bool:
    """Whether the disguise is one: a word "at" counts only before a spelled dot, or behind the word "mail"."""
    at = found["at"].strip()
    dots = set(_BETWEEN.findall(found["domain"]))
    if dots == {"."} and at in {"@", "\uff20"} and found["at"] == at:
        return False  # plain, and found as such
    if at.isalpha() or found["at"].startswith(" @"):
        is_announced = words("hosts", "mail").any(words_before(text, found.start(), reach=14)[:1]) and text[found.start() - 2] in ":="
        is_marked = at == "@" and re.search(r"[\w-][._0-9]|[0-9]", found["local"]) is not None
        return dots != {"."} or is_announced or is_marked
    return True


def _checked(text: str, found: re.Match[str], local: str, labels: list[str]) -> Iterator[Hit]:
    kept = cut_to_domain([label.strip("-") for label in labels])
    plain_local = local.lstrip(".+%'-")
    if not kept or not plain_local or plain_local[-1] in ".'-" or ".." in plain_local:
        return
    if ".".join(kept).lower().endswith(_OF_CHATS):
        return
    if looks_like_a_file(kept) and (len(kept) == 2 or all(_NUMBERED.fullmatch(label) for label in kept[:-1])):
        return
    if _NUMBERED.fullmatch(".".join(kept[:-1])) and re.fullmatch(r"[0-9]x", kept[-2], re.IGNORECASE):
        return
    start = found.start() + len(found["local"]) - len(found["local"].lstrip(".+%'-"))
    end = _end(found, len(kept))
    before = text[max(0, start - 40) : start]
    if _NO_MAIL.search(before.rstrip("<")) or _SHELL.match(text, end) or plain_local == "git":
        return
    if _is_of_a_message(text, start, plain_local):
        return
    latin = _latin(plain_local)
    normal = normal_email(f"{latin}@{'.'.join(kept)}")
    if normal:
        yield Hit(start + len(plain_local) - len(latin), end, normal)


def _is_of_a_message(text: str, start: int, local: str) -> bool:
    """Whether a message's identifier stands there, all of it or what is behind an equals sign: ``<CAF8k2=91bd7e@mx.example>``."""
    if text[start - 1 : start] == "=":
        return _ID_BEFORE.search(text, max(0, start - _LONGEST_ID), start) is not None
    is_id = _IS_ID.fullmatch(local) or _IDS.search(text, max(0, start - _LONGEST_HEADER), start)
    return text[start - 1 : start] == "<" and bool(is_id)


def _end(found: re.Match[str], kept: int) -> int:
    """Where the last label that is kept ends."""
    domain = found["domain"]
    ends = [each.start() for each in _BETWEEN.finditer(domain)] + [len(domain)]
    return found.start("domain") + len(domain[: ends[kept - 1]].rstrip("-"))


def _latin(local: str) -> str:
    """The name without a word of a script without blanks before it (``邮箱kite``)."""
    for place in range(len(local) - 1, -1, -1):
        if "\u3040" <= local[place] <= "\ud7ff" and local[place + 1 :].isascii() and len(local) > place + 1:
            return local[place + 1 :]
    return local
