"""Analysers in the decoding program, among them some that lie, fail, hang and die."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from grace.evidence.decoding.answers import Told, read_verdicts_of_each
from grace.evidence.decoding.pool import Pool
from grace.evidence.decoding.port import Limits, NotDecoded, Reason, Verdict, Visit
from grace.evidence.decoding.testing import fractal, written
from grace.evidence.decoding.tools import Away, Here, Output, Tools
from grace.sdk.analysis import AnalyserInfo, Cost, Finding, Fingerprint, Takes, Text
from grace.sdk.signals import Basis

PLUG_INS = """
import os, time
from grace.sdk.analysis import AnalyserInfo, Content, Cost, Finding, Fingerprint, Picture, Takes
from grace.sdk.signals import Basis

class Plug:
    def __init__(self, name, say, takes=Takes.CONTENT, load=lambda: None, programs=()):
        gives = {"seen": "what it saw", "print": "a print"}
        self.info = AnalyserInfo(name, "1", Cost.CHEAP, "Apache-2.0", takes, gives, most_side=64, programs=programs)
        self.examine, self.warm_up = say, load

def raising(error):
    def raises(*_):
        raise error
    return raises

honest = Plug("honest", lambda subject: (
    Finding("seen", f"{subject.media_type} {len(subject.content)}", Basis.OBSERVED, "bytes:0,4", 0.5, {"a": "b"}),
    Fingerprint("print", subject.content[:4], 50)))
looks = Plug("looks", lambda subject: (Finding("seen", f"{subject.width}x{subject.height}", Basis.MODEL),), Takes.PICTURE)
reads = Plug("reads", lambda subject: (Finding("seen", subject.text, Basis.OBSERVED),), Takes.TEXT)
refers = Plug("refers", lambda subject: (Finding("seen", subject.reference, Basis.OBSERVED, "text:0,1"),), Takes.TEXT)
shy = Plug("shy", lambda subject: os._exit(3) if subject.text == "boo" else (), Takes.TEXT)
liar = Plug("liar", lambda _: (Finding("fame", "x", Basis.OBSERVED),))
officer = Plug("officer", lambda _: (Finding("seen", "x", Basis.OFFICER),))
certain = Plug("certain", lambda _: (Finding("seen", "x", Basis.MODEL, "", 2.0),))
talker = Plug("talker", lambda _: (Finding("seen", "x", Basis.MODEL),) * 501)
unreadable = Plug("unreadable", raising(ValueError("no")))
careless = Plug("careless", raising(KeyError("no")))
hungry = Plug("hungry", lambda _: bytes(3 << 30))
deadly = Plug("deadly", lambda _: os._exit(3))
endless = Plug("endless", lambda _: time.sleep(60))
asks = Plug("asks", lambda subject, ask: (
    Finding("seen", ask("invented", "upper", subject.content).decode(), Basis.OBSERVED),), programs=("invented",))
