"""The fast mode for load: LEA JSON without files from templates, so that the generator never is the bottleneck.

A template is what the ordinary writer makes of a report full of marks, one for each value that differs; so the two
modes cannot drift apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from hashlib import blake2b
from operator import itemgetter

from grace.sdk.intake import Kind, Role
from grace.simulate import lea_json
from grace.simulate.catalogue import Catalogue, Digests, invented_digests
from grace.simulate.chance import Dice
from grace.simulate.compose import FIRST_NUMBER, incident_type
from grace.simulate.fate import Fate, Oracle
from grace.simulate.names import ACCESS, PROVIDERS, TEXTS, Provider
from grace.simulate.people import Account, Capture, People, device
from grace.simulate.places import STATES, ipv6
from grace.simulate.plan import Form
from grace.simulate.referral import NamedFile, Referral
from grace.simulate.truth import FileTruth, Resend, Standing, Truth

_FILES = 4
_USES = (7, 4)
_SIGHTINGS = sum(_USES) + 1
_VIEWED = (True, False, None, True)
_PAGE_TEXT = " ".join(TEXTS)
_UNIX = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_AT = datetime(1900, 1, 1, tzinfo=UTC)
_PORT = 90_000
_NUMBER = 999_000_999
_INCIDENT, _RECEIVED = 80, 81
_ONCE = ("number", "type", "page", "device", f"at{_INCIDENT}", f"at{_RECEIVED}")
_OF_PERSON = ("user", "screen", "email")
_OF_FILE = ("file", "md")
_OF_USE = ("ip", "at", "port")
_NAMES = (
    *_ONCE,
    *(f"{name}{place:02d}" for place in range(len(_USES)) for name in _OF_PERSON),
    *(f"{name}{place:02d}" for place in range(_FILES) for name in _OF_FILE),
    *(f"{name}{place:02d}" for place in range(_SIGHTINGS) for name in _OF_USE),
)
"""The values of a document, in the order in which the writer gathers them."""
_MARKS = (
    (re.compile(r"19(\d\d)-01-01T00:00:00Z"), r"«at\1»"),
    (re.compile(r"\b900(\d\d)\b"), r"«port\1»"),
    (re.compile(rf"\b{_NUMBER}\b"), "«number»"),
)
_MARK = re.compile("«([a-z]+[0-9]*)»")


class _Template:
    """A report with gaps: the texts between the gaps, and which value belongs into each."""

    __slots__ = ("_pick", "_pieces")

    def __init__(self, text: str) -> None:
        self._pieces = _MARK.split(text)
        self._pick = itemgetter(*(_NAMES.index(name) for name in self._pieces[1::2]))

    def fill(self, values: Sequence[str]) -> bytes:
        """The report with ``values``, which stand in the order of ``_NAMES``."""
        pieces = self._pieces.copy()
        pieces[1::2] = self._pick(values)
        return "".join(pieces).encode()


class BareWriter:
    """Writes the reports of a plan as bare LEA JSON: 12 sightings, 2 persons, 4 named digests, about 7 kB."""

    def __init__(self, oracle: Oracle, catalogue: Catalogue, people: People) -> None:
        self._seed = oracle.plan.seed
        self._known_share = oracle.plan.known_share
        self._groups_from = 2 * oracle.originals
        self._catalogue = catalogue
        self._people = people
        self._template = cache(_template)

    def write(self, index: int, fate: Fate, kind: Resend | None) -> tuple[bytes, Truth]:
        """The document of this fate and its truth; a resend is always byte for byte."""
        provider = PROVIDERS[0] if fate.provider.hotline else fate.provider
        dice = Dice(self._seed, "bare", fate.source)
        persons, gadget = self._persons(fate, dice), self._device(fate)
        lines = [(ipv6(person.state, dice.word()), ipv6(person.state, dice.word())) for person in persons]
        files = self._files(fate, dice)
        page = f"https://{provider.domain}/p/{fate.source}"
        moments = fate.moments
        values = [
            str(FIRST_NUMBER + fate.source),
            incident_type(fate, dice),
            page,
            gadget,
            _utc(_seconds(moments.incident_at)),
            _utc(_seconds(moments.received_at)),
        ]
        for person in persons:
            values += (person.user_id, person.screen_name or "", person.email or "")
        for file in files:
            values += (file.name, file.md5)
        _add_sightings(values, fate, dice.numbers(), lines)
        identifiers = (*_named(persons, gadget), *((Kind.IP, line) for pair in lines for line in pair))
        if provider.incident == "web":
            identifiers = (*identifiers, (Kind.URL, page))
        truth = _truth(index, fate, kind, provider, persons, files, identifiers)
        return self._template(provider, access=fate.access).fill(values), truth

    def _persons(self, fate: Fate, dice: Dice) -> tuple[Account, Account]:
        number, state = 2 * fate.slot, fate.state
        if fate.group is not None and "account" in fate.linked_by:
            number, state = self._groups_from + fate.group, Dice(self._seed, "home", fate.group).below(len(STATES))
        other = fate.state if dice.chance(0.6) else dice.below(len(STATES))
        return self._people.account(number, Role.REPORTED, state), self._people.account(2 * fate.slot + 1, Role.RECIPIENT, other)

    def _device(self, fate: Fate) -> str:
        shared = fate.group if "device" in fate.linked_by else None
        return device(self._seed, "own", 2 * fate.slot) if shared is None else device(self._seed, "group", shared)

    def _files(self, fate: Fate, dice: Dice) -> tuple[FileTruth, ...]:
        fresh = blake2b(b"%d new %d" % (self._seed, fate.source), digest_size=16 * _FILES).hexdigest()
        named = []
        for place in range(_FILES):
            standing, key, md5 = self._file(fate, place, dice) or (
                Standing.NEW,
                f"new-{fate.source}-{place}",
                fresh[32 * place : 32 * place + 32],
            )
            named.append(FileTruth(f"{fate.source}-{place + 1}.jpg", md5, standing, key))
        return tuple(named)

    def _file(self, fate: Fate, place: int, dice: Dice) -> tuple[Standing, str, str] | None:
        """A file that others have too; None for a new one."""
        if place == 1 and fate.viral:
            return Standing.VIRAL, "viral", invented_digests(self._seed, "viral").md5
        if place == 2 and "file" in fate.linked_by:
            return Standing.LINKED, f"group-{fate.group}", invented_digests(self._seed, "group", fate.group or 0).md5
        if fate.fresh or not dice.chance(self._known_share):
            return None
        number = self._catalogue.popular(dice, self._catalogue.named)
        return Standing.KNOWN, f"named-{number}", self._catalogue.named_digests(number).md5


def _add_sightings(values: list[str], fate: Fate, numbers: Sequence[int], lines: Sequence[tuple[str, str]]) -> None:
    """Addresses, times and ports of the sightings: log-ins in the weeks before, and the upload, which is the last."""
    incident = _seconds(fate.moments.incident_at)
    last = _SIGHTINGS - 1
    for use in range(last):
        number = numbers[use]
        whose = lines[0] if use < _USES[0] else lines[1]
        values += (whose[use % 2], _utc(incident - number % 2_000_000), str(1024 + number % 63_997))
    age = 0 if fate.fresh else 259_200 + numbers[last] % 3_000_000
    values += (lines[0][last % 2], _utc(incident - age), str(1024 + numbers[last] % 63_997))


def _seconds(moment: datetime) -> int:
    return (moment - _UNIX) // _SECOND


def _utc(seconds: int) -> str:
    """The moment that many seconds after 1970, as written; pieced together from what was said before."""
    day, second = divmod(seconds, 86_400)
    return f"{_day(day)}T{_minute(second // 60)}:{second % 60:02d}Z"


@lru_cache(maxsize=10_000)
def _day(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


@cache
def _minute(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _truth(
    index: int,
    fate: Fate,
    kind: Resend | None,
    provider: Provider,
    persons: Sequence[Account],
    files: tuple[FileTruth, ...],
    identifiers: tuple[tuple[Kind, str], ...],
) -> Truth:
    return Truth(
        index=index,
        number=str(FIRST_NUMBER + fate.source),
        sender=provider.name,
        form=Form.LEA_JSON,
        urgent=fate.why is not None,
        why=fate.why,
        stated=fate.stated,
        escalated=False,
        states=tuple(sorted({STATES[person.state].code for person in persons})),
        states_stated=(),
        places=tuple(sorted({(person.role, STATES[person.state].code) for person in persons})),
        misleading=False,
        incident_at=fate.moments.incident_at,
        received_at=fate.moments.received_at,
        arrives_at=fate.moments.arrives_at,
        files=files,
        identifiers=identifiers,
        viral=fate.viral,
        group=None if fate.group is None else f"group-{fate.group}",
        linked_by=fate.linked_by,
        resend=kind and Resend.DUPLICATE,
        resend_of=None if kind is None else fate.source,
    )


def _named(persons: Sequence[Account], gadget: str) -> Iterator[tuple[Kind, str]]:
    """What a bare report says of its persons: no names, telephone numbers or streets."""
    for person in persons:
        yield Kind.EMAIL, (person.email or "").lower()
        yield Kind.USER_ID, person.user_id
        yield Kind.SCREEN_NAME, person.screen_name or ""
    yield Kind.DEVICE, gadget


def _template(provider: Provider, *, access: bool) -> _Template:
    """The report of this provider with gaps: what the ordinary writer makes of a report full of marks."""
    persons = tuple(_marked_account(place, access=access) for place in range(len(_USES)))
    referral = Referral(
        number=_NUMBER,
        provider=provider,
        form=Form.LEA_JSON,
        incident_type="«type»",
        incident_at=_AT.replace(year=1900 + _INCIDENT),
        received_at=_AT.replace(year=1900 + _RECEIVED),
        page="«page»",
        text=_PAGE_TEXT,
        accounts=persons,
        files=tuple(_marked_file(place) for place in range(_FILES)),
    )
    text = lea_json.write(referral).decode("utf-8")
    for mark, name in _MARKS:
        text = mark.sub(name, text)
    return _Template(text)


def _marked_account(place: int, *, access: bool) -> Account:
    first = sum(_USES[:place])
    return Account(
        role=(Role.REPORTED, Role.RECIPIENT)[place],
        state=0,
        user_id=f"«user{place:02d}»",
        screen_name=f"«screen{place:02d}»",
        email=f"«email{place:02d}»",
        email_verified=True,
        device=None if place else "«device»",
        access=ACCESS[0] if access and not place else None,
        captures=tuple(_marked_capture(first + use) for use in range(_USES[place])),
    )


def _marked_capture(place: int) -> Capture:
    event = "Upload" if place == _SIGHTINGS - 1 else "Login"
    return Capture(f"«ip{place:02d}»", event, _AT.replace(year=1900 + place), _PORT + place)


def _marked_file(place: int) -> NamedFile:
    truth = FileTruth(f"«file{place:02d}»", "", Standing.NEW, "")
    capture = None if place else _marked_capture(_SIGHTINGS - 1)
    return NamedFile(f"IMG_{place}.jpg", Digests(f"«md{place:02d}»", "", ""), None, _VIEWED[place], capture, truth)
