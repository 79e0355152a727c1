"""What single providers do differently: one small class each, chosen by the sender's name."""

from __future__ import annotations

from collections.abc import Callable

from grace.intake.formats.lea_json.quirks.block import Block
from grace.intake.formats.lea_json.quirks.dropbox import Dropbox
from grace.intake.formats.lea_json.quirks.imgur import Imgur
from grace.intake.formats.lea_json.quirks.meetme import MeetMe
from grace.intake.formats.lea_json.quirks.meta import Meta
from grace.intake.formats.lea_json.quirks.microsoft import Microsoft
from grace.intake.formats.lea_json.quirks.plain import Quirk, Said
from grace.intake.formats.lea_json.quirks.reddit import Reddit
from grace.intake.formats.lea_json.quirks.tiktok import TikTok
from grace.intake.formats.lea_json.quirks.whatsapp import WhatsApp
from grace.intake.formats.lea_json.quirks.x_corp import XCorp
from grace.intake.formats.lea_json.quirks.yahoo import Yahoo

__all__ = ["Quirk", "Said", "quirk_of"]

_PLAIN = Quirk()


def _is(*names: str) -> Callable[[str], bool]:
    return lambda sender: sender in names


def _contains(*words: str) -> Callable[[str], bool]:
    return lambda sender: any(word in sender for word in words)


def _block(sender: str) -> bool:
    """Block Inc., the maker of Cash App; not every name with "block" in it."""
    return "Cash App" in sender or sender.split(",", maxsplit=1)[0].split()[:1] == ["Block"]


_QUIRKS: tuple[tuple[Callable[[str], bool], Quirk], ...] = (
    (_is("Facebook", "Instagram, Inc."), Meta()),
    (_is("WhatsApp Inc."), WhatsApp()),
    (_is("Dropbox, Inc."), Dropbox()),
    (_contains("X Corp"), XCorp()),
    (_contains("Microsoft"), Microsoft()),
    (_contains("Imgur"), Imgur()),
    (_contains("TikTok"), TikTok()),
    (_contains("Reddit"), Reddit()),
    (_contains("Yahoo"), Yahoo()),
    (_contains("MeetMe"), MeetMe()),
    (_block, Block()),
)


def quirk_of(sender: str) -> Quirk:
    """The way of the provider with this name; the generic one for all others."""
    return next((quirk for test, quirk in _QUIRKS if test(sender)), _PLAIN)
