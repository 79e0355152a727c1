"""The members of a ZIP, locked ones too where one of the given passwords opens them."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import IO

import pyzipper

from grace.evidence.decoding.port import Reason, Unpacking
from grace.evidence.decoding.program.metered import DAMAGE, Member, Meter
from grace.evidence.decoding.program.pictures import Unfit

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
MOST_TRIES = 2_000
"""Passwords tried on one archive, all members together."""
MOST_OLD_BYTES = 64 << 20
"""Bytes locked with ZipCrypto that are unlocked: its cipher runs in Python, at a few megabytes a second."""
_END, _WIDE_END, _LONGEST_COMMENT = b"PK\x05\x06", b"PK\x06\x06", 0xFFFF + 22 + 20 + 56
_READABLE = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""How members may be packed: what else the library knows it unpacks in one step, however much comes of it."""
_ENCRYPTED = 0x1
_LOCAL_HEADER, _LONGEST_ENTRY = 30, 4096
_OF_DOCUMENTS = frozenset({"[Content_Types].xml", "META-INF/manifest.xml", "META-INF/container.xml"})
"""Names by which a ZIP is known as a document: of Office, of OpenDocument, a book."""
_DESCRIBING = (".xml", ".rels", ".rdf", ".vml", ".opf", ".ncx")


def warm_up() -> None:
    """Load the ciphers, which are loaded at their first use."""
    stream = io.BytesIO()
    with pyzipper.AESZipFile(stream, "w", compression=zipfile.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(b"open")
        archive.writestr("one", b"words")
    for member in members(stream.getvalue(), ("closed", "open"), Meter(Unpacking(), 0)):
        member.read()


def members(content: bytes, passwords: Sequence[str], meter: Meter) -> Iterator[Member]:
    """All files and links of a ZIP. Raises :class:`Unfit` where its directory cannot be read, or members share bytes."""
    if _directory_bytes(content) > meter.limits.most_members * _LONGEST_ENTRY:
        raise Unfit(Reason.MEMBERS)
    try:
        archive = pyzipper.AESZipFile(io.BytesIO(content))
    except DAMAGE as error:
        raise Unfit(Reason.DAMAGED) from error
    infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
    _refuse_overlaps(infos)
    keys = _Keys(archive, passwords, meter)
    is_document = any(info.filename in _OF_DOCUMENTS for info in infos)
    for place, info in enumerate(infos):
        describes = is_document and info.filename.lower().endswith(_DESCRIBING)
        read = partial(keys.read, info)
        yield Member(place, info.orig_filename, partial(_unless_markup, read) if describes else read)


def _unless_markup(read: Callable[[], bytes]) -> bytes:
    """What only calls itself markup is taken like any other member. Raises :class:`Unfit` for what says how the document is built."""
    content = read()
    if content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        raise Unfit(Reason.PART)
    return content


def _directory_bytes(content: bytes) -> int:
    """The size of the directory as its end record claims: the library takes all of it into memory before it counts."""
    tail = content[-_LONGEST_COMMENT:]
    end, wide = tail.rfind(_END), tail.rfind(_WIDE_END)
    size = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0
    return max(size if size != 0xFFFFFFFF else 0, int.from_bytes(tail[wide + 40 : wide + 48], "little") if wide >= 0 else 0)


def _refuse_overlaps(infos: Sequence[pyzipper.ZipInfo]) -> None:
    """Members that share bytes are the mark of a bomb that grows with the square of its size."""
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise Unfit(Reason.BOMB)
        end = info.header_offset + _LOCAL_HEADER + info.compress_size


class _Keys:
    """The passwords of one ZIP: what opened one member is tried first on the next."""

    def __init__(self, archive: pyzipper.AESZipFile, passwords: Iterable[str], meter: Meter) -> None:
        self._archive = archive
        self._passwords = list(dict.fromkeys(_spelled(passwords)))
        self._proven: set[bytes] = set()
        self._meter = meter
        self._tries = MOST_TRIES
        self._old_bytes = MOST_OLD_BYTES

    def read(self, info: pyzipper.ZipInfo) -> bytes:
        """The member's bytes. Raises :class:`Unfit` where it is packed in a way that is not read, or no password opens it."""
        if stat.S_ISLNK(info.external_attr >> 16):
            raise Unfit(Reason.LINK)
        if info.compress_type not in _READABLE:
            raise Unfit(Reason.FORMAT)
        if not info.flag_bits & _ENCRYPTED:
            return self._meter.read(self._archive.open(info), info.compress_size)
        for password in list(self._passwords):
            if (content := self._tried(info, password)) is not None:
                self._passwords.remove(password)
                self._passwords.insert(0, password)
                self._proven.add(password)
                return content
        raise Unfit(Reason.LOCKED)

    def _tried(self, info: pyzipper.ZipInfo, password: bytes) -> bytes | None:
        """The bytes, where the password opens the member. Its head holds a check of one or two bytes; that all is read proves it."""
        self._tries -= 1
        if self._tries < 0:
            return None
        try:
            stream: IO[bytes] = self._archive.open(info, pwd=password)
        except DAMAGE:
            return None
        if info.wz_aes_version is None:
            self._old_bytes -= info.compress_size
            if self._old_bytes < 0:
                return None
        try:
            return self._meter.read(stream, info.compress_size)
        except DAMAGE:
            if password in self._proven:
                raise
            return None


def _spelled(passwords: Iterable[str]) -> Iterator[bytes]:
    """Each password as programs write it: in UTF-8, and where that differs in the code page of old Windows programs."""
    for password in passwords:
        yield password.encode()
        if not password.isascii():
            for code in ("cp1252", "cp437"):
                spelled = password.encode(code, "ignore")
                if spelled.decode(code) == password:
                    yield spelled
