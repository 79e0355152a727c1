"""Checksums of wallet addresses and of IBANs, written from their specifications, so that a test set can be checked without the product.

Base58Check (Bitcoin, Litecoin, Dogecoin, Tron), bech32 and bech32m (BIP 173, BIP 350), EIP-55 (Ethereum), ISO 13616 (IBAN).
"""

from __future__ import annotations

import hashlib
import re

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_CONSTANTS = {0: 1, 1: 0x2BC830A3}
_PREFIXES = {"bc", "ltc"}
_VERSIONS = {0x00, 0x05, 0x30, 0x32, 0x1E, 0x41}
_IBAN_LENGTHS = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22,
    "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IT": 27, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28,
    "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "UA": 29,
}  # fmt: skip
_ROUNDS = 24
_RATE = 136
_LANE = (1 << 64) - 1


def is_wallet(address: str) -> bool:
    """Whether the checksum of a wallet address holds; Ethereum in one case has none and is believed."""
    if re.fullmatch(r"0x[0-9a-fA-F]{40}", address):
        return address[2:] in {address[2:].lower(), checksummed(address)[2:]}
    return _is_bech32(address) or _is_base58(address)


def is_iban(written: str) -> bool:
    """Whether length and check digits of an IBAN hold; blanks and case do not matter."""
    iban = "".join(written.split()).upper()
    if not (iban.isascii() and iban.isalnum()):
        return False
    digits = "".join(str(int(character, 36)) for character in iban[4:] + iban[:4])
    return len(iban) == _IBAN_LENGTHS.get(iban[:2]) and int(digits) % 97 == 1


def checksummed(address: str) -> str:
    """The Ethereum address with the case of its letters as EIP-55 asks."""
    plain = address[2:].lower()
    digest = keccak256(plain.encode()).hex()
    return "0x" + "".join(character.upper() if int(nibble, 16) > 7 else character for character, nibble in zip(plain, digest, strict=False))


def polymod(values: list[int]) -> int:
    """The BCH checksum of BIP 173."""
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATORS):
            check ^= generator if top >> place & 1 else 0
    return check


def spread(prefix: str) -> list[int]:
    """The human-readable part of a bech32 string as the checksum sees it."""
    return [ord(character) >> 5 for character in prefix] + [0] + [ord(character) & 31 for character in prefix]


def _is_bech32(address: str) -> bool:
    prefix, _, data = address.lower().rpartition("1")
    if address not in {address.lower(), address.upper()} or prefix not in _PREFIXES or not set(data) <= set(_BECH32) or len(data) < 8:
        return False
    values = [_BECH32.index(character) for character in data]
    return polymod(spread(prefix) + values) == _BECH32_CONSTANTS.get(values[0])


def _is_base58(address: str) -> bool:
    if not address or not set(address) <= set(_BASE58):
        return False
    number = 0
    for character in address:
        number = number * 58 + _BASE58.index(character)
    if number >> 200:
        return False
    raw = number.to_bytes(25, "big")
    return raw[0] in _VERSIONS and hashlib.sha256(hashlib.sha256(raw[:21]).digest()).digest()[:4] == raw[21:]


def keccak256(message: bytes) -> bytes:
    """Keccak with the padding of before SHA-3, as Ethereum uses it; for messages of any length."""
    padded = bytearray(message + b"\x01" + b"\x00" * (-(len(message) + 1) % _RATE))
    padded[-1] |= 0x80
    lanes = [[0] * 5 for _ in range(5)]
    for start in range(0, len(padded), _RATE):
        for place in range(_RATE // 8):
            lanes[place % 5][place // 5] ^= int.from_bytes(padded[start + 8 * place : start + 8 * place + 8], "little")
        lanes = _permuted(lanes)
    return b"".join(lanes[place % 5][place // 5].to_bytes(8, "little") for place in range(4))


def _turned(lane: int, by: int) -> int:
    return (lane << by % 64 | lane >> (64 - by % 64)) & _LANE


def _permuted(lanes: list[list[int]]) -> list[list[int]]:
    """Keccak-f[1600]; rotations and round constants are computed as the specification defines them."""
    register = 1
    for _ in range(_ROUNDS):
        columns = [lanes[x][0] ^ lanes[x][1] ^ lanes[x][2] ^ lanes[x][3] ^ lanes[x][4] for x in range(5)]
        lanes = [[lane ^ columns[x - 1] ^ _turned(columns[(x + 1) % 5], 1) for lane in lanes[x]] for x in range(5)]
        x, y, moving = 1, 0, lanes[1][0]
        for step in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            moving, lanes[x][y] = lanes[x][y], _turned(moving, (step + 1) * (step + 2) // 2)
        lanes = [[lanes[x][y] ^ (~lanes[(x + 1) % 5][y] & lanes[(x + 2) % 5][y]) for y in range(5)] for x in range(5)]
        for place in range(7):
            register = (register << 1 ^ (register >> 7) * 0x71) % 256
            lanes[0][0] ^= (register >> 1 & 1) << ((1 << place) - 1)
    return lanes
