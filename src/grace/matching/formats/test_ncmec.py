from __future__ import annotations

import base64
import io
from datetime import UTC, datetime

import pytest

from grace.kernel.errors import Invalid
from grace.matching.formats.item import Fault, Gone, Item, Passed, Told
from grace.matching.formats.ncmec import NAMESPACE, knows, read
from grace.matching.formats.ncmec_write import page

MD5, SHA1, PDQ = "ce041cf5564cef42e51677209440c7e5", "66248b2f52dab61caf06dcb1e3e7670750b6c427", "0f" * 32
PHOTODNA = base64.b64encode(bytes(range(144))).decode()
IMAGE = f"""<image><member id="42">Example Member</member><timestamp>2026-10-24T15:00:00Z</timestamp><id>image1</id>
<classification>A1</classification><fingerprints><md5>{MD5}</md5><sha1>{SHA1}</sha1><pdna>{PHOTODNA}</pdna><netclean>x</netclean></fingerprints>
<feedback/></image>"""
GONE = '<deletedImage><member id="43">Other</member><timestamp>2026-10-24T15:10:00Z</timestamp><id>image4</id></deletedImage>'
VIDEO = f'<video><member id="42">Example Member</member><id>v</id><classification>A2</classification><fingerprints><pdq>{PDQ}</pdq></fingerprints></video>'


def xml(images: str = "", videos: str = "", head: str = "") -> bytes:
    return f"""{head}<queryResult xmlns="{NAMESPACE}"><images count="2" maxTimestamp="2026-10-24T15:10:00Z">{images}</images>
    <videos>{videos}</videos><paging><next>/v2/entries?start=2001</next></paging></queryResult>""".encode()


def told(content: bytes) -> list[Told]:
    return list(read(io.BytesIO(content)))


def test_entries_and_tombstones_are_read() -> None:
    content = xml(IMAGE + GONE, VIDEO, '<?xml version="1.0"?>')
    assert knows(content)
    image, gone, video = told(content)
    assert image == Item(
        1,
        (("md5", bytes.fromhex(MD5)), ("sha1", bytes.fromhex(SHA1))),
        "A1",
        "Example Member",
        "",
        "42:image1",
        {"kind": "image", "member": "42", "photodna": PHOTODNA},
    )
    assert gone == Gone(2, "43:image4")
    assert isinstance(video, Item)
    assert (video.key, video.digests, video.facts["kind"]) == ("42:v", (("pdq", bytes.fromhex(PDQ)),), "video")


def test_an_element_of_any_number_of_children_is_refused() -> None:
    for content in (xml("<other/>" * 2000), xml(f"<image>{'<other/>' * 2000}</image>")):
        with pytest.raises(Invalid, match="1000"):
            told(content)
    assert len(told(xml(IMAGE * 2000))) == 2000


def test_a_fingerprint_that_is_none_is_told_and_the_others_are_kept() -> None:
    fault, item = told(xml(IMAGE.replace(MD5, "nonsense")))
    assert fault == Fault(1, "the md5 is not a hash of its kind")
    assert isinstance(item, Item)
    assert item.digests == (("sha1", bytes.fromhex(SHA1)),)


def test_an_entry_of_other_fingerprints_only_is_left_out() -> None:
    assert told(xml(IMAGE.replace("md5>", "ssvh>").replace("sha1>", "tmk>"))) == [Passed(1, "it names nothing that can be looked up")]


@pytest.mark.parametrize(
    "broken", ["<image><id>x</id></image>", '<image><member id="1"/></image>', f'<image><member id="1"/><id>{"x" * 500}</id></image>']
)
def test_an_entry_without_a_name_is_a_fault(broken: str) -> None:
    assert told(xml(broken)) == [Fault(1, "an entry without member, name or kind")]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<queryResult>",
        b"<other/>",
        xml(head=BOMB),
        xml(head='<!DOCTYPE x SYSTEM "file:///etc/hostname">'),
        xml("<image><member id='1'>&b;</member></image>"),
        b"<queryResult>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</queryResult>",
        xml(IMAGE)[:-30],
    ],
    ids=range(8),
)
def test_what_is_no_page_is_refused_with_a_reason(content: bytes) -> None:
    with pytest.raises(Invalid):
        told(content)


def test_a_page_of_any_length_stays_small() -> None:
    import tracemalloc

    peaks = []
    for number in (500, 10_000):
        content = xml("".join(IMAGE.replace("image1", f"i{each}") for each in range(number)))
        tracemalloc.start()
        assert len({each.number for each in read(io.BytesIO(content))}) == number
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 3 * peaks[0] + 2_000_000


def test_what_is_written_is_read_again() -> None:
    items = [each for each in told(xml(IMAGE, VIDEO)) if isinstance(each, Item)]
    assert told(b"".join(page(lambda: items, datetime(2026, 11, 1, tzinfo=UTC)))) == items
