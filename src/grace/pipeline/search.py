"""A search is a consultation: who searched, why, what was shown, and a digest of what was asked."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import BinaryIO

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework import search as casework
from grace.casework.search import Answer
from grace.casework.search_narrow import Narrow
from grace.custody.kinds import Kind
from grace.evidence.decoding.port import VIDEO, NotDecoded
from grace.evidence.measure import measure
from grace.kernel.errors import Invalid
from grace.matching.digests import PDQ
from grace.pipeline.consult import consult, query_digest, refusals_told

_SECONDS = 5
"""What a video costs at most that somebody sends in place of a picture."""


def search(viewer: Viewer, text: str, narrow: Narrow, *, after: str = "", most: int = 50) -> Answer:
    """Search within the viewer's rights; see :func:`grace.casework.search.search`."""

    def read() -> Answer:
        return casework.search(viewer, text, narrow, after=after, most=most)

    def shown(found: Answer) -> list[str]:
        referrals = [f"referral:{each.row.referral_id}" for each in found.hits]
        return [*referrals, *(f"file:{bytes(each.holding.file.sha256).hex()}" for each in found.files)]

    return consult(viewer, "search.ask", read, shown, query=query_digest([text, asdict(narrow)]))


def fingerprint(viewer: Viewer, stream: BinaryIO | None) -> str:
    """What a picture can be searched by: its fingerprint, or the SHA-256 of what cannot be made a picture. Nothing of it is kept.

    Raises :class:`~grace.kernel.errors.Unavailable` where decoding cannot run, and :class:`~grace.kernel.errors.Invalid` where none was sent.
    """
    with refusals_told(viewer, "search.measure", kind=Kind.CONSULTATION):
        viewer.require(Capability.READ)
    if stream is None:
        raise Invalid(_("There is no file."), remedy=_("Choose one, and search again."))
    measured = measure(stream, replace(VIDEO, seconds=_SECONDS, cpu_seconds=_SECONDS))
    consult(viewer, "search.measure", lambda: None, lambda _none: (f"file:{measured.digests.sha256.hex()}",))
    found = measured.found
    if isinstance(found, NotDecoded) or found.fingerprint.algorithm != PDQ:
        return f"sha256:{measured.digests.sha256.hex()}"
    return f"{PDQ}:{found.fingerprint.value.hex()}"
