from __future__ import annotations

import io

import pytest

from grace.kernel.errors import Invalid
from grace.matching.formats import vpdq
from grace.matching.formats.item import Fault, Item, Passed, Told

ONE, OTHER = "ab" * 32, "CD" * 32


def _read(content: str | bytes, label: str = "holiday.txt") -> list[Told]:
    return list(vpdq.read(io.BytesIO(content.encode() if isinstance(content, str) else content), label))


def test_a_file_is_one_video_of_its_different_good_pictures() -> None:
    told = _read(f"\ufeff0,100,{ONE},0.000\r\n1,49,{OTHER},0.033\r\n\r\n2, 50, {OTHER}, 1\r\n3,90,{ONE.upper()},1.5")
    assert told == [
        Passed(2, "a picture of too little detail"),
        Passed(5, "the same picture again"),
        Item(1, (("pdq", b"\xab" * 32), ("pdq", b"\xcd" * 32)), key="video:holiday.txt", video="holiday.txt", milliseconds=1_500),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "",
        f"0,100,{ONE}",
        f"0,101,{ONE},0.0",
        f"0,-1,{ONE},0.0",
        f"0,100,{ONE[:-1]},0.0",
        f"0,100,{ONE[:-1]}g,0.0",
        f"0,100,{ONE},0.0,1",
        f"x,100,{ONE},0.0",
        f"0,100,{ONE},nan",
        f"0,100,{ONE},-1",
        f"0,100,{ONE},1e3",
        f"٣,100,{ONE},0.0",
        "frame,quality,hash,timestamp",
        "\x00",
        "9" * 9000,
    ],
)
def test_with_one_line_that_cannot_be_read_no_video_is_taken(line: str) -> None:
    told = _read(f"0,100,{ONE},0.000\n{line}\n2,100,{OTHER},0.067")
    assert [type(each) for each in told] == ([Fault] if line else [Item])
    assert not line or told[0].number == 2
    assert not vpdq.knows(line.encode())


def test_what_holds_no_good_picture_is_no_video() -> None:
    assert _read(f"0,0,{ONE},0.000") == [Passed(1, "a picture of too little detail")]
    assert _read("") == []


@pytest.mark.parametrize("label", ["", "v" * 195, "a\nb", "a\x00b", "\u202e"])
def test_a_video_needs_a_name_that_can_be_kept(label: str) -> None:
    with pytest.raises(Invalid):
        _read(f"0,100,{ONE},0.000", label)


def test_a_video_of_too_many_pictures_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vpdq, "MOST_PICTURES", 1)
    assert len(_read(f"0,100,{ONE},0\n1,100,{ONE},1")) == 2
    with pytest.raises(Invalid, match="more than 1 different pictures"):
        _read(f"0,100,{ONE},0\n1,100,{OTHER},1")


def test_it_is_known_by_its_first_line() -> None:
    assert vpdq.knows(f"0,100,{ONE},0.000\n".encode())
    assert vpdq.knows(f"\ufeff17,0,{ONE},3".encode())
    assert not vpdq.knows(b"algorithm,value,category,source,note\n")
