"""The published vectors of certificate-transparency (merkletree/merkle_tree_test.cc), and a slow twin from the RFC's text."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grace.custody import merkle

LEAVES = [
    bytes.fromhex(leaf) for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]
LEAF_HASHES = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
    "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
    "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
    "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1",
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A, B, C, D = (
    LEAF_HASHES[1],
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    LEAF_HASHES[4],
)
E8 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
INCLUSION: list[tuple[int, int, list[str]]] = [
    (0, 1, []),
    (0, 8, [A, B, C]),
    (5, 8, [D, E8, ROOTS[4]]),
    (2, 3, [ROOTS[2]]),
    (1, 5, [ROOTS[1], B, D]),
]
CONSISTENCY: list[tuple[int, int, list[str]]] = [
    (1, 1, []),
    (1, 8, [A, B, C]),
    (6, 8, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", E8, ROOTS[4]]),
    (2, 5, [B, D]),
]


def slow_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = slow_split(len(leaves))
    return sha256(b"\x01" + slow_root(leaves[:k]) + slow_root(leaves[k:])).digest()


def slow_split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def slow_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    k = slow_split(len(leaves))
    if m < k:
        return [*slow_path(m, leaves[:k]), slow_root(leaves[k:])]
    return [*slow_path(m - k, leaves[k:]), slow_root(leaves[:k])]


def slow_proof(m: int, leaves: list[bytes], *, known: bool = True) -> list[bytes]:
    """RFC 6962, 2.1.2 (SUBPROOF)."""
    if m == len(leaves):
        return [] if known else [slow_root(leaves)]
    k = slow_split(len(leaves))
    if m <= k:
        return [*slow_proof(m, leaves[:k], known=known), slow_root(leaves[k:])]
    return [*slow_proof(m - k, leaves[k:], known=False), slow_root(leaves[:k])]


def numbered(count: int) -> list[bytes]:
    return [number.to_bytes(4, "big") for number in range(count)]


def test_published_leaf_hashes() -> None:
    assert [hashed.hex() for hashed in HASHES] == LEAF_HASHES


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    assert merkle.root_of(HASHES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), INCLUSION)
def test_published_inclusion_proofs(index: int, size: int, path: list[str]) -> None:
    proof = merkle.inclusion_proof(index, size, merkle.subtrees_of(HASHES))
    assert [step.hex() for step in proof] == path
    assert merkle.is_included(HASHES[index], index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new", "path"), CONSISTENCY)
def test_published_consistency_proofs(old: int, new: int, path: list[str]) -> None:
    proof = merkle.consistency_proof(old, new, merkle.subtrees_of(HASHES))
    assert [step.hex() for step in proof] == path
    assert merkle.is_consistent(old, new, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]), proof)


@pytest.mark.parametrize("size", range(1, 34))
def test_every_proof_of_small_trees_equals_the_slow_twin(size: int) -> None:
    leaves = numbered(size)
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    subtree, root = merkle.subtrees_of(hashes), slow_root(leaves)
    assert merkle.root_of(hashes) == root
    for index in range(size):
        path = merkle.inclusion_proof(index, size, subtree)
        assert path == slow_path(index, leaves)
        assert merkle.is_included(hashes[index], index, size, path, root)
        old = index + 1
        proof = merkle.consistency_proof(old, size, subtree)
        assert proof == slow_proof(old, leaves)
        assert merkle.is_consistent(old, size, slow_root(leaves[:old]), root, proof)


@given(size=st.integers(1, 300), data=st.data())
def test_a_wrong_proof_is_never_accepted(size: int, data: st.DataObject) -> None:
    hashes = [merkle.leaf_hash(leaf) for leaf in numbered(size)]
    index = data.draw(st.integers(0, size - 1))
    root = merkle.root_of(hashes)
    proof = merkle.inclusion_proof(index, size, merkle.subtrees_of(hashes))
    assert not merkle.is_included(hashes[index], index, size, [*proof, root], root)
    assert not merkle.is_included(bytes(32), index, size, proof, root)
    for at in range(len(proof)):
        bad = [*proof[:at], bytes(32), *proof[at + 1 :]]
        assert not merkle.is_included(hashes[index], index, size, bad, root)
        assert not merkle.is_included(hashes[index], index, size, proof[:at] + proof[at + 1 :], root)


@given(old=st.integers(1, 200), more=st.integers(1, 100), data=st.data())
def test_a_rewritten_past_is_never_consistent(old: int, more: int, data: st.DataObject) -> None:
    hashes = [merkle.leaf_hash(leaf) for leaf in numbered(old + more)]
    changed = data.draw(st.integers(0, old - 1))
    rewritten = [*hashes[:changed], bytes(32), *hashes[changed + 1 :]]
    proof = merkle.consistency_proof(old, old + more, merkle.subtrees_of(rewritten))
    assert not merkle.is_consistent(old, old + more, merkle.root_of(hashes[:old]), merkle.root_of(rewritten), proof)


@given(first=st.integers(0, 100), second=st.integers(0, 100))
def test_a_frontier_goes_on_where_it_was_left(first: int, second: int) -> None:
    hashes = [merkle.leaf_hash(leaf) for leaf in numbered(first + second)]
    kept = merkle.Frontier().extend(hashes[:first])
    again = merkle.Frontier.from_bytes(kept.size, kept.to_bytes()).extend(hashes[first:])
    assert (again.size, again.root()) == (first + second, merkle.root_of(hashes))


def test_a_frontier_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="no frontier of a tree of 3"):
        merkle.Frontier.from_bytes(3, bytes(32))


@given(size=st.integers(1, 5000))
def test_complete_ranges_cover_all_in_powers_of_two(size: int) -> None:
    ranges = merkle.complete_ranges(0, size)
    assert ranges[0][0] == 0
    assert ranges[-1][1] == size
    assert all((end - start) & (end - start - 1) == 0 and start % (end - start) == 0 for start, end in ranges)


def test_proofs_outside_the_tree_are_refused() -> None:
    subtree = merkle.subtrees_of(HASHES)
    with pytest.raises(ValueError, match="leaf 8 is not in a tree of 8"):
        merkle.inclusion_proof(8, 8, subtree)
    with pytest.raises(ValueError, match="from 0 to 8"):
        merkle.consistency_proof(0, 8, subtree)
    assert not merkle.is_included(HASHES[0], 8, 8, [], bytes(32))
    assert not merkle.is_consistent(9, 8, bytes(32), bytes(32), [])
    assert not merkle.is_consistent(3, 8, bytes(32), bytes(32), [])
