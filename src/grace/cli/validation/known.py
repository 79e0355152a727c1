"""Matching: files on the lists found by digest, changed copies of them found by fingerprint, and no others."""

from __future__ import annotations

from grace.cli.validation.measures import Section, share
from grace.cli.validation.played import Arrived, Played
from grace.evidence.models import Fingerprint
from grace.matching.index.layout import NEAR
from grace.matching.models import Match
from grace.simulate.truth import FileTruth, Flaw, Standing

Keys = set[str]


def section(played: Played) -> Section:
    """Compare the matches of each file with what it shows."""
    matched = {
        (algorithm, bytes(value).hex()): note for algorithm, value, note in Match.objects.values_list("algorithm", "value", "entry__note")
    }
    prints = {
        bytes(md5).hex(): bytes(value).hex() for md5, value in Fingerprint.objects.filter(algorithm="pdq").values_list("file__md5", "value")
    }
    found = [(each, file, _matches(file, matched, prints)) for each, _referral in played.originals() for file in each.truth.files]
    near = [
        (each, file, keys) for each, file, keys in found if file.standing is Standing.NEAR and file.present and file.distance is not None
    ]
    unknown = [(each, file, keys) for each, file, keys in found if file.standing not in {Standing.KNOWN, Standing.NEAR}]
    within = [(_told(each, file), file.key in keys) for each, file, keys in near if (file.distance or 0) <= NEAR]
    beyond = [(_told(each, file), file.key in keys) for each, file, keys in near if (file.distance or 0) > NEAR]
    measures = [
        share("listed files found", ((_told(e, f), f.key in keys) for e, f, keys in found if f.standing is Standing.KNOWN), at_least=1),
        share(f"changed copies found, up to distance {NEAR} of 256", within, at_least=0.99),
        share(f"changed copies found, beyond distance {NEAR}", beyond),
        share("files on no list that match nothing", ((_told(e, f), not keys) for e, f, keys in unknown), at_least=0.99),
    ]
    return Section("matching", "Known files", measures)


def _matches(file: FileTruth, matched: dict[tuple[str, str], str], prints: dict[str, str]) -> Keys:
    """What the lists say that the file shows: by the digest that its document names, and by the fingerprint of its bytes."""
    asked = (("md5", file.md5), ("pdq", prints.get(file.md5, "")))
    return {matched[key] for key in asked if key in matched}


def _told(each: Arrived, file: FileTruth) -> str:
    changed = " (changed on the way)" if Flaw.FILE_CHANGED in each.truth.flaws else ""
    return f"{each.reference}, {file.name}: {file.standing.value}{changed}"
