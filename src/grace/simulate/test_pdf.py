from __future__ import annotations

import re

from grace.simulate.pdf import placeholder


def test_the_cross_reference_table_points_at_the_objects() -> None:
    content = placeholder("Report 7", "Invented data.")
    offsets = [int(offset) for offset in re.findall(rb"(\d{10}) 00000 n", content)]
    assert [content[offset:].split(b" ", 1)[0] for offset in offsets] == [b"1", b"2", b"3", b"4", b"5"]
    start = int(content.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert content[start:].startswith(b"xref")
    assert b"Report 7" in content
