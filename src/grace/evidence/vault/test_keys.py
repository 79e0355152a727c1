from __future__ import annotations

from pathlib import Path

import pytest

from grace.evidence.errors import KeyAway, Tampered
from grace.evidence.vault.keys import AgencyKey, read_ring, ring_of
from grace.kernel.ids import new_id

DATA_KEY = b"d" * 32


def test_earlier_keys_beside_the_present_one_still_open(tmp_path: Path) -> None:
    earlier = AgencyKey("2025", b"a" * 32)
    (tmp_path / "agency-2025.key").write_bytes(earlier.secret)
    (tmp_path / "agency-2026.key").write_bytes(b"b" * 32)
    (tmp_path / "session.key").write_bytes(b"no agency key")
    ring = read_ring(tmp_path / "agency-2026.key")
    object_id = new_id()
    assert ring.present.id == "2026"
    assert set(ring.known) == {"2025", "2026"}
    assert ring.unwrap("2025", object_id, earlier.wrap(object_id, DATA_KEY)) == DATA_KEY


def test_a_key_file_may_have_any_name(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"b" * 32)
    assert read_ring(tmp_path / "secret").present.id == "secret"


def test_a_missing_or_broken_key_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KeyAway, match=r"agency-main\.key cannot be read.*restore its copy"):
        read_ring(tmp_path / "agency-main.key")
    (tmp_path / "agency-main.key").write_bytes(b"short")
    with pytest.raises(KeyAway, match="not 32 bytes"):
        read_ring(tmp_path / "agency-main.key")


def test_an_unknown_key_is_asked_for_by_name() -> None:
    with pytest.raises(KeyAway, match=r"agency-lost\.key"):
        ring_of(AgencyKey("main", b"a" * 32)).unwrap("lost", new_id(), b"")


def test_a_wrapped_key_opens_for_its_object_and_its_agency_key_only() -> None:
    key, object_id = AgencyKey("main", b"a" * 32), new_id()
    wrapped = key.wrap(object_id, DATA_KEY)
    for stranger, asked in ((key, new_id()), (AgencyKey("other", b"a" * 32), object_id), (AgencyKey("main", b"b" * 32), object_id)):
        with pytest.raises(Tampered):
            stranger.unwrap(asked, wrapped)
    with pytest.raises(Tampered):
        key.unwrap(object_id, b"")


def test_a_key_never_shows_itself() -> None:
    assert "aaaa" not in repr(AgencyKey("main", b"a" * 32))
