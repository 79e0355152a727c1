"""Documents at the limits of size, which a fuzzer never grows: each understood in a process of its own, time and memory measured.

``python -m tests.fuzz.giants`` measures all; ``python -m tests.fuzz.giants NAME`` one, in this process.
"""

from __future__ import annotations

import base64
import bz2
import hashlib
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz import ground, memory

ROOT = Path(__file__).parents[2]
MOST_MEGABYTES = 1024
MOST_SECONDS = 60.0
"""Of a processor. The largest document that is read at all may take as long as a good many small ones."""
MEGABYTE = 1 << 20
SPACE = "x" * 1000


def _lea(more: str) -> bytes:
    return b'{"reportId":210000001,"reportedInformation":{"reportingEsp":{"espName":"Example"},' + more.encode() + b"}}"


def text_with_wide_characters() -> bytes:
    """31 MiB of text with one character that makes each take four bytes in memory."""
    return _lea('"additionalInformations":[{"value":"\U0001f6a2' + "x" * (31 * MEGABYTE) + '"}]')


def many_texts() -> bytes:
    """31 MiB in texts of a thousand characters, each with a wide one."""
    return _lea('"additionalInformations":[' + ",".join(['{"value":"\U0001f6a2' + SPACE + '"}'] * 31_000) + "]")


def most_values() -> bytes:
    """As many values as commas allow: refused, once they are counted."""
    return _lea('"other":[' + ",".join("1" * 1_999_000) + "]")


def most_leaves() -> bytes:
    """As many values as are read."""
    return _lea('"other":[' + ",".join(["12345678901234567890"] * 499_000) + "]")


def most_objects() -> bytes:
    """As many objects as fit, each with a key of its own."""
    return _lea('"other":{' + ",".join(f'"an invented key {place}":{{"b":"{place}"}}' for place in range(245_000)) + "}")


def many_persons() -> bytes:
    """As many persons with an address each as are read."""
    one = '{"firstName":"Ada","emails":{"emails":[{"value":"a%d@example.org","verified":true}]},"espUserId":"u-%d"}'
    persons = ",".join(one % (place, place) for place in range(61_000))
    return _lea('"reportedPeople":{"reportedPersons":[' + persons + "]}")


def many_captures() -> bytes:
    """As many uses of addresses as are read."""
    one = '{"captureType":"IP Address","value":"192.0.2.%d","eventName":"Login","dateTime":"2026-03-01T08:00:%02dZ","port":"%d"}'
    captures = ",".join(one % (place % 256, place % 60, place % 65_536) for place in range(82_000))
    return _lea('"reportedPeople":{"reportedPersons":[{"sourceInformation":{"sourceCaptures":[' + captures + "]}}]}")


def one_long_identifier() -> bytes:
    """An e-mail address of 30 MiB."""
    return _lea('"reportedPeople":{"reportedPersons":[{"emails":{"emails":[{"value":"' + "a." * (15 * MEGABYTE) + '@example.org"}]}}]}')


def identifiers_in_text() -> bytes:
    """A text that is nothing but identifiers."""
    return _lea(
        '"additionalInformations":[{"value":"' + "ada@example.org 192.0.2.7 https://example.net/a snap: quiet_ferry " * 480_000 + '"}]'
    )


def many_addresses() -> bytes:
    """As many e-mail addresses as values are read, of one person."""
    return _lea(
        '"reportedPeople":{"reportedPersons":[{"emails":{"emails":['
        + ",".join(f'{{"value":"a{place}@example.org"}}' for place in range(245_000))
        + "]}}]}"
    )


def long_key() -> bytes:
    """A key of a megabyte, and half a million values below it: each value has it in its path."""
    return _lea('"' + "k" * MEGABYTE + '":[' + ",".join("1" * 490_000) + "]")


def long_keys() -> bytes:
    """Long keys inside one another."""
    return _lea('"k":' + ('{"' + "k" * 300_000 + '":') * 90 + "1" + "}" * 90)


def wide_encoding() -> bytes:
    """The largest document in UTF-16."""
    return _lea('"additionalInformations":[{"value":"' + "x" * (15 * MEGABYTE) + '"}]').decode().encode("utf-16")


def evidence_inside() -> bytes:
    """X-ARF with 23 MiB of evidence in base64."""
    from grace.intake.formats import xarf

    tree = json.loads(next(iter(xarf.FORMAT.examples()[0].values())))
    payload = base64.b64encode(bytes(23 * MEGABYTE)).decode()
    tree["evidence"] = [{"content_type": "application/octet-stream", "payload": payload}]
    return json.dumps(tree).encode()


def handed_over() -> bytes:
    """A referral of another agency with as many leaves as fit."""
    from grace.intake.formats import handover

    tree = json.loads(handover.FORMAT.examples()[0]["referral.json"])
    tree["report"]["leaves"] = [{"path": f"$.other[{place}]", "value": "12345678901234567890", "known": False} for place in range(440_000)]
    return json.dumps(tree, separators=(",", ":"), sort_keys=True).encode()


def _xml(more: str) -> bytes:
    return f"<report><incidentSummary><incidentType>Misleading Domain Name</incidentType></incidentSummary>{more}</report>".encode()


