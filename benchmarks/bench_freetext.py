"""Identifiers in free text: precision and recall for each kind and each language, beside ``ioc-finder``.

python benchmarks/bench_freetext.py [--set NAME] [--errors [NAME ...]]

There are fourteen sets, measured one after the other: first (``tests/data/freetext``, which also has the rules of labelling), held-out, third, fourth,
fifth, sixth, seventh, eighth, ninth, tenth, eleventh, twelfth, thirteenth and fourteenth (``tests/data/freetext_held_out``, ``_third`` to ``_fourteenth``). The extractor is measured blind on each of them first; the
README of a set says when it was spent. ``--errors`` alone lists those of the first set; whoever wants to see another's names it,
and has read its README. A hit is an identifier of the same kind and the same normal spelling whose place overlaps the label's. The peer (LGPL, not a
dependency) gives no places, so that its hits are told by kind and normal spelling, each spelling once a text. It is asked through a Python of its
own: ``IOC_FINDER_PYTHON``, or this one. Its version 7 also reads Bitcoin addresses, 9 does not. It knows no top-level domain ``.example``, which a
fifth of the e-mail addresses here have.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import ground

from grace.identifiers import normal
from grace.sdk.intake import Kind
from tests.support.snippets import FOLDERS, KINDS, Label, Snippet, snippets

PRECISION, RECALL = 0.99, 0.95
PEER_KINDS = {
    "email_addresses": "email", "phone_numbers": "phone", "ipv4s": "ip", "ipv6s": "ip", "urls": "url",
    "bitcoin_addresses": "crypto", "monero_addresses": "crypto",
}  # fmt: skip
PEER = """
import importlib.metadata, inspect, json, sys
from ioc_finder import find_iocs
wished = {"parse_unicode_iocs": True, "parse_address_from_cidr": False, "parse_from_url_path": False}
options = {name: value for name, value in wished.items() if name in inspect.signature(find_iocs).parameters}
def asked(text):
    found = find_iocs(text, **options)
    return {name: list(found.get(name, [])) for name in %r}
print(json.dumps([importlib.metadata.version("ioc-finder"), [asked(text) for text in json.load(sys.stdin)]]))
"""
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,}")


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a finder says of a text; a finder that gives no places leaves them None."""

    kind: str
    normal: str
    start: int | None = None
    end: int | None = None
    service: str | None = None


@dataclass(slots=True)
class Tally:
    """Counts of one kind (or language): labels, hits, what is false, hits with the label's very place, and service."""

    labels: int = 0
    hits: int = 0
    false: int = 0
    exact: int = 0
    named: int = 0

    @property
    def precision(self) -> float | None:
        return self.hits / (self.hits + self.false) if self.hits + self.false else None

    @property
    def recall(self) -> float | None:
        return self.hits / self.labels if self.labels else None


Finding = Callable[[Snippet], Sequence[Claimed]]
Scores = dict[str, Tally]


def same_spelling(snippet: Snippet, label: Label, claimed: Claimed) -> bool:
    if label.kind == "crypto" and label.normal.startswith("0x"):
        return claimed.normal.casefold() == label.normal
    if label.kind == "url" and "://" not in snippet.written(label):
        return claimed.normal.partition("://")[2] == label.normal.partition("://")[2]
    return claimed.normal == label.normal


def same_place(label: Label, claimed: Claimed) -> bool:
    return claimed.start is None or claimed.end is None or (claimed.start < label.end and label.start < claimed.end)


def is_part_of_a_url(snippet: Snippet, claimed: Claimed) -> bool:
    """The host or the screen name of a labelled URL: neither praised nor blamed."""
    return claimed.kind in {"ip", "handle"} and any(
        label.kind == "url" and (claimed.normal in label.normal if claimed.start is None else same_place(label, claimed))
        for label in snippet.identifiers
    )


def once(labels: Iterable[Label]) -> list[Label]:
    """Labels of which each kind and spelling stands once, for a finder that gives no places."""
    return list({(label.kind, label.normal): label for label in labels}.values())


def score(finding: Finding, tellers: Iterable[Snippet], *, placed: bool, errors: list[str]) -> tuple[Scores, Scores]:
    """Tallies by kind and by language."""
    kinds: Scores = {kind: Tally() for kind in KINDS}
    languages: Scores = {}
    for snippet in tellers:
        language = languages.setdefault(snippet.lang, Tally())
        left = list(finding(snippet))
        for label in snippet.identifiers if placed else once(snippet.identifiers):
            matching = [
                each for each in left if each.kind == label.kind and same_place(label, each) and same_spelling(snippet, label, each)
            ]
            for tally in (kinds[label.kind], language):
                tally.labels += 1
                tally.hits += bool(matching)
                tally.exact += bool(matching) and (matching[0].start, matching[0].end) == (label.start, label.end)
                tally.named += bool(matching) and matching[0].service == label.service
            if matching:
                left.remove(matching[0])
            else:
                errors.append(f"{snippet.id} missed {label.kind}: {snippet.written(label)!r} ({label.normal})")
        for claimed in left:
            if claimed.kind in kinds and not is_part_of_a_url(snippet, claimed):
                kinds[claimed.kind].false += 1
                language.false += 1
                errors.append(f"{snippet.id} false {claimed.kind}: {claimed.normal!r} in {snippet.text!r}")
    return kinds, languages


