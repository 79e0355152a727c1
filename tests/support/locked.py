"""ZIPs locked with a password, as programs lock them today and as they did long ago."""

from __future__ import annotations

import io
import secrets
import zipfile
from collections.abc import Mapping

import pyzipper


def aes(contents: Mapping[str, bytes], password: str, compression: int = pyzipper.ZIP_DEFLATED, strength: int = 256) -> bytes:
    """A ZIP as WinZip and 7-Zip lock it."""
    stream = io.BytesIO()
    with pyzipper.AESZipFile(stream, "w", compression=compression, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=strength)
        for name, content in contents.items():
            archive.writestr(name, content)
    return stream.getvalue()


def zip_crypto(contents: Mapping[str, bytes], password: str) -> bytes:
    """A ZIP locked in the old way (PKWARE's traditional cipher, APPNOTE 6.1): no library writes it any more."""
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    raw = plain.getvalue()
    out, directory = b"", b""
    with zipfile.ZipFile(plain) as archive:
        for info in archive.infolist():
            start = info.header_offset + 30 + len(info.orig_filename.encode())
            head = bytearray(raw[info.header_offset : start])
            body = _ciphered(secrets.token_bytes(11) + bytes([info.CRC >> 24]) + raw[start : start + info.compress_size], password.encode())
            head[6] |= 1
            head[18:22] = len(body).to_bytes(4, "little")
            entry = bytearray(46) + info.orig_filename.encode()
            entry[:4], entry[4:6], entry[6:8] = b"PK\x01\x02", b"\x14\x00", b"\x14\x00"
            entry[8:28] = head[6:26]
            entry[28:30] = len(info.orig_filename.encode()).to_bytes(2, "little")
            entry[42:46] = len(out).to_bytes(4, "little")
            out += bytes(head) + body
            directory += bytes(entry)
    count = len(contents).to_bytes(2, "little")
    return (
        out
        + directory
        + b"PK\x05\x06"
        + bytes(4)
        + count * 2
        + len(directory).to_bytes(4, "little")
        + len(out).to_bytes(4, "little")
        + bytes(2)
    )


def _ciphered(content: bytes, password: bytes) -> bytes:
    table = [0] * 256
    for number in range(256):
        value = number
        for _ in range(8):
            value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
        table[number] = value
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = (keys[0] >> 8) ^ table[(keys[0] ^ byte) & 0xFF]
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = (keys[2] >> 8) ^ table[(keys[2] ^ (keys[1] >> 24)) & 0xFF]

    for byte in password:
        update(byte)
    out = bytearray()
    for byte in content:
        mask = keys[2] | 2
        out.append(byte ^ (((mask * (mask ^ 1)) >> 8) & 0xFF))
        update(byte)
    return bytes(out)
