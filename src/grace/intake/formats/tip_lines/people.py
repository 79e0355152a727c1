"""A person's block, line by line: names, identifiers with what is said of them, and addresses with port and moment below."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from grace.identifiers.addresses import normal_ip
from grace.intake.formats.tip_lines.items import Item
from grace.intake.formats.tip_lines.vocabulary import IDENTIFIERS, PERSON_FIELDS
from grace.sdk.intake import Claim, Kind, Passage, Person, Role

MOMENT = re.compile(r"\d{2}-\d{2}-\d{4}(?:,?\s+\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:\s*[AaPp][Mm])?)?(?:\s*(?:UTC|GMT|Z))?", re.ASCII)
_VERIFIED = re.compile(r"\(\s*(?P<no>not\s+|un)?verified\b\s*:?\s*(?P<at>[^()]*)\)", re.IGNORECASE)
_EVENT = re.compile(r"\(([^()]*)\)")
_ALONE = re.compile(r"[0-9A-Fa-f:.]{3,45}(?:\s*\([A-Za-z /]{1,30}\))?")
_PORT = re.compile(r"\bport:?\s*(\d{1,5})\b", re.IGNORECASE)
_DAY = re.compile(r"(\d{2})-(\d{2})-(\d{4})", re.ASCII)
_UNSTATED = frozenset({"", "n/a", "none", "(information not provided by company)", "information not provided by company", "not provided"})


def is_stated(value: str) -> bool:
    """Whether a value says anything."""
    return value.strip().casefold() not in _UNSTATED


@dataclass(slots=True)
class Block:
    """What a block says so far: of a person, a file or the report itself."""

    path: str
    service: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    about: str = "note"

    def take(self, item: Item) -> bool:
        """Take in what is an identifier, or belongs to the one above, or is free text; whether it was."""
        if item.key in IDENTIFIERS:
            self._identifier(item)
        elif item.key in {"port", "event_at", "loose"}:
            return self._below(item)
        elif item.key == "text":
            if is_stated(item.value):
                self.passages.append(Passage(item.value, item.path, self.about))
        else:
            return False
        return True

    def _identifier(self, item: Item) -> None:
        kind, label = IDENTIFIERS[item.key]
        if kind is Kind.IP and MOMENT.match(item.value) and self._below(item):
            return  # a cell of several lines, whose label stands beside the last
        if is_stated(item.value):
            self.claims.append(_address(item) if kind is Kind.IP else _contact(item, kind, label, self.service))

    def _below(self, item: Item) -> bool:
        """A port or a moment on a line of its own belongs to the address above it; so may an address itself stand alone."""
        if item.key == "loose" and _ALONE.fullmatch(item.value) and normal_ip(item.value.split(" ", 1)[0]):
            self.claims.append(_address(item))
            return True
        last = self.claims[-1] if self.claims else None
        if last is None or last.kind is not Kind.IP:
            return False
        port, at = _PORT.search(item.value), MOMENT.search(item.value)
        if item.key == "port":
            port = re.match(r"(\d{1,5})\b", item.value)
        elif item.key == "loose" and (at is None or not _is_moment(item.value, at)):
            return False
        self.claims[-1] = replace(last, port=last.port or (port[1] if port else None), at=last.at or (at[0] if at else None))
        return bool(port or at)


def _is_moment(text: str, found: re.Match[str]) -> bool:
    """Whether a line says nothing but a moment, and perhaps a port."""
    rest = _PORT.sub("", text[: found.start()] + text[found.end() :])
    return not rest.strip(" ,;()@|")


def _contact(item: Item, kind: Kind, label: str | None, service: str | None) -> Claim:
    value, facts, verified = item.value, {}, None
    found = _VERIFIED.search(value)
    if found is not None:
        verified = not found["no"]
        facts = {"verification_date": found["at"].strip()} if found["at"].strip() else {}
        value = (value[: found.start()] + value[found.end() :]).strip()
    owner = service if kind in {Kind.USER_ID, Kind.SCREEN_NAME} else None
    return Claim(kind, value, item.path, verified=verified, service=owner, label=label, facts=facts)


def _address(item: Item) -> Claim:
    """``192.0.2.1 (Login)``, with or without port and moment on the same line."""
    address, _, rest = item.value.partition(" ")
    event, at, port = _EVENT.search(rest), MOMENT.search(rest), _PORT.search(rest)
    return Claim(
        Kind.IP,
        address,
        item.path,
        event=(event[1].strip() or None) if event else None,
        at=at[0] if at else None,
        port=port[1] if port else None,
        label="IP Address",
    )


def take_of_person(block: Block, item: Item) -> bool:
    """Take in a line of a person's block; whether it has a place there."""
    if block.take(item):
        return True
    if item.key == "full_name":
        block.fields |= _names(item.value) if is_stated(item.value) else {}
    elif item.key == "date_of_birth":
        block.fields |= {"date_of_birth": _day(item.value)} if is_stated(item.value) else {}
    elif item.key in PERSON_FIELDS:
        block.fields |= {item.key: ", ".join(item.value.split("\n"))} if is_stated(item.value) else {}
    else:
        return False
    return True


def person_of(role: Role, block: Block) -> Person:
    """The person, with the address of the profile among the fields as the JSON of the same report has it."""
    profile = next((claim.value for claim in block.claims if claim.label == "Profile URL"), None)
    fields = block.fields | ({"profile_url": profile} if profile else {})
    service = fields.get("service")
    claims = (replace(claim, service=service) if service and claim.service else claim for claim in block.claims)
    return Person(role, block.path, fields, tuple(claims), tuple(block.passages))


def _names(written: str) -> dict[str, str]:
    """Two words are a first and a last name; how more are parted only their bearer knows."""
    words = written.split()
    return {"first_name": words[0], "last_name": words[1]} if len(words) == 2 else {"name": " ".join(words)}


def _day(written: str) -> str:
    """The order of month and day is the layout's own, so only here can it be told: ``05-17-1991`` is 1991-05-17."""
    found = _DAY.fullmatch(written.strip())
    return f"{found[3]}-{found[1]}-{found[2]}" if found else written.strip()
