"""Names in turns of a chat after one in which somebody asks for a service: ``heb je telegram`` … ``ik heb er 2, @a_b en voor werk @c_d``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grace.identifiers.in_text.hits import lowered, words_before
from grace.identifiers.in_text.loose import SHAPED, is_a_thing, is_code, is_loose_name, is_run_together
from grace.identifiers.in_text.mentions import Mention
from grace.identifiers.in_text.names import Look, has_no_said_part, is_behind_at, is_host, is_letters_then_digits, look_of
from grace.identifiers.in_text.nears import Around, Told
from grace.identifiers.in_text.words import words

_TURN = re.compile(
    r"[^\S\n]*(?:[\[(]?(?:[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}\.?,?[^\S\n])?[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})?[\])]?[^\S\n]*(?:[-\u2013][^\S\n]*)?)?"
    r"(?:[<\[][@\w .-]{1,24}[>\]]:?|[~@\w.+-]{1,24}(?:[^\S\n][\w.-]{1,20})?[^\S\n]?:(?=[^\S\n])|[\w.-]{1,24}>(?=[^\S\n])|[-\u2013\u2014>\u2022*]{1,2}(?=[^\S\n]))[^\S\n]*"
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_ASKS = words("names", "asks", "haves", "calls", "yes")
_REST = re.compile(r"[\"'\u201d\s!.,;:)(DP^\U0001f300-\U0001faff\ufe0f]*(?:\n|$)")
_HAVES = words("names", "haves")
_MOST_TURNS, _REACH = 5, 480
_MOST_WORDS, _FEW = 12, 3
_LEADS = words("names", "is", "names", "naming", "i_am", "asked_for")


def chats(around: Around) -> Iterator[Told]:
    """Names in the turns behind a question for a service, until another service is named."""
    text = around.text
    for mention, following in zip(around.every, [*around.every[1:], None], strict=True):
        if mention.service.plain and not _is_right_behind_a_question(text, mention):
            continue
        line = text.find("\n", mention.end, mention.end + _REACH)
        until = min(following.start if following else len(text), mention.end + _REACH)
        if 0 <= line < until and _is_asked_for(text, mention, line):
            yield from _of_turns(around, mention, line + 1, until)


def _is_right_behind_a_question(text: str, mention: Mention) -> bool:
    """Whether a service that is an ordinary word too is asked for: "do you have signal?"."""
    return text[mention.end : mention.end + 1] in {"?", "\n"} and _HAVES.any(_said_in(text, mention)[-4:])


def _said_in(text: str, mention: Mention) -> list[str]:
    start = text.rfind("\n", max(0, mention.start - _REACH), mention.start) + 1
    turn = _TURN.match(text, start, mention.start)
    return _WORD.findall(lowered(text[turn.end() if turn else start : mention.start]))


def _is_asked_for(text: str, mention: Mention, line: int) -> bool:
    """Whether the turn that names a service asks for it; both are turns of a chat."""
    start = text.rfind("\n", max(0, mention.start - _REACH), mention.start) + 1
    if _TURN.match(text, start, mention.start) is None or _TURN.match(text, line + 1) is None:
        return False
    before, behind = _said_in(text, mention), text[mention.end : line]
    is_question = "?" in behind or ";" in behind or _ASKS.any(before) or not (before or behind.strip(" ?!.:"))
    return is_question and len(before) <= _MOST_WORDS


def _of_turns(around: Around, mention: Mention, start: int, until: int) -> Iterator[Told]:
    text = around.text
    for _ in range(_MOST_TURNS):
        turn = _TURN.match(text, start, until)
        line = text.find("\n", start, until)
        end = line if line >= 0 else until
        if turn and not is_code(text, turn.end(), end):
            for found in SHAPED.finditer(text, turn.end(), end):
                is_free = not (around.found(found.start(), found.end()) or is_a_thing(text, found) or is_run_together(found["name"]))
                if is_free and (_is_answer(text, found, turn.end()) or is_loose_name(text, found, mention, [])):
                    yield found, mention.service
        if turn is None or line < 0:
            return
        start = line + 1


def _is_answer(text: str, found: re.Match[str], begun: int) -> bool:
    """Whether a name stands alone in its turn, or an ``@`` before it."""
    name, look = found["name"], look_of(found["name"])
    if found["at"]:
        return is_behind_at(name) and look > Look.WORD
    if look is Look.UNDERSCORED and _LEADS.any(words_before(text, found.start(), sentence=True)[:_FEW]):
        return has_no_said_part(name) and not name.isupper()
    if found.start() > begun or not _REST.match(text, found.end()) or name.isupper():
        return False
    is_marked = look is Look.UNDERSCORED or (look is Look.DOTTED and not is_host(name))
    return has_no_said_part(name) and (is_marked or (look is Look.MIXED and (is_letters_then_digits(name) or name[1:] != name[1:].lower())))
