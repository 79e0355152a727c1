"""From what the scratch found to the signed report, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from grace.cli.validation.measures import verdict_of
from grace.custody import reports
from grace.custody.canonical import moment
from grace.custody.reports import Checked
from grace.host import environment, secrets
from grace.kernel import clock
from grace.kernel.errors import Invalid

FORMAT = "grace-validation"
VERSION = 1


def signed(found: Mapping[str, Any]) -> bytes:
    """The report on what was found, signed with this installation's key: the whole file."""
    here = environment.read()
    verdict = verdict_of(section["verdict"] for section in found["sections"])
    report = {
        **found,
        "format": FORMAT,
        "version": VERSION,
        "made_at": moment(clock.now()),
        "installation": here.ledger_name,
        "passed": verdict == "met",
    }
    return reports.sign(report, here.ledger_name, secrets.ledger_key(here))


def read(content: bytes, keys: Sequence[Path] = ()) -> Checked:
    """A validation report that stands as it was signed. Trusted are the keys of the files, or without any this installation's own.

    Raises ``Invalid`` for anything else.
    """
    checked = reports.check(content, [_public(each) for each in keys] or [secrets.ledger_key(environment.read()).public_key()])
    if checked.report.get("format") != FORMAT or checked.report.get("version") != VERSION:
        raise Invalid("This is a signed report, but no validation of this version.", remedy="Read it with the release that made it.")
    return checked


def _public(path: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(path.read_bytes())
    except ValueError as fault:
        raise Invalid(f"{path} holds no public key in PEM.", remedy="`grace custody key` prints it.") from fault
    if not isinstance(key, Ed25519PublicKey):
        raise Invalid(f"{path} holds a key of another kind than Ed25519.")
    return key
