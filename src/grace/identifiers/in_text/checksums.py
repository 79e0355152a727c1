"""The checks that wallets and accounts carry in themselves, each from its published definition.

IBAN: ISO 13616. Base58Check: the Bitcoin wiki. Bech32 and Bech32m: BIP 173, BIP 350. Mixed case of Ethereum: EIP-55.
Monero: its base58 in blocks of eight bytes, with four bytes of Keccak-256.
"""

from __future__ import annotations

import hashlib

from Cryptodome.Hash import keccak

_BITCOIN = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_RIPPLE = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_ENDS, _BECH32M_ENDS = 1, 0x2BC830A3
_BLOCK, _BLOCK_CHARACTERS = 8, 11
_BYTES_OF_CHARACTERS = {0: 0, 2: 1, 3: 2, 5: 3, 6: 4, 7: 5, 9: 6, 10: 7, 11: 8}


def iban_holds(iban: str) -> bool:
    """Whether the rearranged number leaves 1 when divided by 97; ``iban`` in capitals without blanks."""
    return int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4])) % 97 == 1


def base58_payload(text: str, *, ripple: bool = False) -> bytes | None:
    """Version and payload of a Base58Check text, or None where the checksum does not hold."""
    number, alphabet = 0, _RIPPLE if ripple else _BITCOIN
    for character in text:
        place = alphabet.find(character)
        if place < 0:
            return None
        number = number * 58 + place
    zeros = len(text) - len(text.lstrip(alphabet[0]))
    raw = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    body, check = raw[:-4], raw[-4:]
    return body if hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4] == check else None


def segwit_holds(text: str) -> bool:
    """Whether a text is a segregated-witness address: checksum, version and length of its program."""
    folded = text.lower()
    if text not in {folded, text.upper()}:
        return False
    prefix, _, data = folded.rpartition("1")
    values = [_BECH32.find(character) for character in data]
    if not prefix or len(values) < 8 or min(values) < 0:
        return False
    ends = _polymod([*(ord(each) >> 5 for each in prefix), 0, *(ord(each) & 31 for each in prefix), *values])
    version, program = values[0], _bytes_of(values[1:-6])
    if program is None or version > 16 or not 2 <= len(program) <= 40:
        return False
    return ends == (_BECH32_ENDS if version == 0 else _BECH32M_ENDS) and (version > 0 or len(program) in {20, 32})


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATORS):
            check ^= generator if top >> place & 1 else 0
    return check


def _bytes_of(fives: list[int]) -> bytes | None:
    """Groups of five bits as bytes; None where the padding is too long or not zero."""
    number = 0
    for five in fives:
        number = number << 5 | five
    padding = len(fives) * 5 % 8
    if padding > 4 or number & ((1 << padding) - 1):
        return None
    return (number >> padding).to_bytes(len(fives) * 5 // 8, "big")


def ethereum_holds(text: str) -> bool:
    """Whether ``0x`` and forty hexadecimal digits are in one case, or in the mixed case that EIP-55 asks for."""
    digits = text[2:]
    if digits in {digits.lower(), digits.upper()}:
        return True
    digest = keccak.new(digest_bits=256, data=digits.lower().encode()).hexdigest()
    return all(digit == (digit.upper() if int(nibble, 16) > 7 else digit.lower()) for digit, nibble in zip(digits, digest, strict=False))


def monero_payload(text: str) -> bytes | None:
    """Network byte and keys of a Monero address, or None where the checksum does not hold."""
    raw = b""
    for start in range(0, len(text), _BLOCK_CHARACTERS):
        block = text[start : start + _BLOCK_CHARACTERS]
        size = _BYTES_OF_CHARACTERS.get(len(block))
        number = 0
        for character in block:
            number = number * 58 + _BITCOIN.find(character)
        if size is None or "0" in block or number >= 1 << 8 * size:
            return None
        raw += number.to_bytes(size, "big")
    body, check = raw[:-4], raw[-4:]
    return body if keccak.new(digest_bits=256, data=body).digest()[:4] == check else None
