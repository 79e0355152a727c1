"""Payment identifiers: cashtags, IBANs and wallet addresses."""

from __future__ import annotations

import re

_CASHTAG = re.compile(r"[$£€]\S{1,64}")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_ETHEREUM = re.compile(r"0[xX][0-9a-fA-F]{40}")
_BECH32 = re.compile(r"[a-z]{2,4}1[02-9ac-hj-np-z]{11,87}", re.IGNORECASE)


def normal_payment(text: str) -> str | None:
    """Cashtags with their case folded, IBANs without blanks, bech32 and Ethereum wallets in lower case, the rest as it stands.

    The case of an Ethereum address is its checksum (EIP-55) and says nothing else.
    """
    text = text.strip()
    if _CASHTAG.fullmatch(text):
        return text.casefold()
    joined = re.sub(r"\s", "", text).upper()
    if _IBAN.fullmatch(joined) and _checks(joined):
        return joined
    if _BECH32.fullmatch(text) or _ETHEREUM.fullmatch(text):
        return text.lower()
    return text or None


def is_payment(text: str) -> bool:
    """Whether the text has the shape of a cashtag, an IBAN or a wallet of the two kinds whose shape is plain."""
    joined = re.sub(r"\s", "", text).upper()
    is_iban = _IBAN.fullmatch(joined) is not None and _checks(joined)
    return is_iban or any(shape.fullmatch(text) for shape in (_CASHTAG, _BECH32, _ETHEREUM))


def _checks(iban: str) -> bool:
    """ISO 13616: the rearranged number leaves 1 when divided by 97."""
    return int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4])) % 97 == 1
