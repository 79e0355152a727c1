"""From what was typed into the form to a notice, or to what is wrong with it, field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from grace.identifiers import moments, normal
from grace.identifiers.addresses import split_port
from grace.intake.formats.dsa_notice.description import GROUNDS, MARK
from grace.intake.notice_fields import SECTIONS, ZONES
from grace.sdk.intake import Kind

LONGEST_LINE = 1_000
LONGEST_TEXT = 50_000
MOST_LINES = 200
MOST_FILES = 20

_PARTS = re.compile(r"[,;\s]+")
_STATE = re.compile(r"[A-Za-z]{2}")
_DIGEST = {32: "md5", 40: "sha1", 64: "sha256"}
_RECIPIENT = ("first_name", "last_name", "date_of_birth", "address_street", "address_postal_code", "address_city", "address_country")
_FIELDS = tuple(field for section in SECTIONS for field in section.fields)

Json = dict[str, object]


class Wrong(Exception):
    """What was typed cannot be understood; the message says what and how to put it right."""


@dataclass(frozen=True, slots=True)
class Composed:
    """The notice, or what is wrong by the name of the field; with faults the notice is not to be sent."""

    notice: Json
    faults: Mapping[str, str]


def compose(typed: Mapping[str, str], sender: str, files: Sequence[str] = ()) -> Composed:
    """A notice of ``sender`` from what was typed, with the names of its files."""
    form = _Form({field.name: typed.get(field.name, "").strip() for field in _FIELDS})
    form.check_lengths()
    notice: Json = {
        MARK: 1,
        "provider": {"name": sender, **form.provider()},
        "content": form.content(files),
        **form.published(),
        "suspicion": form.typed["suspicion"],
        **_if_any("recipient", form.recipient(sender)),
        **_if_any("states_concerned", form.states()),
    }
    return Composed(notice, form.faults)


class _Form:
    """One reading of the form; collects a fault for each field that has one, the first."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self.typed = typed
        self.faults: dict[str, str] = {}

    def wrong(self, name: str, why: str) -> None:
        """Note a fault."""
        self.faults.setdefault(name, why)

    def check_lengths(self) -> None:
        """Nothing that is required is missing, and nothing is endless."""
        for field in _FIELDS:
            text, most = self.typed[field.name], LONGEST_TEXT if field.entry in {"long", "list"} else LONGEST_LINE
            if field.required and not text:
                self.wrong(field.name, _("This is needed."))
            elif len(text) > most:
                self.wrong(field.name, _("This is longer than %(most)d characters.") % {"most": most})
            elif field.entry == "list" and len(text.splitlines()) > MOST_LINES:
                self.wrong(field.name, _("These are more than %(most)d lines; send the rest in a second notice.") % {"most": MOST_LINES})

    def read(self, name: str, reader: Callable[[str], Json]) -> list[Json]:
        """What a reader makes of each line of a field; a line that it cannot read is a fault."""
        if name in self.faults:
            return []
        found = []
        for number, line in enumerate(self.typed[name].splitlines(), 1):
            try:
                if line.strip():
                    found.append(reader(line.strip()))
            except Wrong as fault:
                self.wrong(name, _("Line %(number)d: %(why)s") % {"number": number, "why": fault})
        return found

    def provider(self) -> Json:
        """Whom to ask back."""
        contact = self.typed["contact"]
        if contact and normal(Kind.EMAIL, contact) is None:
            self.wrong("contact", _("This is no e-mail address."))
        state = self.states_in("established_in")
        if len(state) > 1:
            self.wrong("established_in", _("Name one state."))
        said = {name: self.typed[name] for name in ("contact", "phone", "reference") if self.typed[name]}
        return {**said, **({"established_in": state[0]} if state else {})}

    def content(self, files: Sequence[str]) -> Json:
        """Where the content lies, itself, its files and digests."""
        urls = self.read("urls", _url)
        named = [{"name": name} for name in files]
        told = [*named, *self.read("digests", _digest)]
        if not (urls or told or self.typed["content_text"] or self.typed["content_reference"]):
            self.wrong("urls", _("Say where the content lies, or give its number, its text, a digest or a file."))
        if len(files) > MOST_FILES:
            self.wrong("files", _("These are more than %(most)d files; send the rest in a second notice.") % {"most": MOST_FILES})
        said: Json = {
            "urls": [each["url"] for each in urls],
            "reference": self.typed["content_reference"],
            "text": self.typed["content_text"],
            "files": told,
        }
        return {key: value for key, value in said.items() if value}

    def published(self) -> Json:
        """When the content was published: a time is worth little without its zone."""
        at, zone = self.typed["published_at"], self.typed["time_zone"]
        if at and moments.read(at).wall is None:
            self.wrong("published_at", _("This is no time. Write it as 2026-11-01T21:10."))
        if at and zone not in ZONES:
            self.wrong("time_zone", _("Choose the time zone of the time above."))
        return {"published_at": at, "time_zone": zone} if at else {}

    def recipient(self, sender: str) -> Json:
        """What locates and identifies the recipient."""
        born = self.typed["date_of_birth"]
        if born and moments.read(born).precision != "day":
            self.wrong("date_of_birth", _("This is no date. Write it as 1985-04-30."))
        identifiers = [
            *self.read("user_ids", lambda line: {"kind": "user_id", "value": line, "service": sender}),
            *self.read("screen_names", lambda line: {"kind": "screen_name", "value": line, "service": sender}),
            *self.read("emails", _email),
            *self.read("phones", _phone),
            *self.read("ips", _ip),
        ]
        said = {name: self.typed[name] for name in _RECIPIENT if self.typed[name]}
        return {**said, **_if_any("identifiers", identifiers)}

    def states(self) -> list[Json]:
        """The states concerned, each with its grounds."""
        grounds: dict[str, list[str]] = {}
        for ground in GROUNDS:
            for state in self.states_in(f"states_{ground}"):
                grounds.setdefault(state, []).append(ground)
        return [{"state": state, "because": because} for state, because in grounds.items()]

    def states_in(self, name: str) -> list[str]:
        """The states that a field names."""
        words = [word for word in _PARTS.split(self.typed[name]) if word]
        if not all(_STATE.fullmatch(word) for word in words):
            self.wrong(name, _("Write each state in two letters, as NL, with commas between."))
            return []
        return list(dict.fromkeys(word.upper() for word in words))


