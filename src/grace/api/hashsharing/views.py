"""The requests of the protocol: who am I, who takes part, what changed, and what a reader thinks of it."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID, uuid5
from xml.sax.saxutils import escape, quoteattr

from django.http import HttpRequest, HttpResponse
from lxml import etree

from grace.accounts.whence import address_of
from grace.api.hashsharing.doors import door
from grace.custody.declare import declares, nothing_personal
from grace.custody.kinds import Kind
from grace.kernel import clock
from grace.kernel.errors import Invalid, Missing
from grace.matching.formats.ncmec import KINDS, NAMESPACE
from grace.matching.formats.ncmec_write import HEAD, MOMENT, OURSELVES, Told, kind_of, result
from grace.matching.models import Sharing
from grace.matching.readers import Guest
from grace.matching.served import MOST_PAGE, Changed, Page, Span
from grace.pipeline import sharing

TYPE = "application/xml; charset=utf-8"
REASONS = ("Not what its classification says", "Of no use: too many files match")
"""What a reader may say against an entry."""
_PRINTS = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "PDQ": "pdq"}
_FORMS = ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ")
_MOST_BODY = 4096
_SPACE = UUID("7d0b6f1e-6a3c-5c6e-9b7e-0d6f3c1a2b4d")
_MOST_NUMBER = 1 << 62


@door("GET")
@nothing_personal
def status(request: HttpRequest, _shared: Sharing, guest: Guest) -> HttpResponse:
    """That the reader is let in, and under which number."""
    who = f"<member id={quoteattr(str(guest.number))}>{escape(guest.name)}</member>"
    where = f"<ipAddress>{escape(address_of(request))}</ipAddress><username>{escape(guest.name)}</username>"
    return _xml(f'<status xmlns="{NAMESPACE}">{where}{who}</status>')


@door("GET")
@nothing_personal
def members(_request: HttpRequest, _shared: Sharing, guest: Guest) -> HttpResponse:
    """Who takes part: this agency, and whoever asks."""
    told = "".join(f"<member id={quoteattr(str(number))}>{escape(name)}</member>" for number, name in sharing.members(guest))
    return _xml(f'<members xmlns="{NAMESPACE}">{told}</members>')


@door("GET")
@declares(Kind.DISCLOSURE)
def entries(request: HttpRequest, shared: Sharing, guest: Guest) -> HttpResponse:
    """What changed from ``from`` up to and without ``to``, at most ``size`` of it, from number ``start`` up to ``max``."""
    asked = request.GET
    span = Span(
        since=_moment(asked.get("from", ""), sharing.BEGINNING),
        until=_moment(asked.get("to", ""), clock.now().replace(microsecond=0)),
        start=_whole(asked.get("start", "0")),
        size=_whole(asked.get("size", str(MOST_PAGE))) or MOST_PAGE,
        last=_whole(asked["max"]) if "max" in asked else None,
    )
    found = sharing.page(shared, guest, span)
    by_kind: dict[str, list[Told]] = {kind: [] for kind in KINDS}
    for each in found.changed:
        told = _told(each)
        by_kind[told.kind].append(told)
    return HttpResponse("".join(result(by_kind, found.latest, _following(found))), content_type=TYPE)


@door("GET")
@nothing_personal
def reasons(request: HttpRequest, _shared: Sharing, _guest: Guest) -> HttpResponse:
    """Why a reader may dispute a fingerprint."""
    _algorithm(request)
    told = "".join(f"<reason guid={quoteattr(str(_guid(each)))} name={quoteattr(each)}/>" for each in REASONS)
    return _xml(f'<feedback xmlns="{NAMESPACE}"><availableFeedbackReasons>{told}</availableFeedbackReasons></feedback>')


@door("PUT")
@declares(Kind.ALTERATION)
def feedback(request: HttpRequest, shared: Sharing, guest: Guest) -> HttpResponse:
    """A reader confirms or disputes a fingerprint of an entry."""
    asked = request.resolver_match.kwargs if request.resolver_match else {}
    if asked.get("member") != OURSELVES:
        raise Missing("There is no such member.")
    is_right, reason = _opinion(request)
    sharing.hear(shared, guest, str(asked["item"]), _algorithm(request), is_right=is_right, reason=reason)
    return HttpResponse(status=HTTPStatus.OK, content_type=TYPE)


def _told(changed: Changed) -> Told:
    kind = kind_of(changed.item) if changed.item else KINDS[0]
    return Told(OURSELVES, sharing.agency_name(), changed.name, kind, changed.at, changed.item)


def _following(page: Page) -> str:
    """Where the page goes on, as readers put it behind their base address."""
    span = page.following
    if span is None:
        return ""
    asked = {"from": _said(span.since), "to": _said(span.until), "start": span.start, "size": span.size, "max": span.last}
    return f"/v2/entries?{urlencode(asked)}"


def _opinion(request: HttpRequest) -> tuple[bool, str]:
    body = request.read(_MOST_BODY + 1)
    try:
        tree = (
            etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
            if len(body) <= _MOST_BODY
            else None
        )
    except etree.XMLSyntaxError:
        tree = None
    if tree is None or tree.getroottree().docinfo.internalDTD is not None:
        raise Invalid("The body is not a feedbackSubmission in XML.")
    said = {etree.QName(each).localname: each for each in tree if isinstance(each.tag, str)}
    if set(said) == {"affirmative"}:
        return True, ""
    if set(said) == {"negative"}:
        named = {(each.text or "").strip() for each in said["negative"].iter() if isinstance(each.tag, str)}
        reason = next((each for each in REASONS if str(_guid(each)) in named), None)
        if reason is not None:
            return False, reason
    raise Invalid("The body is neither affirmative, nor negative with a reason that this list knows.")


def _algorithm(request: HttpRequest) -> str:
    asked = request.resolver_match.kwargs.get("print", "") if request.resolver_match else ""
    if asked.upper() not in _PRINTS:
        raise Missing("This list has no such fingerprints.")
    return _PRINTS[asked.upper()]


def _moment(text: str, otherwise: datetime) -> datetime:
    if not text:
        return otherwise
    for form in _FORMS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC, microsecond=0)
        except ValueError:
            continue
    raise Invalid("A moment is written 2026-11-26T08:00:00Z.")


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 19 or int(text) > _MOST_NUMBER:
        raise Invalid("A number is not a whole one.")
    return int(text)


def _said(moment: datetime) -> str:
    return moment.strftime(MOMENT)


def _guid(reason: str) -> UUID:
    return uuid5(_SPACE, reason)


def _xml(text: str) -> HttpResponse:
    return HttpResponse(HEAD + text, content_type=TYPE)
