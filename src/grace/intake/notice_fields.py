"""The form of a notice, as data: what is asked, in which order, and in which words.

It asks for what recital 56 and Article 18(2) name, and for whom to ask back: nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = Promise | str
Entry = Literal["line", "email", "tel", "long", "list", "moment", "date", "zone", "files"]


@dataclass(frozen=True, slots=True)
class Field:
    """One entry: its name in the form, its label, what helps, and how it is entered."""

    name: str
    label: Text
    entry: Entry = "line"
    help: Text = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Entries under one heading."""

    title: Text
    fields: tuple[Field, ...]
    note: Text = ""


SECTIONS: tuple[Section, ...] = (
    Section(
        _("The content"),
        (
            Field("urls", _("Addresses"), "list", _("One a line, with https://")),
            Field("content_reference", _("Your number of the content")),
            Field("content_text", _("The content itself, where it is text"), "long"),
            Field("digests", _("Digests of its files"), "list", _("MD5, SHA-1 or SHA-256 in hexadecimal, one a line")),
        ),
        _("At least one of these, or a file at the end of this page."),
    ),
    Section(
        _("When it was published"),
        (
            Field("published_at", _("Date and time"), "moment", _("As exactly as you know it; leave it empty if you do not")),
            Field("time_zone", _("Time zone of that time"), "zone"),
        ),
    ),
    Section(_("Your suspicion"), (Field("suspicion", _("Why you suspect a criminal offence"), "long", required=True),)),
    Section(
        _("The recipient of your service"),
        (
            Field("user_ids", _("Numbers of the account"), "list", _("One a line")),
            Field("screen_names", _("Names of the account"), "list", _("One a line")),
            Field("emails", _("E-mail addresses"), "list", _("One a line")),
            Field("phones", _("Telephone numbers"), "list", _("One a line, with the country code")),
            Field(
                "ips",
                _("IP addresses"),
                "list",
                _("One a line: address, time with zone, source port. 192.0.2.7, 2026-11-01T20:10:09Z, 51600"),
            ),
            Field("first_name", _("First name")),
            Field("last_name", _("Last name")),
            Field("date_of_birth", _("Date of birth"), "date"),
            Field("address_street", _("Street and number")),
            Field("address_postal_code", _("Postal code")),
            Field("address_city", _("City")),
            Field("address_country", _("Country")),
        ),
        _("Whatever you have that helps to locate and identify the person."),
    ),
    Section(
        _("States concerned"),
        (
            Field("states_offence", _("Where the offence took or takes place"), help=_("Two letters each: NL, DE")),
            Field("states_suspect", _("Where the suspected person lives or is")),
            Field("states_victim", _("Where the victim lives or is")),
        ),
        _("Leave empty what you cannot tell: the authority finds out."),
    ),
    Section(
        _("How to reach you"),
        (
            Field("contact", _("E-mail address for questions"), "email", required=True),
            Field("phone", _("Telephone for urgent questions"), "tel"),
            Field("reference", _("Your number of this notice"), help=_("A later notice with the same number is a new version of this one")),
            Field("established_in", _("State in which you are established"), help=_("Two letters")),
        ),
    ),
    Section(_("Files"), (Field("files", _("Files of the content"), "files"),)),
)
"""The form, from top to bottom; files come last, so that a set that is too large loses nothing of what was typed."""

ZONES: tuple[str, ...] = (
    "UTC",
    *(f"{sign}{hours:02}:00" for sign, most in (("-", 12), ("+", 14)) for hours in range(1, most + 1)),
    "-03:30",
    "+03:30",
    "+04:30",
    "+05:30",
    "+05:45",
    "+06:30",
    "+09:30",
)
"""The offsets that may be chosen."""