def most_elements() -> bytes:
    """As many empty elements as are parsed: refused, once they are counted."""
    return _xml("<a>b</a>" * 740_000)


def most_elements_that_are_read() -> bytes:
    """As many elements as are read."""
    return _xml("<additionalInfo>An invented text.</additionalInfo>" * 499_000)


def most_attributes() -> bytes:
    """One element with very many attributes."""
    return _xml("<a " + " ".join(f'b{place}="c"' for place in range(400_000)) + "/>")


def long_names() -> bytes:
    """Long names of elements inside one another, and very many values below them."""
    name = "a" * 40_000
    return _xml(f"<{name}>" * 90 + "<b>c</b>" * 490_000 + f"</{name}>" * 90)


def long_namespace() -> bytes:
    """A namespace of nine megabytes, and very many elements in it."""
    return _xml(f'<a xmlns:n="urn:{"n" * 9_000_000}">' + "<n:b>c</n:b>" * 490_000 + "</a>")


def hidden_elements() -> bytes:
    """Very many elements in an encoding that spells them otherwise."""
    return b'<?xml version="1.0" encoding="UTF-7"?><report>' + b"+ADw-a/+AD4-" * 2_500_000 + b"</report>"


def long_elements() -> bytes:
    """27 MiB in a few long texts."""
    return _xml(f"<additionalInfo>\U0001f6a2{'x' * 9_000_000}</additionalInfo>" * 3)


_HEAD = b"From: desk@example.org\r\nDate: Tue, 03 Nov 2026 09:15:00 +0100\r\nSubject: Large\r\nMIME-Version: 1.0\r\n"


def _mail(*parts: bytes) -> bytes:
    body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts)
    return _HEAD + b'Content-Type: multipart/mixed; boundary="edge"\r\n\r\n' + body + b"--edge--\r\n"


def long_mail() -> bytes:
    """64 MiB of lines, which are kept as a file."""
    return _HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + b"The bench by the lighthouse.\r\n" * 2_200_000


def short_lines() -> bytes:
    """64 MiB of lines of one letter."""
    return _HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + b"a\n" * (31 * MEGABYTE)


def many_headers() -> bytes:
    """A mail that is all headers."""
    return _HEAD + b"a:b\n" * (15 * MEGABYTE) + b"\nHello"


def most_marks() -> bytes:
    """A mail of as many empty parts as fit."""
    return _HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\n\n" * (10 * MEGABYTE) + b"--b--\n"


def most_text_in_a_mail() -> bytes:
    """As much text as is read, in as many lines."""
    return _HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + b"a@example.org 192.0.2.7\r\n" * 166_000


def markup_in_a_mail() -> bytes:
    """HTML that is nothing but tags."""
    return _HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + b'<a href="b">c<td>' * 60_000


