"""JSON: values, keys, types and depth are changed in the tree, and the tree is written anew, keys that stand twice included."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.fuzz.mutators.hand import Hand

MOST_PLACES = 4_000


class Pairs(list[list[Any]]):
    """An object as its pairs: a key may stand twice."""


class Raw(str):
    """A number, or anything else, that is written as it stands."""

    __slots__ = ()


Place = tuple[list[Any], int]
"""Where a value stands: a pair and 1, or a list and an index."""

NUMBERS = ("0", "-0", "1e400", "-1.5e300", "9" * 400, "0.1", "NaN", "Infinity", "1772352000", "2147483648", "18446744073709551616")


def change(content: bytes, hand: Hand) -> bytes:
    """The document with a few changes; bytes that are no JSON, or nest too deep for us, are only twisted."""
    try:
        return _changed(read(content), hand)
    except (ValueError, RecursionError):
        return hand.twist(content)


def _changed(tree: Any, hand: Hand) -> bytes:
    for _ in range(hand.dice.choice((1, 1, 1, 2, 3, 6))):
        places = list(_places(tree))[:MOST_PLACES]
        if places:
            hand.dice.choice(CHANGES)(tree, places, hand)
    return _encoded(written(tree, hand), hand)


def read(content: bytes) -> Any:
    """The tree. Raises ``ValueError``."""
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    return json.loads(content.decode(encoding), object_pairs_hook=_pairs, parse_int=Raw, parse_float=Raw, parse_constant=Raw)


def _pairs(pairs: list[tuple[str, Any]]) -> Pairs:
    return Pairs([key, value] for key, value in pairs)


def _places(tree: Any) -> Iterator[Place]:
    if isinstance(tree, Pairs):
        for pair in tree:
            yield pair, 1
            yield from _places(pair[1])
    elif isinstance(tree, list):
        for index, item in enumerate(tree):
            yield tree, index
            yield from _places(item)


def nested(depth: int) -> Any:
    """Lists and objects, one in the other."""
    value: Any = "deep"
    for level in range(depth):
        value = [value] if level % 2 else Pairs([["a", value]])
    return value


def _absurd(hand: Hand) -> Any:
    kind = hand.dice.randrange(9)
    if kind < 3:
        return hand.text()
    if kind == 3:
        return Raw(hand.dice.choice(NUMBERS))
    if kind == 4:
        return nested(hand.dice.choice((2, 12, 98, 101, 400)))
    if kind == 5:
        return Pairs([[hand.word(), hand.text()] for _ in range(hand.dice.randrange(4))])
    return hand.dice.choice((None, True, False, [], Pairs(), [None], ["N/A", Raw("1"), [], Pairs()], [hand.text(), hand.text()]))


def _replace(_: Any, places: list[Place], hand: Hand) -> None:
    holder, index = hand.dice.choice(places)
    holder[index] = _absurd(hand)


def _twist(_: Any, places: list[Place], hand: Hand) -> None:
    texts = [(holder, index) for holder, index in places if isinstance(holder[index], str)]
    if texts:
        holder, index = hand.dice.choice(texts)
        kind = type(holder[index])
        holder[index] = kind(hand.twisted(holder[index]))


def _copy(_: Any, places: list[Place], hand: Hand) -> None:
    (holder, index), (other, place) = hand.dice.choice(places), hand.dice.choice(places)
    holder[index] = _cloned(other[place])


def _swap(_: Any, places: list[Place], hand: Hand) -> None:
    (holder, index), (other, place) = hand.dice.choice(places), hand.dice.choice(places)
    one, two = _cloned(holder[index]), _cloned(other[place])
    holder[index], other[place] = two, one


def _graft(_: Any, places: list[Place], hand: Hand) -> None:
    """A value of another document, under the same key where there is one."""
    try:
        others = list(_places(read(hand.other())))[:MOST_PLACES]
    except (ValueError, RecursionError):
        return
    holder, index = hand.dice.choice(places)
    same = [(other, place) for other, place in others if index == place == 1 and other[0] == holder[0]]
    if same or others:
        other, place = hand.dice.choice(same or others)
        holder[index] = other[place]


def _rename(tree: Any, _: list[Place], hand: Hand) -> None:
    pairs = [pair for pair, _ in _pair_places(tree)]
    if pairs:
        pair = hand.dice.choice(pairs)
        pair[0] = hand.dice.choice(pairs)[0] if hand.happens(0.3) else hand.word() if hand.happens(0.7) else hand.twisted(pair[0])


def _drop(tree: Any, _: list[Place], hand: Hand) -> None:
    holders = [holder for holder in _holders(tree) if holder]
    if holders:
        holder = hand.dice.choice(holders)
        del holder[hand.dice.randrange(len(holder))]


def _double(tree: Any, _: list[Place], hand: Hand) -> None:
    """A pair or an item stands there again, a few times."""
    holders = [holder for holder in _holders(tree) if holder]
    if holders:
        holder = hand.dice.choice(holders)
        item = holder[hand.dice.randrange(len(holder))]
        for _time in range(hand.dice.choice((1, 1, 2, 30))):
            holder.insert(hand.dice.randrange(len(holder) + 1), _cloned(item))


def _add(tree: Any, _: list[Place], hand: Hand) -> None:
    holder = hand.dice.choice(list(_holders(tree)) or [Pairs()])
    item = [hand.word(), _absurd(hand)] if isinstance(holder, Pairs) else _absurd(hand)
    holder.insert(hand.dice.randrange(len(holder) + 1), item)


def _wrap(_: Any, places: list[Place], hand: Hand) -> None:
    holder, index = hand.dice.choice(places)
    value = holder[index]
    holder[index] = [value] if hand.happens(0.5) else Pairs([[hand.word(), value]])


def _unwrap(_: Any, places: list[Place], hand: Hand) -> None:
    holder, index = hand.dice.choice(places)
    value = holder[index]
    if isinstance(value, list) and value:
        first = hand.dice.choice(value)
        holder[index] = first[1] if isinstance(value, Pairs) else first


CHANGES: tuple[Callable[[Any, list[Place], Hand], None], ...] = (
    *(_replace, _replace, _twist, _twist, _copy, _swap, _graft, _graft),
    *(_rename, _drop, _double, _add, _wrap, _unwrap),
)


def _holders(tree: Any) -> Iterator[list[Any]]:
    if isinstance(tree, list):
        yield tree
        for item in tree:
            yield from _holders(item[1] if isinstance(tree, Pairs) else item)


def _pair_places(tree: Any) -> Iterator[Place]:
    return ((pair, 1) for holder in _holders(tree) if isinstance(holder, Pairs) for pair in holder)


def _cloned(value: Any) -> Any:
    """A copy, so that no tree comes to hold itself."""
    return type(value)(_cloned(item) for item in value) if isinstance(value, list) else value


def written(tree: Any, hand: Hand) -> str:
    """The tree as text."""
    return "".join(_pieces(tree, ascii_only=hand.happens(0.5)))


def _pieces(tree: Any, *, ascii_only: bool) -> Iterator[str]:
    if isinstance(tree, Raw):
        yield tree
    elif isinstance(tree, Pairs):
        yield "{"
        for place, (key, value) in enumerate(tree):
            yield f"{',' if place else ''}{json.dumps(key, ensure_ascii=ascii_only)}:"
            yield from _pieces(value, ascii_only=ascii_only)
        yield "}"
    elif isinstance(tree, list):
        yield "["
        for place, item in enumerate(tree):
            yield "," if place else ""
            yield from _pieces(item, ascii_only=ascii_only)
        yield "]"
    else:
        yield json.dumps(tree, ensure_ascii=ascii_only)


def _encoded(text: str, hand: Hand) -> bytes:
    """Mostly UTF-8; at times another encoding, a mark before it, or more behind it."""
    content = text.encode("utf-8", "surrogatepass" if hand.happens(0.5) else "replace")
    kind = hand.dice.randrange(30)
    if kind == 0:
        return codecs.BOM_UTF8 + content
    if kind == 1:
        return text.encode("utf-16", "surrogatepass")
    if kind == 2:
        return text.encode("latin-1", "replace")
    if kind == 3:
        return content + hand.dice.choice((b"\n\n", b"x", b"{}", b"\x00", b"]"))
    return hand.twist(content) if kind == 4 else content
