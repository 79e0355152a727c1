"""A world that was taken in: what is so, beside what became of each document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from uuid import UUID

from grace.accounts.viewer import Viewer
from grace.pipeline.receive import Receipt
from grace.simulate.plan import Form
from grace.simulate.truth import Resend, Truth
from grace.simulate.world import World


class Echo(StrEnum):
    """A report that comes once more beside the world's own documents: in another form, or under another number."""

    FORM = "form"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Arrived:
    """One document: its place in the order of arrival, its digest, the truth of it, our receipt. ``form`` is how it came."""

    place: int
    sha256: str
    truth: Truth
    form: Form
    receipt: Receipt
    echo: Echo | None = None

    @property
    def reference(self) -> str:
        """By what a mismatch is named: the number of the invented document."""
        return f"document {self.truth.index}" + (f" again ({self.form.value})" if self.echo else "")

    @property
    def readable(self) -> bool:
        """Whether a reader must be able to read it; the copies that the world adds are never cut."""
        return self.truth.readable or self.truth.resend is Resend.VERSION or self.echo is not None

    @property
    def report(self) -> tuple[int, bool]:
        """Which report it is: the index of its first document, and whether it bears another number."""
        first = self.truth.index if self.truth.resend_of is None else self.truth.resend_of
        return first, self.echo is Echo.NUMBER


@dataclass(frozen=True)
class Played:
    """The world, all documents in the order of their arrival, who looks, and how long things took (seconds, by name)."""

    world: World
    home: Path
    viewer: Viewer
    arrived: Sequence[Arrived]
    viral_from: int
    seconds: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def referral_of(self) -> Mapping[tuple[int, bool], UUID]:
        """The referral that each report became, by its first document that was read."""
        found: dict[tuple[int, bool], UUID] = {}
        for each in self.arrived:
            if each.receipt.referrals:
                found.setdefault(each.report, each.receipt.referrals[0])
        return found

    def originals(self) -> Iterator[tuple[Arrived, UUID]]:
        """The first documents of reports that were read, each with its referral."""
        for each in self.arrived:
            if each.echo is None and each.truth.resend is None and each.receipt.referrals:
                yield each, each.receipt.referrals[0]
