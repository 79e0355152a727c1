"""What an act leaves in the ledger, and the checks that keep personal data out of it (LED Article 25).

Every text of a line is a code, a reference, a digest or a number: no blanks, no ``@``, no addresses. Format cannot prove
that a code is no name, but sentences, e-mail and IP addresses, URLs and telephone numbers do not pass.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from grace.custody.kinds import Kind
from grace.kernel.errors import Invalid

MOST_SUBJECTS = 1_000
MOST_DETAILS = 32

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_DIGEST = r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})"
_CODE = r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*"
_NUMBER = r"-?(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,6}){0,2}"  # nine digits at most, and never four groups: no telephone number, no IP address
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MOMENT = rf"{_DAY}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:\.[0-9]{{1,6}})?Z"
_COUNT = r"(?:leaf|entries|bytes):[0-9]{1,18}"

_REFERENCE = re.compile(rf"(?=.{{3,200}}\Z){_CODE}:(?:{_UUID}|{_DIGEST}|{_NUMBER}|{_CODE}(?:\.{_CODE})*)|{_COUNT}")
_VALUE = re.compile(rf"(?=.{{1,200}}\Z)(?:{_CODE}(?:\.{_CODE})*|{_UUID}|{_DIGEST}|{_NUMBER}|{_DAY}|{_MOMENT})|{_REFERENCE.pattern}")
_ACT = re.compile(rf"(?=.{{3,80}}\Z){_CODE}(?:\.{_CODE})+")
_KEY = re.compile(rf"(?=.{{1,40}}\Z){_CODE}")
_PURPOSE = re.compile(rf"(?=.{{1,120}}\Z){_CODE}(?::(?!\+|[0-9]{{10,}}\Z|[0-9]+\.[0-9.]+\Z)[A-Za-z0-9][A-Za-z0-9._/-]*)?")


@dataclass(frozen=True, slots=True)
class Line:
    """One line to be written. Making a line that the law does not allow raises :class:`Invalid`, naming the field.

    ``act`` is a stable dotted word (``referral.receive``); ``actor``, ``subjects`` and ``recipient`` are references
    (``officer:<uuid>``, ``file:<sha256>``, ``agency:<uuid>``); ``purpose`` is a code, with a case number where there is
    one (``triage``, ``case:2026/AB-117``); ``detail`` maps words to codes, digests, numbers, days, moments or references.
    A consultation or disclosure has a purpose, a disclosure a recipient, unless it was denied.
    """

    kind: Kind
    act: str
    actor: str
    purpose: str = ""
    subjects: tuple[str, ...] = ()
    detail: Mapping[str, str] = field(default_factory=dict)
    denied: bool = False
    recipient: str = ""

    def __post_init__(self) -> None:
        _demand(isinstance(self.kind, Kind), "kind", "one of grace.custody.kinds.Kind")
        _demand(_ACT.fullmatch(self.act), "act", "a dotted word such as referral.receive")
        _demand(_REFERENCE.fullmatch(self.actor), "actor", "a reference such as officer:<uuid>")
        _demand(
            not self.purpose or _PURPOSE.fullmatch(self.purpose), "purpose", "a code, or a code and a case number such as case:2026/AB-117"
        )
        _demand(not self.recipient or _REFERENCE.fullmatch(self.recipient), "recipient", "a reference such as agency:<uuid>")
        self._check_subjects()
        self._check_detail()
        self._check_law()

    def _check_subjects(self) -> None:
        _demand(isinstance(self.subjects, tuple) and len(self.subjects) <= MOST_SUBJECTS, "subjects", f"a tuple of at most {MOST_SUBJECTS}")
        _demand(all(map(_REFERENCE.fullmatch, self.subjects)), "subjects", "references such as referral:<uuid> or file:<sha256>")

    def _check_detail(self) -> None:
        _demand(len(self.detail) <= MOST_DETAILS, "detail", f"at most {MOST_DETAILS} words")
        _demand(all(map(_KEY.fullmatch, self.detail)), "detail", "words of lower-case letters as keys")
        _demand(all(map(_VALUE.fullmatch, self.detail.values())), "detail", "codes, digests, numbers, moments or references as values")

    def _check_law(self) -> None:
        if self.denied:
            return
        if self.kind in {Kind.CONSULTATION, Kind.DISCLOSURE}:
            _demand(self.purpose, "purpose", "stated: a consultation or disclosure has one")
        if self.kind is Kind.DISCLOSURE:
            _demand(self.recipient, "recipient", "stated: a disclosure has one")


def is_purpose(text: str) -> bool:
    """Whether a stated purpose can stand in the ledger: a code, or a code and a case number. For forms that ask for one."""
    return _PURPOSE.fullmatch(text) is not None


def _demand(kept: object, name: str, wanted: str) -> None:
    """Raise :class:`Invalid` without repeating the value: it may be the very data that must not be written down."""
    if not kept:
        raise Invalid(f"The line's {name} cannot go into the ledger.", remedy=f"It must be {wanted}; the ledger holds no personal data.")