def kind_of(kind: Kind, spelling: str) -> str:
    """The label's kind; PAYMENT is told apart by its shape."""
    if kind is Kind.PAYMENT:
        return "payment" if _IBAN.fullmatch(spelling) else "crypto"
    return next((name for name, product in KINDS.items() if product is kind), str(kind))


def ours() -> Finding:
    from grace.identifiers.find import find

    def finding(snippet: Snippet) -> list[Claimed]:
        found = find(snippet.text, region=snippet.region)
        return [Claimed(kind_of(each.kind, each.normal), each.normal, each.start, each.end, each.service) for each in found]

    return finding


def peers(tellers: Sequence[Snippet]) -> tuple[str, Finding] | None:
    """The peer's version and findings, spelt by the product's rules as far as they read them; None where it is not installed."""
    command = [os.environ.get("IOC_FINDER_PYTHON", sys.executable), "-c", PEER % (tuple(PEER_KINDS),)]
    asked = subprocess.run(
        command, input=json.dumps([snippet.text for snippet in tellers]), capture_output=True, text=True, encoding="utf-8", check=False
    )
    if asked.returncode:
        print(asked.stderr.strip().splitlines()[-1], "(pip install ioc-finder, in an environment of its own, to see the peer)")
        return None
    version, answers = json.loads(asked.stdout)
    given: Mapping[str, Mapping[str, list[str]]] = dict(zip((snippet.id for snippet in tellers), answers, strict=True))

    def finding(snippet: Snippet) -> list[Claimed]:
        pairs = {(PEER_KINDS[name], each) for name, found in given[snippet.id].items() for each in found}
        return list({Claimed(kind, spelt(kind, each, snippet.region)) for kind, each in pairs})

    return version, finding


def spelt(kind: str, written: str, region: str | None) -> str:
    if kind == "url" and "://" not in written:
        written = f"https://{written}"
    return normal(KINDS[kind], written, region=region) or written


def share(value: float | None) -> str:
    return "     -" if value is None else f"{value:6.3f}"


def table(title: str, ours_: Scores, theirs: Scores) -> None:
    print(f"\n{title:10} labels   grace: precision  recall  exact place  service | ioc-finder: precision  recall")
    for name, tally in ours_.items():
        hits = tally.hits or 1
        peer = theirs.get(name, Tally())
        print(
            f"{name:10} {tally.labels:6}          {share(tally.precision):>9} {share(tally.recall):>7} {share(tally.exact / hits):>12}"
            f" {share(tally.named / hits):>8} |             {share(peer.precision):>9} {share(peer.recall if peer.hits else None):>7}"
        )


def measured(name: str, *, listing: bool) -> None:
    """Print the tables of one set, whether it meets the bar, and its errors if they are to be listed."""
    tellers, errors = snippets(name), list[str]()
    bare = sum(not snippet.identifiers for snippet in tellers)
    print(f"\n{name} set: {len(tellers)} texts, {bare} without any identifier")
    mine = ours()
    begun = time.process_time()
    for snippet in tellers:
        mine(snippet)
    print(f"{(time.process_time() - begun) / len(tellers) * 1e3:.2f} ms a text")
    kinds, languages = score(mine, tellers, placed=True, errors=errors)
    peer = peers(tellers)
    their_kinds, their_languages = score(peer[1], tellers, placed=False, errors=[]) if peer else ({}, {})
    print(f"peer: ioc-finder {peer[0]}" if peer else "no peer")
    table("kind", kinds, their_kinds)
    table("language", languages, their_languages)
    short = [kind for kind, tally in kinds.items() if (tally.precision or 0) < PRECISION or (tally.recall or 0) < RECALL]
    print(
        f"\n{name} set, bar: precision {PRECISION} and recall {RECALL} for each kind: {'missed by ' + ', '.join(short) if short else 'met'}"
    )
    if listing:
        print("\n".join(errors))


def main() -> None:
    asked = argparse.ArgumentParser(description="precision and recall of identifiers in free text")
    asked.add_argument("--set", choices=FOLDERS, action="append", help="only this set")
    asked.add_argument("--errors", choices=FOLDERS, nargs="*", help="list the errors of these sets (of the first if none is named)")
    options = asked.parse_args()
    listed = ["first"] if options.errors == [] else options.errors or []
    print(ground.machine())
    for name in options.set or FOLDERS:
        measured(name, listing=name in listed)


if __name__ == "__main__":
    main()
