"""What kind of world to invent: a frozen plan, from which everything follows."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from grace.kernel import clock
from grace.kernel.errors import Invalid


class Form(StrEnum):
    """How a document comes: which format, in which wrapping."""

    LEA_JSON = "lea-json"
    LEA_ZIP = "lea-zip"
    TIP_FOLDER = "cybertipline-folder"
    TIP_ZIP = "cybertipline-zip"
    PDF = "ncmec-pdf"
    MAIL = "mail"
    MAIL_JSON = "mail-json"
    GRACE_JSON = "grace-json"

    @property
    def is_lea(self) -> bool:
        """True for what the clearing house hands on to agencies: JSON, print and mail."""
        return self not in {Form.TIP_FOLDER, Form.TIP_ZIP, Form.GRACE_JSON}

    @property
    def is_print(self) -> bool:
        """True where the report is laid out for people: labels, no keys."""
        return self in {Form.PDF, Form.MAIL}

    @property
    def carries_files(self) -> bool:
        """True where the bytes of files can come along."""
        return self in {Form.LEA_ZIP, Form.TIP_FOLDER, Form.TIP_ZIP}


Mix = tuple[tuple[Form, float], ...]

MIXED: Mix = ((Form.LEA_JSON, 0.5), (Form.LEA_ZIP, 0.3), (Form.TIP_FOLDER, 0.05), (Form.TIP_ZIP, 0.15))
FIRST_DAY = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldPlan:
    """A world: ``referrals`` documents that arrive within ``days`` from ``start``.

    Shares lie between 0 and 1. Of all documents: ``duplicate_share`` are an earlier document again, ``version_share``
    an earlier report changed. Of the rest: ``urgent_share`` (default: 63,892 of 36.2 million in 2023), of which
    ``quiet_share`` do not say why; ``flood_share`` come from the sender that escalates everything,
    ``false_alarm_share`` are escalated without being urgent, ``truncated_share`` are cut short, ``viral_share`` carry
    the one viral file, ``incomplete_share`` name no contact; these are exact but for rounding. Drawn one by one:
    ``linked_share`` share account, device or file with others, ``flaw_share`` have a fault of another sort. Of the
    files: ``known_share`` are on the lists, ``near_share`` (where bytes come along) are variants of a listed picture.
    Of the accounts: ``relay_share`` use known relays only, ``hidden_share`` lines in another state that nobody knows of,
    ``moved_share`` state an address of long ago in another one, ``shared_share`` use a line that about eight share who have
    nothing else to do with each other (none of these in the fast mode). ``growth`` is the yearly trend. ``bare`` is the fast mode for load: LEA JSON without files.
    """

    seed: int = 1
    referrals: int = 1_000
    start: datetime = FIRST_DAY
    days: int = 365
    urgent_share: float = 0.0018
    quiet_share: float = 0.1
    flood_share: float = 0.0
    false_alarm_share: float = 0.003
    truncated_share: float = 0.001
    viral_share: float = 0.004
    incomplete_share: float = 0.15
    duplicate_share: float = 0.02
    version_share: float = 0.01
    linked_share: float = 0.05
    flaw_share: float = 0.03
    known_share: float = 0.3
    near_share: float = 0.05
    relay_share: float = 0.0
    hidden_share: float = 0.0
    moved_share: float = 0.0
    shared_share: float = 0.0
    files_per_referral: float = 1.7
    listed_pictures: int = 64
    listed_digests: int = 1_000
    growth: float = 0.25
    forms: Mix = MIXED
    bare: bool = False

    def __post_init__(self) -> None:
        """Raise ``Invalid`` where the plan describes no world."""
        for field in fields(self):
            if field.name.endswith("_share") and not 0 <= getattr(self, field.name) <= 1:
                raise Invalid(f"{field.name} is no share.", remedy="Give a number between 0 and 1.")
        self._check_sums()
        if self.referrals < 1 or self.days < 1 or self.listed_pictures < 1 or self.listed_digests < 1:
            raise Invalid("A world needs at least one referral, day, listed picture and listed digest.")
        if self.start.tzinfo is None:
            raise Invalid("The start has no zone.", remedy="Give a moment with its zone.")
        if not self.forms or any(weight <= 0 for _, weight in self.forms):
            raise Invalid("The mix of forms is empty or has a weight that is not above 0.")
        if self.files_per_referral < 0 or self.growth <= -1:
            raise Invalid("files_per_referral must not be below 0, and growth must be above -1.")

    def _check_sums(self) -> None:
        sums = {
            "duplicate_share + version_share": self.duplicate_share + self.version_share,
            "urgent_share + flood_share + false_alarm_share + truncated_share": self.urgent_share
            + self.flood_share
            + self.false_alarm_share
            + self.truncated_share,
            "viral_share + incomplete_share": self.viral_share + self.incomplete_share,
            "known_share + near_share": self.known_share + self.near_share,
            "relay_share + hidden_share": self.relay_share + self.hidden_share,
        }
        for names, total in sums.items():
            if total > 1:
                raise Invalid(f"{names} is {total:.3f}.", remedy="These exclude each other: let them sum to at most 1.")


def demo_plan(seed: int = 27, end: datetime | None = None) -> WorldPlan:
    """About 400 referrals of the 30 days before ``end`` (default: the present hour), with something of everything."""
    moment = (end or clock.now()).replace(minute=0, second=0, microsecond=0)
    return WorldPlan(
        seed=seed,
        referrals=400,
        start=moment - timedelta(days=30),
        days=30,
        urgent_share=0.022,
        quiet_share=0.0,
        flood_share=0.0125,
        false_alarm_share=0.005,
        truncated_share=0.005,
        viral_share=0.05,
        duplicate_share=0.03,
        version_share=0.03,
        linked_share=0.15,
        flaw_share=0.08,
        known_share=0.25,
        near_share=0.12,
        files_per_referral=1.1,
        listed_pictures=40,
        listed_digests=60,
        forms=((Form.LEA_JSON, 0.4), (Form.LEA_ZIP, 0.35), (Form.TIP_FOLDER, 0.07), (Form.TIP_ZIP, 0.18)),
    )


def viral_plan(referrals: int, seed: int = 1) -> WorldPlan:
    """A flood for load: small referrals without files, each of other accounts, all naming the one viral file within two weeks."""
    return replace(load_plan(referrals, seed), days=14, viral_share=1.0)


def load_plan(referrals: int, seed: int = 1) -> WorldPlan:
    """A year of small referrals without files for load: about 7 kB each, 12 sightings, 2 persons, 4 named digests."""
    return WorldPlan(
        seed=seed,
        referrals=referrals,
        duplicate_share=0.0,
        version_share=0.0,
        truncated_share=0.0,
        incomplete_share=0.0,
        flaw_share=0.0,
        near_share=0.0,
        linked_share=0.02,
        files_per_referral=4,
        listed_pictures=1,
        forms=((Form.LEA_JSON, 1.0),),
        bare=True,
    )