def _if_any(key: str, value: object) -> Json:
    return {key: value} if value else {}


def _url(line: str) -> Json:
    if "://" not in line or normal(Kind.URL, line) is None:
        raise Wrong(_("this is no address. It begins with https://."))
    return {"url": line}


def _digest(line: str) -> Json:
    word = line.lower()
    if len(word) not in _DIGEST or not re.fullmatch(r"[0-9a-f]+", word):
        raise Wrong(_("this is no digest: MD5 has 32 hexadecimal digits, SHA-1 40, SHA-256 64."))
    return {"digests": {_DIGEST[len(word)]: word}}


def _email(line: str) -> Json:
    if normal(Kind.EMAIL, line) is None:
        raise Wrong(_("this is no e-mail address."))
    return {"kind": "email", "value": line}


def _phone(line: str) -> Json:
    if sum(letter.isdigit() for letter in line) < 5:
        raise Wrong(_("this is no telephone number."))
    return {"kind": "phone", "value": line}


def _ip(line: str) -> Json:
    """Address, time and port, in this order or the last two swapped."""
    address, *rest = [part for part in _PARTS.split(line) if part] or [""]
    if normal(Kind.IP, split_port(address)[0] or address) is None:
        raise Wrong(_("this is no IP address."))
    ports = [part for part in rest if part.isdigit() and len(part) <= 5]
    time = " ".join(part for part in rest if part not in ports)
    if time and moments.read(time).at is None:
        raise Wrong(_("the time cannot be read, or has no zone. Write it as 2026-11-01T20:10:09Z."))
    if len(ports) > 1 or any(not 0 < int(port) <= 0xFFFF for port in ports):
        raise Wrong(_("the source port is one number from 1 to 65535."))
    said: Json = {"kind": "ip", "value": address}
    return {**said, **({"at": time} if time else {}), **({"port": int(ports[0])} if ports else {})}
