"""The keys of an installation, made on the first start, each in a private file: session key, agency keys, ledger key, exchange keys.

They are never in the database, so that a copy of the database opens no file and signs nothing.
"""

from __future__ import annotations

import json
import secrets
import uuid
from base64 import b64encode
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from grace.host import files
from grace.host.environment import Environment
from grace.host.errors import WrongSetting

AGENCY_KEY_BYTES = 32
LATTICE_SEED_BYTES = 64
"""The seed of an ML-KEM key (FIPS 203): d and z."""


def make_missing(environment: Environment) -> None:
    """Make every key that is missing. Called once, before anything is served."""
    files.private_folder(environment.home)
    files.private_folder(environment.keys)
    files.keep(_session_file(environment), lambda: secrets.token_urlsafe(50).encode())
    files.keep(agency_key_file(environment, environment.agency_key), lambda: secrets.token_bytes(AGENCY_KEY_BYTES))
    files.keep(ledger_key_file(environment), _new_ledger_key)
    files.keep(exchange_key_file(environment, environment.exchange_key), lambda: _new_exchange_key(environment))


def session_key(environment: Environment) -> str:
    """What signs sessions: the setting, or the file; empty before the first start."""
    return environment.secret_key or files.read(_session_file(environment)).decode()


def agency_key_file(environment: Environment, key_id: str) -> Path:
    """Where the agency key of that id is."""
    return environment.keys / f"agency-{key_id}.key"


def agency_key(environment: Environment, key_id: str) -> bytes:
    """The 32 bytes that wrap the data keys of files. Raises :class:`WrongSetting` where the key is missing or damaged."""
    file = agency_key_file(environment, key_id)
    found = files.read(file)
    if len(found) != AGENCY_KEY_BYTES:
        raise WrongSetting(f"The agency key {file.name} is missing or damaged.", remedy=f"Restore it from your copy into {file.parent}.")
    return found


def ledger_key_file(environment: Environment) -> Path:
    """Where the key is that signs the ledger's checkpoints (Ed25519, PKCS #8 in PEM)."""
    return environment.keys / "ledger.pem"


def ledger_key(environment: Environment) -> Ed25519PrivateKey:
    """The key that signs checkpoints. Raises :class:`WrongSetting` where it is missing or damaged."""
    file = ledger_key_file(environment)
    try:
        key = serialization.load_pem_private_key(files.read(file), password=None)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise WrongSetting(f"The ledger's key {file.name} is missing or damaged.", remedy=f"Restore it from your copy into {file.parent}.")
    return key


def exchange_key_file(environment: Environment, key_id: str) -> Path:
    """Where the keys are that sign what we hand over and open what is handed to us."""
    return environment.keys / f"exchange-{key_id}.key"


def _new_exchange_key(environment: Environment) -> bytes:
    """Fresh keys under the name that this installation has borne from its first key on."""
    earlier = next(iter(sorted(environment.keys.glob("exchange-*.key"))), None)
    agency = json.loads(earlier.read_bytes())["agency"] if earlier else str(uuid.uuid4())
    fresh = {
        "signing": Ed25519PrivateKey.generate().private_bytes_raw(),
        "lattice": secrets.token_bytes(LATTICE_SEED_BYTES),
        "curve": X25519PrivateKey.generate().private_bytes_raw(),
    }
    return json.dumps({"agency": agency, **{name: b64encode(raw).decode() for name, raw in fresh.items()}}).encode()


def _session_file(environment: Environment) -> Path:
    return environment.keys / "session.key"


def _new_ledger_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
