"""Project VIC's JSON, versions 1.2, 1.3 and 2.0, as hash sets and as cases: streamed, one record in memory.

No schema of it is public. What is read here is what public readers and writers of it agree on: a key that names the model
(``odata.metadata`` or ``@odata.context``), then ``value``, a list of records (``#Media``) or of cases whose ``Media`` are
records (``#Cases``). Booleans come as texts, a byte-order mark happens, categories are numbers of a national scale.
Names and paths of files and what was found in them are read past.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid
from grace.matching.digests import EXACT_BYTES, PDQ, read_hex
from grace.matching.formats.item import MOST_FACT, MOST_NOTE, Fact, Fault, Item, Passed, Tellings, Told, tidy
from grace.matching.formats.json_stream import MOST_NODES, Bytes, Event, Events
from grace.matching.formats.vics_categories import Means, Scale
from grace.matching.meaning import Meaning

CONTEXT_KEYS = ("odata.metadata", "@odata.context")
DEFAULT_SCALE = "Default"
PHOTODNA_BYTES = 144
ALGORITHMS: Mapping[str, str] = {"md5": "md5", "sha1": "sha1", "sha256": "sha256", "pdq": PDQ}
"""Names of hashes, without hyphens and in small letters, and how we call them."""
WANTED: Mapping[str, str] = {
    "category": "category",
    "md5": "md5",
    "sha1": "sha1",
    "photodna": "photodna",
    "alternativehashes": "others",
    "mediasize": "size",
    "mimetype": "media_type",
    "victimidentified": "victim_identified",
    "offenderidentified": "offender_identified",
    "isdistributed": "distributed",
    "issuspected": "suspected",
    "selfgenerated": "self_generated",
    "isprecategorized": "precategorized",
    "precategorizationsource": "precategorized_by",
    "series": "series",
    "tags": "tags",
    "comments": "note",
    "dateupdated": "updated",
}
"""Keys that are kept, in small letters."""
_FLAGS = ("victim_identified", "offender_identified", "distributed", "suspected", "self_generated", "precategorized")
_TEXTS = ("media_type", "series", "tags", "precategorized_by", "updated")
_TRUTH: Mapping[Any, bool] = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}
_SCALE = re.compile(r"/2\.\d+\.xml/([A-Za-z]{1,20})/\$metadata#(?:Media|Cases)$")
_MOST_SIZE = 1 << 53


@dataclass(frozen=True, slots=True)
class Reading:
    """How the records are to be understood: the scales, which one if the file does not say, what 0 means, and for what list.

    ``video`` is how the video is called that a file of one video is about.
    """

    scales: Mapping[str, Scale]
    scale: str = ""
    zero: str = ""
    meaning: Meaning = Meaning.ALERT
    video: str = ""


class Wrong(Exception):
    """A record that cannot be kept; the message says why."""


def knows(head: bytes) -> bool:
    """Whether a file that begins so names one of the models."""
    text = head.decode("utf-8-sig", errors="replace").lstrip()
    return text.startswith("{") and re.match(r'\{\s*"(?:odata\.metadata|@odata\.context|value)"', text) is not None


def read(stream: Bytes, reading: Reading) -> Tellings:
    """Every record of the file. Raises :class:`Invalid` for what is not JSON of this shape."""
    events = Events(stream)
    if events.next()[0] != "start_map":
        raise Invalid(_("This is not a VICS file: it does not begin with an object."))
    scale, seen = _scale(reading, ""), False
    counter = _Counter()
    for key in events.members():
        event, value = events.next()
        if key in CONTEXT_KEYS and event == "string":
            scale = _scale(reading, value)
        elif key == "value" and event == "start_array":
            seen = True
            yield from _records(events, counter, reading, scale)
        else:
            events.skip(event)
    events.end()
    if not seen:
        raise Invalid(_("This is not a VICS file: it has no list of records under “value”."))


class _Counter:
    """Numbers records through all cases of a file."""

    def __init__(self) -> None:
        self.number = 0

    def next(self) -> int:
        self.number += 1
        return self.number


def _scale(reading: Reading, context: str) -> Scale:
    found = _SCALE.search(context)
    name = reading.scale or (found[1] if found else "") or DEFAULT_SCALE
    return next((scale for known, scale in reading.scales.items() if known.lower() == name.lower()), None) or Scale(name, {}, {})


def _records(events: Events, counter: _Counter, reading: Reading, scale: Scale) -> Iterator[Told]:
    """The elements of a list that has just begun: records, or cases that hold them."""
    while (first := events.next())[0] != "end_array":
        if first[0] != "start_map":
            events.skip(first[0])
            yield Fault(counter.next(), _("not an object"))
            continue
        kept: dict[str, Any] = {}
        is_case = False
        for key in events.members():
            name = key.lower()
            if name == "media":
                event = events.next()
                if event[0] == "start_array":
                    is_case = True
                    yield from _records(events, counter, reading, scale)
                else:
                    events.skip(event[0])
            else:
                _keep(events, kept, name)
        if not is_case:
            yield _told(counter.next(), kept, reading, scale)


def _keep(events: Events, kept: dict[str, Any], name: str) -> None:
    event: Event = events.next()
    if name not in WANTED:
        events.skip(event[0])
    elif WANTED[name] in kept:
        events.skip(event[0])
        kept["twice"] = name
    else:
        kept[WANTED[name]] = events.built(*event, [MOST_NODES])


def _told(number: int, kept: Mapping[str, Any], reading: Reading, scale: Scale) -> Told:
    if "twice" in kept:
        return Fault(number, _("the key %(key)s stands twice") % {"key": kept["twice"]})
    try:
        category = _whole(kept.get("category"), "Category", 9999)
        if why := _left_out(category, reading, scale):
            return Passed(number, why)
        digests, photodna = _digests(kept)
        if not digests:
            return Passed(number, _("it names nothing that can be looked up"))
        facts = _facts(kept) | ({"photodna": photodna} if photodna else {})
        if category is not None:
            facts |= {"number": category, "scale": scale.name}
    except Wrong as fault:
        return Fault(number, str(fault))
    note = tidy(kept["note"], MOST_NOTE) if isinstance(kept.get("note"), str) else ""
    return Item(number, digests, scale.word(category, reading.zero), "", note, _key(digests), facts)


def _left_out(category: int | None, reading: Reading, scale: Scale) -> str | None:
    means = scale.meaning(category, reading.zero)
    if means is Means.UNDECIDED:
        return _("category %(number)s, whose meaning was not said") % {"number": category}
    if reading.meaning is Meaning.ALERT and means is Means.NOT_PERTINENT:
        return _("category %(number)s, which is not pertinent") % {"number": category}
    if reading.meaning is Meaning.NEGATIVE and means is not Means.NOT_PERTINENT:
        return _("not of a category that is not pertinent, and the list is a negative one")
    return None


def _key(digests: tuple[tuple[str, bytes], ...]) -> str:
    algorithm, value = digests[0]
    return f"{algorithm}:{value.hex()}"


def _digests(kept: Mapping[str, Any]) -> tuple[tuple[tuple[str, bytes], ...], str]:
    """What can be looked up, MD5 first, and the PhotoDNA in base64."""
    found: dict[str, bytes] = {}
    photodna = ""
    written = [("md5", kept.get("md5")), ("sha1", kept.get("sha1")), ("photodna", kept.get("photodna")), *_others(kept.get("others"))]
    for name, value in written:
        if value is None or value == "":
            continue
        if not isinstance(value, str):
            raise Wrong(_("the %(name)s is not a text") % {"name": name})
        if name == "photodna":
            photodna = photodna or photodna_of(value.strip())
        elif name in ALGORITHMS and ALGORITHMS[name] not in found:
            raw = read_hex(ALGORITHMS[name], value.strip())
            if raw is None:
                raise Wrong(_("the %(name)s is not a hash of its kind") % {"name": name})
            found[ALGORITHMS[name]] = raw
    order = (*EXACT_BYTES, PDQ)
    return tuple((algorithm, found[algorithm]) for algorithm in order if algorithm in found), photodna


def _others(value: object) -> Iterator[tuple[str, Any]]:
    for each in value if isinstance(value, list) else []:
        if isinstance(each, dict) and isinstance(each.get("HashName"), str):
            yield each["HashName"].lower().replace("-", "").replace("_", ""), each.get("HashValue")


def photodna_of(written: str) -> str:
    """A PhotoDNA in base64, whether it is written so or in hexadecimal. Raises :class:`Wrong`."""
    try:
        hexadecimal = len(written) == 2 * PHOTODNA_BYTES
        raw = bytes.fromhex(written) if hexadecimal else base64.b64decode(written, validate=True)
    except (ValueError, binascii.Error):
        raw = b""
    if len(raw) != PHOTODNA_BYTES:
        raise Wrong(_("the %(name)s is not a hash of its kind") % {"name": "PhotoDNA"})
    return base64.b64encode(raw).decode()


def _facts(kept: Mapping[str, Any]) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    size = _whole(kept.get("size"), "MediaSize", _MOST_SIZE)
    if size is not None:
        facts["size"] = size
    for name in _FLAGS:
        if (flag := flag_of(kept.get(name), name)) is not None:
            facts[name] = flag
    for name in _TEXTS:
        if said := tidy(_text(kept.get(name)), MOST_FACT):
            facts[name] = said
    return facts


def _text(value: object) -> str:
    """A text, the ``Name`` of an object, or a list of either with commas between."""
    if isinstance(value, dict):
        value = value.get("Name")
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value)))
    return value if isinstance(value, str) else ""


def _whole(value: object, name: str, most: int) -> int | None:
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdecimal() and len(value) <= 20:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise Wrong(_("the %(name)s is not a whole number that it could be") % {"name": name})
    return value


def flag_of(value: object, name: str) -> bool | None:
    """A truth value, also as a text; None where nothing is said. Raises :class:`Wrong`."""
    if value is None or value == "" or isinstance(value, bool):
        return value if isinstance(value, bool) else None
    told = _TRUTH.get(str(value).strip().lower())
    if told is None:
        raise Wrong(_("%(name)s is neither true nor false") % {"name": name})
    return told
