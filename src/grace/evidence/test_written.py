from __future__ import annotations

import base64
import hashlib

import pytest

from grace.evidence.written import digests_of

MD5, SHA1, SHA256 = (hashlib.new(name, b"a lighthouse").digest() for name in ("md5", "sha1", "sha256"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (MD5.hex(), [("md5", MD5)]),
        (MD5.hex().upper(), [("md5", MD5)]),
        (f"  {SHA1.hex()} ", [("sha1", SHA1)]),
        (SHA1.hex(":"), [("sha1", SHA1)]),
        (MD5.hex(" ", 4), [("md5", MD5)]),
        (MD5.hex("-"), [("md5", MD5)]),
        (SHA256.hex(), [("sha256", SHA256), ("pdq", SHA256)]),
        (f"sha256:{SHA256.hex()}", [("sha256", SHA256)]),
        (f"SHA-256 {SHA256.hex()}", [("sha256", SHA256)]),
        (f"pdq:{SHA256.hex()}", [("pdq", SHA256)]),
        (base64.b64encode(MD5).decode(), [("md5", MD5)]),
        (base64.b64encode(SHA1).decode(), [("sha1", SHA1)]),
        (base64.urlsafe_b64encode(SHA256).decode(), [("sha256", SHA256), ("pdq", SHA256)]),
    ],
)
def test_a_digest_is_read_in_any_spelling(text: str, told: list[tuple[str, bytes]]) -> None:
    assert digests_of(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "deadbeef",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",  # a device, not an MD5
        f"md5:{SHA256.hex()}",
        "person@example.net",
        "abcd==",
        "a=",
        "md5:",
        MD5.hex()[:-1],
        "١٢" * 16,
    ],
)
def test_what_is_none_is_none(text: str) -> None:
    assert digests_of(text) == []