def large_attachment() -> bytes:
    """A file of 45 MiB in base64."""
    content = base64.encodebytes(bytes(45 * MEGABYTE))
    return _mail(b'Content-Type: image/png; name="a.png"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + content)


def many_parts() -> bytes:
    """As many parts as are followed."""
    return _mail(*([b"Content-Type: text/plain\r\n\r\nHello"] * 490))


def attached_bombs() -> bytes:
    """ZIPs in a mail, each unpacking to as much as is allowed."""
    bomb = base64.encodebytes(_zip({"a.json": _lea('"other":"' + " " * (31 * MEGABYTE) + '"')}))
    part = b'Content-Type: application/zip; name="a.zip"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + bomb
    return _mail(*([part] * 20))


def _zip(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def many_reports() -> bytes:
    """As many small reports in one package as it may hold."""
    return _zip({f"{place}.json": _lea(f'"other":"{place}"') for place in range(4_999)})


def _padded(size: int) -> bytes:
    """A report that packs to an eightieth: text that repeats at some distance."""
    line = "".join(chr(97 + (place * 7919) % 26) for place in range(400))
    return _lea('"additionalInformations":[{"value":"' + line * (size // 400) + '"}]')


def many_large_reports() -> bytes:
    """Forty reports of 30 MiB in one package of a few."""
    content = _padded(30 * MEGABYTE)
    return _zip({f"{place}.json": content for place in range(40)})


def many_large_documents_in_xml() -> bytes:
    """Twenty documents with very many elements, in one package."""
    texts = (hashlib.sha256(str(place).encode()).hexdigest() for place in range(100_000))
    content = _xml("".join(f"<additionalInfo>{text}</additionalInfo>" for text in texts))
    return _zip({f"{place}/report.xml": content for place in range(20)})


def lying_bomb() -> bytes:
    """A member of a thousand bytes that claims ten, and unpacks to more than a gigabyte in one step."""
    squeezing, zeros = bz2.BZ2Compressor(9), bytes(64 * MEGABYTE)
    packed = b"".join(squeezing.compress(zeros) for _ in range(20)) + squeezing.flush()
    from tests.fuzz.mutators import archive

    bomb = archive.Entry(b"zeros.bin", packed, zipfile.ZIP_BZIP2, 0, zlib.crc32(bytes(10)), 10)
    return archive.written([archive.packed(b"report.json", _lea('"other":1')), bomb])


def large_member() -> bytes:
    """A file of 600 MiB beside a report."""
    out = io.BytesIO()
    piece = bytes(range(256)) * 4096
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("report.json", _lea('"other":1'))
        with archive.open(zipfile.ZipInfo("large.bin"), "w", force_zip64=True) as member:
            for _ in range(600):
                member.write(piece)
    return out.getvalue()


def many_pages() -> bytes:
    """A PDF with as many pages as are read."""
    from grace.simulate import pdf

    lines = (f"Incident Type: A line of an invented report, number {place}" for place in range(52 * 499))
    return pdf.document(["CyberTipline Report 210000001", "Section A: Reported Information", *lines])


def packed_pages() -> bytes:
    """A PDF whose one page unpacks to very much."""
    from grace.simulate import pdf

    drawn = zlib.compress(b"BT /F1 10 Tf " + b"(CyberTipline Report 210000001) Tj T* " * 1_900_000 + b" ET", 9)
    plain = pdf.document(["CyberTipline Report 210000001"])
    start, end = plain.index(b"<< /Length"), plain.index(b"endstream")
    return plain[:start] + b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(drawn) + drawn + b"\n" + plain[end:]


GIANTS: dict[str, tuple[str, Callable[[], bytes]]] = {
    each.__name__.replace("_", "-"): (name, each)
    for name, some in {
        "report.json": (
            *(text_with_wide_characters, many_texts, most_values, most_leaves, most_objects, many_persons, many_captures),
            *(one_long_identifier, identifiers_in_text, many_addresses, long_key, long_keys, wide_encoding, evidence_inside),
        ),
        "referral.json": (handed_over,),
        "report.xml": (
            *(most_elements, most_elements_that_are_read, most_attributes, long_names, long_namespace, hidden_elements, long_elements),
        ),
        "mail.eml": (
            *(long_mail, short_lines, many_headers, most_marks, most_text_in_a_mail, markup_in_a_mail, large_attachment, many_parts),
            attached_bombs,
        ),
        "package.zip": (many_reports, many_large_reports, many_large_documents_in_xml, lying_bomb, large_member),
        "report.pdf": (many_pages, packed_pages),
    }.items()
    for each in some
}
"""The name under which each is handed in, and what makes it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One of them: what became of it, how long it took on a processor, and the peak of memory of whatever process needed most."""

    name: str
    bytes: int
    outcome: str
    seconds: float
    megabytes: int

    @property
    def is_finding(self) -> bool:
        """Whether it broke a limit, or something else."""
        return self.outcome.startswith("!") or self.megabytes > MOST_MEGABYTES or self.seconds > MOST_SECONDS


def measured(names: list[str] | None = None) -> Iterator[Measured]:
    """Measure each in a process of its own."""
    for name in names or GIANTS:
        done = subprocess.run([sys.executable, "-m", "tests.fuzz.giants", name], cwd=ROOT, capture_output=True, text=True, check=False)
        yield Measured(**json.loads(done.stdout)) if done.returncode == 0 else Measured(name, 0, f"! {done.stderr[-300:]}", 0, 0)


def measure(name: str) -> Measured:
    """Understand one of them as intake does with a large file: from where it lies. The making of it happens in another process."""
    called, _ = GIANTS[name]
    with tempfile.TemporaryDirectory() as folder, ground.home():
        ground.set_up()
        path = Path(folder) / called
        subprocess.run([sys.executable, "-m", "tests.fuzz.giants", name, str(path)], cwd=ROOT, check=True)
        from grace.intake.understand import understood
        from tests.fuzz import oracle

        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))  # so that what is wrong harms nobody else
        begun = time.process_time()
        try:
            with oracle.nothing_hidden(), understood(called, path) as found:
                outcome = found.reason_code or f"{len(found.reads)} read"
                for member in found.files:
                    with member.open() as stream:
                        while stream.read(MEGABYTE):
                            pass
        except Exception as error:  # noqa: BLE001 - it is told, whatever it is
            outcome = f"! {type(error).__name__}: {error}"[:300]
        seconds = time.process_time() - begun
        peak = max(map(memory.peak, (os.getpid(), *memory.below(os.getpid()))))
        return Measured(name, path.stat().st_size, outcome, seconds, peak)


def line(found: Measured) -> str:
    """One of them in words."""
    mark = "  <- finding" if found.is_finding else ""
    return f"{found.name:<32}{found.bytes:>12,} bytes  {found.outcome:<20}{found.seconds:>7.1f} s  peak {found.megabytes:>5} MB{mark}"


def main(words: list[str]) -> int:
    """Without a name all of them; with one, that one here; with a path too, only write it there."""
    if not words:
        every = []
        for each in measured():
            every.append(each.is_finding)
            print(line(each), flush=True)
        return int(any(every))
    name, *path = words
    if path:
        with ground.home():
            ground.set_up()
            Path(path[0]).write_bytes(GIANTS[name][1]())
        return 0
    found = measure(name)
    print(json.dumps({field: getattr(found, field) for field in found.__slots__}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
