"""What templates of all screens use: keys as the officer set them, and addresses that may not exist."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from grace.web.frame import address_of_route
from grace.web.keys import Keys

register = template.Library()


@register.simple_tag(takes_context=True)
def key(context: Context, usual: str) -> str | SafeString:
    """The key cap for what ``usual`` usually does: ``{% key "t" %}``; nothing where the officer switched keys off."""
    shown = _keys(context).shown(usual)
    return format_html("<kbd>{}</kbd>", shown) if shown else ""


@register.inclusion_tag("grace/parts/hint.html", takes_context=True)
def hint(context: Context, usual: str, text: str) -> dict[str, Any]:
    """A line of the hint bar: ``{% hint "j k" _("down, up") %}``; several keys are separated by a space."""
    keys = _keys(context)
    return {"caps": [keys.shown(one) if len(one) == 1 else one for one in usual.split()], "text": text, "on": keys.on}


@register.simple_tag
def route(name: str) -> str:
    """The address of a screen, or nothing where this installation has none."""
    return address_of_route(name)


def _keys(context: Context) -> Keys:
    found = context.get("keys")
    return found if isinstance(found, Keys) else Keys()