sly = Plug("sly", lambda subject, ask: ask("other", "upper", subject.content), programs=("invented",))
tireless = Plug("tireless", lambda subject, ask: [ask("invented", "upper", b"") for _ in range(100)], programs=("invented",))
needy = Plug("needy", lambda subject, ask: (), programs=("missing",))
impostor = Plug("identifiers", lambda _: (), Takes.TEXT)
absent = Plug("absent", lambda _: (), load=raising(OSError("no model")))
"""
NAMES = [
    "honest",
    "looks",
    "reads",
    "refers",
    "shy",
    "liar",
    "officer",
    "certain",
    "talker",
    "unreadable",
    "careless",
    "hungry",
    "deadly",
    "endless",
    "asks",
    "sly",
    "tireless",
    "needy",
    "impostor",
    "absent",
    "missing",
]


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    folder = tmp_path_factory.mktemp("plug-ins")
    (folder / "invented_plug_ins.py").write_text(PLUG_INS)
    about: Path = folder / "invented_plug_ins-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: invented-plug-ins\nVersion: 1\n")
    points = "\n".join(f"{name} = invented_plug_ins:{name}" for name in NAMES)
    (about / "entry_points.txt").write_text(f"[grace.analysers]\n{points}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        pool = Pool(1)
        pool._tools = Invented()
        yield pool
        pool.close()


class Invented(Tools):
    """A program that writes what it reads in capitals, and fails of a question mark."""

    def roll(self) -> Mapping[str, Here | Away]:
        return {"invented": Here("1", "d" * 64), "missing": Away("missing is not installed", "apt install missing")}

    def run(self, name: str, task: str, content: bytes, seconds: float = 0, cpu_seconds: int = 0) -> Output | NotDecoded:
        assert (name, task) == ("invented", "upper")
        return NotDecoded(Reason.TIME) if content == b"?" else Output(content.upper(), 4711)


USUAL = Limits()


def one(pool: Pool, name: str, content: bytes = b"abcdef", media_type: str = "text/plain", limits: Limits = USUAL) -> Verdict | NotDecoded:
    told = pool.analyse(io.BytesIO(content), media_type, [name], limits)
    if isinstance(told, NotDecoded):
        return told
    (verdict,) = told
    return verdict


def test_the_roll_tells_who_is_here_and_who_could_not_be_loaded(pool: Pool) -> None:
    roll = pool.roll()
    assert set(NAMES[:-4]) <= roll.loaded.keys()
    info = roll.loaded["looks"]
    assert (info.version, info.cost, info.takes, info.most_side, info.gives["seen"]) == ("1", Cost.CHEAP, Takes.PICTURE, 64, "what it saw")
    assert set(roll.left_out) >= {"absent (OSError)", "missing (AttributeError)", "needy (missing is not installed)"}
    assert roll.loaded["asks"].model_digest == "d" * 64


def test_the_roll_tells_who_came_with_grace_whatever_a_plug_in_calls_itself(pool: Pool) -> None:
    shipped = pool.roll().shipped
    assert "language" in shipped
    assert not shipped & {*NAMES, "identifiers"}


def test_what_it_saw_comes_back_as_it_was_said(pool: Pool) -> None:
    finding = Finding("seen", "text/plain 6", Basis.OBSERVED, "bytes:0,4", 0.5, {"a": "b"})
    assert one(pool, "honest") == Verdict("honest", (finding, Fingerprint("print", b"abcd", 50)))


def test_a_picture_is_made_small_and_a_text_is_read(pool: Pool) -> None:
    content = written(fractal(320, 200)).getvalue()
    assert one(pool, "looks", content, "image/png") == Verdict("looks", (Finding("seen", "64x40", Basis.MODEL),))
    assert one(pool, "looks", content[:-300], "image/png") == Verdict("looks", (), Reason.DAMAGED)
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert one(pool, "reads", "Straße".encode(encoding)) == Verdict("reads", (Finding("seen", "Straße", Basis.OBSERVED),))


@pytest.mark.parametrize("name", ["liar", "officer", "certain", "talker"])
def test_what_it_may_not_say_is_nonsense(pool: Pool, name: str) -> None:
    assert one(pool, name) == Verdict(name, (), Reason.NONSENSE)


@pytest.mark.parametrize(("name", "reason"), [("unreadable", Reason.DAMAGED), ("careless", Reason.ANALYSER), ("hungry", Reason.MEMORY)])
def test_one_that_fails_hurts_only_itself(pool: Pool, name: str, reason: Reason) -> None:
    told = pool.analyse(io.BytesIO(b"abcdef"), "text/plain", [name, "honest"])
    assert not isinstance(told, NotDecoded)
    assert [each.failed for each in told] == [reason, None]


def test_one_that_ends_its_worker_or_never_ends_is_told(pool: Pool) -> None:
    assert one(pool, "deadly") == NotDecoded(Reason.DIED)
    assert one(pool, "endless", limits=Limits(seconds=0.5)) == NotDecoded(Reason.TIME)
    assert one(pool, "honest") != NotDecoded(Reason.DIED)


def test_one_asks_a_program_and_the_time_that_it_takes_is_its_own(pool: Pool) -> None:
    told = one(pool, "asks")
    assert told == Verdict("asks", (Finding("seen", "ABCDEF", Basis.OBSERVED),))
    assert isinstance(told, Verdict)
    assert told.milliseconds >= 4711
    assert one(pool, "asks", b"?") == Verdict("asks", (), Reason.TIME)


def test_a_program_that_no_analyser_named_is_not_asked(pool: Pool) -> None:
    assert one(pool, "sly") == Verdict("sly", (), Reason.FORBIDDEN)


def test_nobody_asks_for_ever(pool: Pool) -> None:
    assert one(pool, "tireless") == NotDecoded(Reason.NONSENSE)
    assert isinstance(one(pool, "asks"), Verdict)


def test_passages_go_together_and_each_is_answered(pool: Pool) -> None:
    texts = [Text("0", "Straße"), Text("1", ""), Text("2", "a\x00b\u2028c")]
    told = pool.analyse_texts(texts, ["reads", "refers"])
    assert not isinstance(told, NotDecoded)
    assert [each.analyser for each in told[0]] == ["reads", "refers"]
    assert told[0][0].seen == (Finding("seen", "Straße", Basis.OBSERVED),)
    assert told[2][0].failed is Reason.NONSENSE
    assert [each[1].seen for each in told] == [(Finding("seen", each.reference, Basis.OBSERVED, "text:0,1"),) for each in texts]


def test_passages_that_are_too_much_or_kill_get_a_verdict(pool: Pool) -> None:
    text = Text("0", "many words")
    assert pool.analyse_texts([text, text], ["reads"], Limits(most_characters=19)) == NotDecoded(Reason.CHARACTERS)
    assert pool.analyse_texts([text], ["reads"], Limits(most_bytes=9)) == NotDecoded(Reason.BYTES)
    assert pool.analyse_texts([text, Text("1", "boo")], ["shy"]) == NotDecoded(Reason.DIED)
    assert pool.analyse_texts([text], ["shy"]) == ((Verdict("shy", ()),),)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        [],
        [[]],
        [[{"name": "a", "seen": []}]] * 3,
        [[{"name": "a", "seen": []}], [{"name": "b", "seen": []}]],
        [[], 7],
        b"[[[" * 9999,
    ],
)
def test_other_answers_than_one_for_each_passage_and_analyser_are_nonsense(answer: object) -> None:
    payload = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    told = Told({"bytes": len(payload)}, lambda _size, _place: payload)
    asked = [AnalyserInfo("a", "1", Cost.CHEAP, "Apache-2.0", Takes.TEXT, {})]
    assert read_verdicts_of_each(told, asked, 2) is None


def test_a_visit_gives_what_fingerprint_and_analysers_give_apart(pool: Pool) -> None:
    content = written(fractal(), "JPEG").getvalue()
    visit = pool.visit(io.BytesIO(content), "image/jpeg", ["looks", "honest"])
    assert isinstance(visit, Visit)
    assert visit.printed == pool.fingerprint(io.BytesIO(content))
    assert visit.verdicts == pool.analyse(io.BytesIO(content), "image/jpeg", ["looks", "honest"])
    assert visit.verdicts[0].seen == (Finding("seen", "64x40", Basis.MODEL),)


def test_a_visit_to_what_is_no_picture_says_so_and_hides_nothing(pool: Pool) -> None:
    visit = pool.visit(io.BytesIO(b"no picture"), "image/jpeg", ["looks", "honest"])
    assert isinstance(visit, Visit)
    assert visit.printed == NotDecoded(Reason.FORMAT)
    assert [each.failed for each in visit.verdicts] == [Reason.FORMAT, None]


def test_a_visit_that_costs_the_worker_its_life_comes_to_nothing(pool: Pool) -> None:
    content = written(fractal(), "JPEG").getvalue()
    assert pool.visit(io.BytesIO(content), "image/jpeg", ["honest", "deadly"]) == NotDecoded(Reason.DIED)
    assert isinstance(pool.visit(io.BytesIO(content), "image/jpeg", ["honest"]), Visit)
