"""The card of an installation: who it is, where it is reached, its public keys, signed with its own key.

The signature shows that whoever made the card holds the keys; whose keys they are shows only the comparison of the fingerprint.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from grace.agencies.keys import PrivateKeys, PublicKeys, bytes_of, text_of
from grace.host.environment import is_webhook
from grace.kernel.errors import Invalid
from grace.kernel.strict import Entries, parse, spelled

MOST_BYTES = 16_384
MOST_NAME = 200
MOST_ADDRESS = 300
_FORMAT, _VERSION = "grace-agency-card", 1
_SIGNED = b"grace-card-1\0"
_STATE = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Card:
    """What an installation says of itself; an empty address means that it is reached by file only, across an air gap."""

    agency: UUID
    name: str
    state: str
    address: str
    keys: PublicKeys

    @property
    def fingerprint(self) -> str:
        """What two persons compare."""
        return self.keys.fingerprint(self.agency)


def check_words(name: str, state: str, address: str) -> None:
    """Raise :class:`Invalid` where name, state or address cannot stand on a card."""
    if not name.strip() or len(name) > MOST_NAME or not name.isprintable():
        raise Invalid(_("An agency needs a name of one line, %(most)d characters at most.") % {"most": MOST_NAME})
    if not _STATE.fullmatch(state):
        raise Invalid(_("The state is told by its two-letter ISO code, in capitals."), remedy=_("Such as DE or FR."))
    if address and (len(address) > MOST_ADDRESS or not is_webhook(address) or address.endswith("/")):
        raise Invalid(_("The address must begin with https:// and end without a slash."), remedy=_("Leave it empty for an air gap."))


def write(card: Card, own: PrivateKeys) -> str:
    """The card as a text of one line, signed."""
    told = _told(card)
    return spelled({**told, "signature": text_of(own.sign(_SIGNED + spelled(told)))}).decode() + "\n"


def read(text: str | bytes) -> Card:
    """The card of a text. Raises :class:`Invalid` where it is none, or was not made by whoever holds its keys."""
    entries = parse(text.encode() if isinstance(text, str) else text, MOST_BYTES)
    card, signature = _read(entries)
    if not card.keys.verifies(signature, _SIGNED + spelled(_told(card))):
        raise Invalid(_("This card was changed after it was made."), remedy=_("Ask the agency for its card again."))
    card.keys.sealing_key()
    return card


def _told(card: Card) -> dict[str, object]:
    return {
        "format": _FORMAT,
        "version": _VERSION,
        "agency": str(card.agency),
        "name": card.name,
        "state": card.state,
        "address": card.address,
        "signing": text_of(card.keys.signing),
        "sealing": text_of(card.keys.sealing),
    }


def _read(entries: Entries) -> tuple[Card, bytes]:
    entries.version(_FORMAT, _VERSION)
    agency = entries.uuid("agency")
    name = entries.text("name", MOST_NAME)
    state = entries.text("state", 2)
    address = entries.text("address", MOST_ADDRESS, empty=True)
    keys = PublicKeys(bytes_of(entries.text("signing", 64)), bytes_of(entries.text("sealing", 2_000)))
    signature = bytes_of(entries.text("signature", 200))
    entries.end()
    check_words(name, state, address)
    return Card(agency, name, state, address, keys), signature
