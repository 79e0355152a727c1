"""Checkpoints: the tree's size and root, signed with a key that lies in a file of the operator and never in the database."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from grace.custody import notes, tree
from grace.custody.merkle import Frontier
from grace.custody.models import Checkpoint
from grace.host import environment, secrets
from grace.kernel import clock
from grace.kernel.errors import Conflict
from grace.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs for this ledger: its name and its key."""

    origin: str
    key: Ed25519PrivateKey


def signer() -> Signer:
    """The signer of this installation. Raises ``WrongSetting`` where the key is missing or damaged."""
    found = environment.read()
    return Signer(found.ledger_name, secrets.ledger_key(found))


def sign_checkpoint(by: Signer | None = None) -> Checkpoint:
    """Sign the tree as it stands and store the note. Returns the last checkpoint where nothing was added since.

    It goes on from the last checkpoint that this key signed, so that a leaf that somebody changed below it is never
    signed; ``Conflict`` is raised for a tree that has become smaller than what was signed.
    """
    by = by or signer()
    last, frontier = _last(by)
    size = tree.size()
    if size < frontier.size:
        raise Conflict(
            f"The ledger has {size} leaves, but {frontier.size} were signed: leaves were removed.",
            remedy="Stop, keep the database as it is, and compare it with the last export or backup.",
        )
    if last and size == last.size:
        return last
    frontier.extend(tree.leaf_hashes(frontier.size, size))
    note = notes.signed(notes.Statement(by.origin, size, frontier.root(), clock.now()), by.key)
    return Checkpoint.objects.create(id=new_id(), size=size, note=note, frontier=frontier.to_bytes())


def size_signed() -> int:
    """How many entries the newest checkpoint covers."""
    last = Checkpoint.objects.order_by("-size").first()
    return last.size if last else 0


def newest_note() -> str:
    """The newest checkpoint as its signed note; empty where none was signed yet."""
    last = Checkpoint.objects.order_by("-size", "-id").first()
    return last.note if last else ""


def _last(by: Signer) -> tuple[Checkpoint | None, Frontier]:
    """The newest checkpoint that this key signed, and the tree that it speaks of; else the empty tree."""
    for checkpoint in Checkpoint.objects.order_by("-size", "-id").iterator(chunk_size=16):
        said = notes.read(checkpoint.note, by.key.public_key())
        if said is None or said.origin != by.origin:
            continue
        frontier = Frontier.from_bytes(said.size, bytes(checkpoint.frontier))
        if frontier.root() == said.digest:
            return checkpoint, frontier
    return None, Frontier()


def public_pem(by: Signer | None = None) -> bytes:
    """The public key of the ledger in PEM: what an authority needs to verify an export, handed over by another way."""
    public = (by or signer()).key.public_key()
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
