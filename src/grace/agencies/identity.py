"""Who we are: our own keys, read from their file, and the card that we give to others."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from grace.agencies import card as cards
from grace.agencies.card import Card
from grace.agencies.keys import PrivateKeys, read_private
from grace.kernel.errors import Invalid


def own() -> PrivateKeys:
    """Our present keys. Raises :class:`Invalid` where their file is missing or damaged."""
    return _read(Path(settings.GRACE_EXCHANGE_KEY_PATH), _changed(Path(settings.GRACE_EXCHANGE_KEY_PATH)))


def all_own() -> list[PrivateKeys]:
    """Our present keys, then earlier ones beside them: what was sealed for an earlier key is still opened."""
    present = Path(settings.GRACE_EXCHANGE_KEY_PATH)
    earlier = sorted(path for path in present.parent.glob("exchange-*.key") if path != present)
    return [own(), *(_read(path, _changed(path)) for path in earlier)]


def own_card() -> Card:
    """Our card. Raises :class:`Invalid` where the operator has not said who we are."""
    if not settings.GRACE_AGENCY_NAME or not settings.GRACE_AGENCY_STATE:
        raise Invalid(_("This installation has no name yet."), remedy=_("Set GRACE_AGENCY_NAME and GRACE_AGENCY_STATE, and start again."))
    cards.check_words(settings.GRACE_AGENCY_NAME, settings.GRACE_AGENCY_STATE, settings.GRACE_AGENCY_ADDRESS)
    keys = own()
    return Card(keys.agency, settings.GRACE_AGENCY_NAME, settings.GRACE_AGENCY_STATE, settings.GRACE_AGENCY_ADDRESS, keys.public)


def own_card_text() -> str:
    """Our card, signed."""
    return cards.write(own_card(), own())


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=16)
def _read(path: Path, changed: int) -> PrivateKeys:
    del changed
    try:
        return read_private(path.read_bytes())
    except OSError:
        return read_private(b"")
