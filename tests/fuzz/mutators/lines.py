"""Text in lines, as prints of reports are: labels, values and order change, lines break and columns run together."""

from __future__ import annotations

from collections.abc import Callable

from tests.fuzz.mutators.hand import Hand

Lines = list[str]
HOMES = ("", "   ", "\t", "                    ", "> ", ">> ", "\u00a0", "\ufeff")
GAPS = ("    ", "\t", "          ", " | ")


def change(content: bytes, hand: Hand) -> bytes:
    """The text with a few changes."""
    text = content.decode("utf-8", "replace")
    lines = text.split("\n")
    for _ in range(hand.dice.choice((1, 1, 1, 2, 3, 8))):
        hand.dice.choice(CHANGES)(lines, hand)
    changed = "\n".join(lines).encode("utf-8", "surrogatepass" if hand.happens(0.5) else "replace")
    return hand.twist(changed) if hand.happens(0.08) else changed


def _at(lines: Lines, hand: Hand) -> int:
    if not lines:
        lines.append("")
    return hand.dice.randrange(len(lines))


def _value(lines: Lines, hand: Hand) -> None:
    """Another value behind the same label."""
    place = _at(lines, hand)
    label, colon, _ = lines[place].partition(":")
    lines[place] = f"{label}{colon or ':'} {hand.text()}"


def _label(lines: Lines, hand: Hand) -> None:
    place = _at(lines, hand)
    _, colon, value = lines[place].partition(":")
    lines[place] = f"{hand.word()}{colon or ':'}{value}"


def _add(lines: Lines, hand: Hand) -> None:
    said = hand.word() if hand.happens(0.3) else f"{hand.word()}: {hand.text()}"
    lines.insert(_at(lines, hand), said)


def _drop(lines: Lines, hand: Hand) -> None:
    start = _at(lines, hand)
    del lines[start : start + hand.dice.choice((1, 1, 2, 5))]


def _double(lines: Lines, hand: Hand) -> None:
    start = _at(lines, hand)
    piece = lines[start : start + hand.dice.choice((1, 1, 4, 12))]
    lines[start:start] = piece * hand.dice.choice((1, 1, 2, 40))


def _move(lines: Lines, hand: Hand) -> None:
    start = _at(lines, hand)
    piece = lines[start : start + hand.dice.choice((1, 3, 10))]
    del lines[start : start + len(piece)]
    place = _at(lines, hand)
    lines[place:place] = piece


def _twist(lines: Lines, hand: Hand) -> None:
    place = _at(lines, hand)
    lines[place] = hand.twisted(lines[place])


def _break(lines: Lines, hand: Hand) -> None:
    """A line ends in its middle, as paper makes it."""
    place = _at(lines, hand)
    middle = hand.dice.randrange(len(lines[place]) + 1)
    lines[place : place + 1] = [lines[place][:middle], hand.dice.choice(HOMES) + lines[place][middle:]]


def _join(lines: Lines, hand: Hand) -> None:
    """Two lines become columns of one."""
    place = _at(lines, hand)
    lines[place : place + 2] = [hand.dice.choice(GAPS).join(lines[place : place + 2])]


def _indent(lines: Lines, hand: Hand) -> None:
    place = _at(lines, hand)
    lines[place] = hand.dice.choice(HOMES) + lines[place]


def _graft(lines: Lines, hand: Hand) -> None:
    others = hand.other().decode("utf-8", "replace").split("\n")
    start = hand.dice.randrange(len(others))
    place = _at(lines, hand)
    lines[place:place] = others[start : start + hand.dice.choice((1, 3, 20))]


CHANGES: tuple[Callable[[Lines, Hand], None], ...] = (
    *(_value, _value, _value, _label, _label, _add, _add, _drop, _double, _move, _twist, _twist),
    *(_break, _break, _join, _join, _indent, _graft, _graft),
)
