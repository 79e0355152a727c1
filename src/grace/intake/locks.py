"""Members of a ZIP that are locked with a password (WinZip AES, or the old ZipCrypto), and the operator's list tried on them."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import IO, BinaryIO, Protocol

import pyzipper

FAULTS = (
    *(zipfile.BadZipFile, pyzipper.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError),
    *(RuntimeError, ValueError, LookupError, TypeError, AttributeError, AssertionError),
)
"""What the readers raise for damaged bytes and wrong passwords."""
READABLE = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""How members may be packed. What else the libraries know, bzip2 and LZMA, they unpack in one step, however much comes of it."""
MOST_OLD_BYTES = 64 << 20
"""Bytes of a package locked with ZipCrypto that are unlocked: its cipher runs in Python, at a few megabytes a second."""
MOST_PROOF_BYTES = 64 << 20
"""Bytes of a member that are read to prove a password; of larger ones the check in the head must do."""
MOST_TRIES = 5_000
"""Passwords tried on one package, all members together."""
_ENCRYPTED = 0x1
_AES = 99
_CHUNK = 1 << 20


class Info(Protocol):
    """What is asked of a member's entry in the directory."""

    header_offset: int
    flag_bits: int
    compress_type: int
    file_size: int


def is_locked(info: Info) -> bool:
    """Whether a member wants a password."""
    return bool(info.flag_bits & _ENCRYPTED)


class Locks:
    """The passwords of one ZIP: found once for each member, proven on the smallest that they open."""

    def __init__(self, archive: zipfile.ZipFile, stream: BinaryIO, passwords: Callable[[], Sequence[str]], resources: ExitStack) -> None:
        self._archive = archive
        self._stream = stream
        self._passwords = passwords
        self._resources = resources
        self._aes: dict[int, pyzipper.ZipInfo] | None = None
        self._aes_archive: pyzipper.AESZipFile | None = None
        self._proven: list[bytes] = []
        self._keys: dict[int, bytes] = {}
        self._tries = 0

    def find(self, infos: Iterable[zipfile.ZipInfo]) -> None:
        """Find the passwords of the locked members, small ones first."""
        locked = sorted((info for info in infos if is_locked(info)), key=lambda info: info.file_size)
        listed = tuple(_spelled(self._passwords())) if locked else ()
        if not listed:
            return
        room = MOST_OLD_BYTES
        waiting = []
        for info in locked:
            room -= 0 if info.compress_type == _AES else info.compress_size
            if info.compress_type == _AES or room >= 0:
                waiting.append(info)
        for info in waiting:
            self._try(info, [*self._proven, *(each for each in listed if each not in self._proven)])
        for info in waiting:  # a damaged member proves nothing, but another may have proven its password meanwhile
            if info.header_offset not in self._keys:
                self._try(info, self._proven)

    def opens(self, info: zipfile.ZipInfo) -> bool:
        """Whether a password was found for the member."""
        return info.header_offset in self._keys

    def open(self, info: zipfile.ZipInfo) -> IO[bytes]:
        """The member's bytes. Raises one of :data:`FAULTS`."""
        return self._opened(info, self._keys[info.header_offset])

    def method(self, info: zipfile.ZipInfo) -> int:
        """How the member is packed below its lock."""
        return self._inner(info).compress_type if info.compress_type == _AES else info.compress_type

    def _try(self, info: zipfile.ZipInfo, candidates: Sequence[bytes]) -> None:
        for password in candidates:
            if self._tries >= MOST_TRIES:
                return
            self._tries += 1
            fits, is_proof = self._fits(info, password)
            if fits:
                self._keys[info.header_offset] = password
                if is_proof and password not in self._proven:
                    self._proven.append(password)
                return

    def _fits(self, info: zipfile.ZipInfo, password: bytes) -> tuple[bool, bool]:
        """Whether it opens the member, and whether that proves it.

        The head holds a check of one byte (ZipCrypto) or two (AES); for a password not proven yet the whole member is read, where that
        is packed in a way that is read.
        """
        try:
            with self._opened(info, password) as stream:
                is_proof = self.method(info) in READABLE
                if is_proof and password not in self._proven and info.file_size <= MOST_PROOF_BYTES:
                    while stream.read(_CHUNK):
                        pass
        except FAULTS:
            return False, False
        return True, is_proof

    def _opened(self, info: zipfile.ZipInfo, password: bytes) -> IO[bytes]:
        if info.compress_type != _AES:
            return self._archive.open(info, pwd=password)
        inner = self._inner(info)
        if self._aes_archive is None:
            raise zipfile.BadZipFile
        stream: IO[bytes] = self._aes_archive.open(inner, pwd=password)
        return stream

    def _inner(self, info: zipfile.ZipInfo) -> pyzipper.ZipInfo:
        """The member as the reader that knows AES sees it."""
        if self._aes is None:
            self._aes_archive = self._resources.enter_context(pyzipper.AESZipFile(self._stream))
            self._aes = {each.header_offset: each for each in self._aes_archive.infolist()}
        try:
            return self._aes[info.header_offset]
        except KeyError:
            raise zipfile.BadZipFile from None


def _spelled(passwords: Iterable[str]) -> Iterator[bytes]:
    """Each password as programs write it: in UTF-8, and where that differs in the code page of old Windows programs."""
    for password in passwords:
        yield password.encode()
        if not password.isascii():
            for code in ("cp1252", "cp437"):
                spelled = password.encode(code, "ignore")
                if spelled.decode(code) == password:
                    yield spelled
