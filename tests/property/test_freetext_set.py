"""The free-text test sets keep their own rules: ``tests/data/freetext/README.md``."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from itertools import combinations

import pytest

from grace.identifiers import normal, service_name
from grace.sdk.intake import Kind
from tests.support.snippets import FOLDERS, KINDS, Label, Snippet, snippets
from tests.support.wallets import checksummed, is_iban, is_wallet, keccak256

SETS = {name: snippets(name) for name in FOLDERS}
EVERY = [snippet for of_one in SETS.values() for snippet in of_one]
LABELLED = [(snippet, label) for snippet in EVERY for label in snippet.identifiers]
BARE = [snippet for snippet in EVERY if not snippet.identifiers]
NETWORKS = [ip_network(each) for each in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]
EXAMPLE = re.compile(r"(?:[a-z0-9-]+\.)*(?:example|example\.(?:com|net|org))")
FICTION = re.compile(
    r"\+(?:442079460\d{3}|441134960\d{3}|441614960\d{3}|441632960\d{3}|442920180\d{3}|447700900\d{3}|1\d{3}55501\d\d|6149157015[67]|3532091\d{5}"
    r"|493023125\d{3}|494066969\d{3}|496990009\d{3}|498999998\d{3}|492214710\d{3}|4917139200\d\d|4915228817386"
    r"|331990\d{5}|3326191\d{4}|3353649\d{4}|35620000\d{3}|35696000\d{3}|3363998\d{4}|3346571\d{4}|32470000\d{3}|316000000\d\d|31200000\d{3}"
    r"|34(?:799|990)000\d{3}|39300000\d{4}|39060000\d{4}|48400000\d{3}|4822000\d{4}|351(?:290|990)000\d{3}"
    r"|420(?:300|400|600)000\d{3}|4510000\d{3}|35890000\d{3}|358490000\d{3}|3610000\d{3}|36200000\d{3}|40210000\d{3}|40400000\d{3}"
    r"|35920000\d{3}|359850000\d{3}|38510000\d{3}|385960000\d{3}|421200000\d{3}|421930000\d{3}|380440000\d{3}|380600000\d{3}"
    r"|3705000\d{4}|37066400\d{3}|3861000\d{4}|38666000\d{3}|3723400\d{3}|37282001\d{3}|37123010\d{3}|37123210\d{3}"
    r"|468465004\d\d|467017406\d\d|463139006\d\d|464062804\d\d|302100000\d{3}|30692000\d{4})(?:;ext=\d+)?"
)
OBFUSCATED = re.compile(r"[\[(]|hxxp| at .+ dot ", re.IGNORECASE)
LOOKS_LIKE = {
    "dates": r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d",
    "versions": r"\d+\.\d+\.\d+\.\d+",
    "prices": r"[€$£] ?\d|\d ?(?:€|zł|kr|EUR)\b|\d €",
    "order numbers": r"\d{2,}-\d{3,}-\d|\d{7,}",
    "at signs": r"@\w",
    "digests": r"\b[0-9a-f]{32,}\b",
    "times": r"\d{1,2}:\d\d:\d\d",
    "ISBN": r"ISBN",
}
OF_ITS_OWN = {
    "held-out": {"cs", "da", "fi", "hu", "ro"},
    "third": {"bg", "hr", "sk", "uk"},
    "fourth": {"lt", "sl"},
    "fifth": {"et"},
    "sixth": {"lv"},
    "seventh": set(),
    "eighth": set(),
    "ninth": set(),
    "tenth": set(),
    "eleventh": {"no"},
    "twelfth": {"ca"},
    "thirteenth": set(),
    "fourteenth": {"ga", "mt"},
}
"""Languages that no set before has."""


@dataclass(frozen=True, slots=True)
class Promised:
    """The fewest texts of a set, labels of each kind in it, and labels of each kind in each language; how many languages.

    Of so many texts of a language one at least holds nothing, and so many of those at least have each look-alike.
    """

    texts: int
    of_a_kind: int
    in_a_language: int
    languages: int = 10
    one_bare_of: int = 3
    look_alikes: int = 10


PROMISED = {
    "first": Promised(480, 70, 6),
    "held-out": Promised(300, 40, 3),
    "third": Promised(590, 70, 7),
    "fourth": Promised(467, 70, 6),
    "fifth": Promised(477, 70, 6),
    "sixth": Promised(422, 65, 6),
    "seventh": Promised(560, 110, 10),
    "eighth": Promised(540, 100, 9),
    "ninth": Promised(413, 55, 5),
    "tenth": Promised(306, 43, 4),
    "eleventh": Promised(449, 30, 0, languages=17),
    "twelfth": Promised(478, 30, 0, languages=21),
    "thirteenth": Promised(414, 22, 0, languages=22),
    "fourteenth": Promised(420, 22, 0, languages=24, one_bare_of=5, look_alikes=1),
}


def agrees(snippet: Snippet, label: Label) -> bool:
    """Whether the product spells what is written as the label says.

    It need not see through what is obfuscated, nor read every way to write a telephone number: then the digits must be the label's.
    """
    written, kind = snippet.written(label), KINDS[label.kind]
    if label.kind == "crypto" and written.startswith("0x"):
        return label.normal == written.lower()
    if label.kind == "url" and "://" not in written:
        written = f"https://{written}"
    spelt = normal(kind, written, region=snippet.region)
    if spelt is None and kind is Kind.PHONE:
        return re.sub(r"\D", "", label.normal).endswith(re.sub(r"\D", "", written).lstrip("0"))
    return spelt == label.normal or (kind in {Kind.EMAIL, Kind.IP, Kind.URL} and spelt is None and bool(OBFUSCATED.search(written)))


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_as_large_as_it_promises(name: str) -> None:
    labels = [(snippet.lang, label.kind) for snippet in SETS[name] for label in snippet.identifiers]
    kinds, per_language = Counter(kind for _, kind in labels), Counter(labels)
    languages = Counter(snippet.lang for snippet in SETS[name])
    bare = sum(not snippet.identifiers for snippet in SETS[name])
    print(f"{name}: {len(SETS[name])} snippets, {bare} without identifiers, {dict(kinds)}, {dict(languages)}")
    assert len(SETS[name]) >= PROMISED[name].texts
    assert len(languages) == PROMISED[name].languages
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= PROMISED[name].of_a_kind
    assert min(per_language[language, kind] for language in languages for kind in KINDS) >= PROMISED[name].in_a_language


@pytest.mark.parametrize(("name", "language"), sorted({(name, snippet.lang) for name in SETS for snippet in SETS[name]}))
def test_as_many_hold_none_as_promised(name: str, language: str) -> None:
    of_it = [snippet for snippet in SETS[name] if snippet.lang == language]
    assert PROMISED[name].one_bare_of * sum(not snippet.identifiers for snippet in of_it) >= len(of_it)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("shape", LOOKS_LIKE)
def test_texts_without_identifiers_are_full_of_look_alikes(name: str, shape: str) -> None:
    bare = [snippet.text for snippet in SETS[name] if not snippet.identifiers]
    assert sum(bool(re.search(LOOKS_LIKE[shape], text)) for text in bare) >= PROMISED[name].look_alikes


@pytest.mark.parametrize("name", SETS)
def test_every_text_stands_once_under_a_name_of_its_own(name: str) -> None:
    of_it = SETS[name]
    assert len({snippet.id for snippet in of_it}) == len({snippet.text for snippet in of_it}) == len(of_it)
    assert [snippet.id for snippet in of_it if not re.fullmatch(rf"{snippet.lang}-\d{{3}}", snippet.id)] == []
    assert {path.stem for path in FOLDERS[name].glob("*.jsonl")} == {snippet.lang for snippet in of_it}


@pytest.mark.parametrize(("earlier", "later"), list(combinations(SETS, 2)))
def test_a_later_set_repeats_nothing_of_an_earlier(earlier: str, later: str) -> None:
    before, after = SETS[earlier], SETS[later]
    assert {snippet.lang for snippet in after} - {snippet.lang for snippet in before} >= OF_ITS_OWN[later]
    assert {snippet.text for snippet in before} & {snippet.text for snippet in after} == set()
    assert sorted(invented(before) & invented(after)) == []


def invented(of_one: tuple[Snippet, ...]) -> set[tuple[str, str]]:
    """What an author makes up (the reserved IP addresses and telephone numbers are few)."""
    return {(label.kind, label.normal) for snippet in of_one for label in snippet.identifiers if label.kind not in {"ip", "phone"}}


def test_labels_lie_in_the_text_and_apart() -> None:
    for snippet in EVERY:
        ends = 0
        for label in snippet.identifiers:
            assert ends <= label.start < label.end <= len(snippet.text), snippet.id
            assert snippet.written(label) == snippet.written(label).strip(), snippet.id
            ends = label.end


def test_labels_cut_no_word_in_two() -> None:
    cut = [
        f"{snippet.id}: {snippet.written(label)}"
        for snippet, label in LABELLED
        if re.fullmatch(r"\w\w", snippet.text[label.start - 1 : label.start + 1])
        or re.fullmatch(r"\w\w", snippet.text[label.end - 1 : label.end + 1])
    ]
    assert cut == []


def test_normal_spellings_are_the_products() -> None:
    wrong = [f"{snippet.id}: {snippet.written(label)} -> {label.normal}" for snippet, label in LABELLED if not agrees(snippet, label)]
    assert wrong == []
    unstable = [
        label for _, label in LABELLED if normal(KINDS[label.kind], label.normal) not in {label.normal, checksummed_or_same(label.normal)}
    ]
    assert unstable == []


def checksummed_or_same(text: str) -> str:
    return checksummed(text) if re.fullmatch(r"0x[0-9a-f]{40}", text) else text


def test_only_handles_name_a_service() -> None:
    assert {label.kind for _, label in LABELLED if label.service} == {"handle"}
    handles = [label for _, label in LABELLED if label.kind == "handle"]
    assert [label for label in handles if not label.service or service_name(label.service) != label.service] == []


def test_checksums_hold_where_they_are_labelled_and_nowhere_else() -> None:
    for snippet, label in LABELLED:
        if label.kind == "crypto":
            assert is_wallet(snippet.written(label)), snippet.id
        if label.kind == "payment":
            assert is_iban(snippet.written(label)), snippet.id
    for snippet in BARE:
        assert [word for word in re.findall(r"\w+", snippet.text) if is_wallet(word)] == [], snippet.id
        starts = [found.start() for found in re.finditer(r"\b[A-Z]{2}\d\d", snippet.text)]
        assert [start for start in starts for end in range(start + 15, start + 36) if is_iban(snippet.text[start:end])] == [], snippet.id


def test_the_checksums_are_those_of_the_specifications() -> None:
    assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert checksummed("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed") == "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    assert is_wallet("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4")
    assert is_wallet("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0")
    assert is_wallet("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")
    assert not is_wallet("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb")
    assert is_iban("GB82 WEST 1234 5698 7654 32")
    assert not is_iban("GB82 WEST 1234 5698 7654 33")


def test_only_addresses_for_documentation_and_numbers_of_fiction() -> None:
    for snippet, label in LABELLED:
        if label.kind == "ip":
            assert is_for_documentation(label.normal), snippet.id
        if label.kind == "phone":
            assert FICTION.fullmatch(label.normal), (snippet.id, label.normal)
        if label.kind in {"email", "url"}:
            rest = label.normal.partition("://")[2] or label.normal.rpartition("@")[2]
            host = re.split(r"[/?#]|:\d+(?=[/?#]|$)", rest)[0].strip("[]")
            reserved = EXAMPLE.fullmatch(host) or is_for_documentation(host)
            assert reserved, (snippet.id, host)


def is_for_documentation(host: str) -> bool:
    return bool(re.fullmatch(r"[0-9a-f.:]+", host)) and any(ip_address(host) in network for network in NETWORKS)


def test_no_address_of_anyone_stands_beside_the_labels() -> None:
    for snippet in EVERY:
        hosts = re.findall(r"https?://([^/\s\"<>)]+)|(?<=\w)@([\w-]+(?:\.[a-z][\w-]*\w)+)", snippet.text, re.IGNORECASE)
        for host in filter(None, (name for pair in hosts for name in pair)):
            bare = host.lower().removeprefix("[").partition(":")[0].replace("[.]", ".")
            allowed = re.search(r"(?:^|\.)example(?:\.(?:com|net|org))?$", bare) or bare[0].isdigit()
            assert allowed, (snippet.id, host)
