from uuid import UUID

import pytest

from grace.custody.kinds import Kind
from grace.custody.line import Line, is_purpose
from grace.kernel.errors import Invalid

OFFICER = f"officer:{UUID(int=7)}"
PERSONAL = [
    "alice@example.org",
    "Alice Example",
    "alice example",
    "203.0.113.7",
    "2001:db8::7",
    "https://example.org/alice",
    "+49 30 5550100",
    "+49305550100",
    "49305550100",
    "0305550100",
    "tel:+49305550100",
    "ip:203.0.113.7",
    "Ω",
    "line\nbreak",
    "",
]


@pytest.mark.parametrize("text", PERSONAL)
def test_text_that_may_be_personal_is_no_subject(text: str) -> None:
    with pytest.raises(Invalid, match="subjects"):
        Line(Kind.COLLECTION, "referral.receive", OFFICER, subjects=(text,))


@pytest.mark.parametrize("text", PERSONAL)
def test_text_that_may_be_personal_is_no_detail(text: str) -> None:
    with pytest.raises(Invalid, match="detail"):
        Line(Kind.COLLECTION, "referral.receive", OFFICER, detail={"query": text})


@pytest.mark.parametrize("text", [*PERSONAL, OFFICER.split(":")[1]])
def test_text_that_may_be_personal_is_no_actor(text: str) -> None:
    with pytest.raises(Invalid, match="actor"):
        Line(Kind.COLLECTION, "referral.receive", text)


@pytest.mark.parametrize("text", [*filter(None, PERSONAL), "case:203.0.113.7", "case:49305550100"])
def test_text_that_may_be_personal_is_no_purpose(text: str) -> None:
    with pytest.raises(Invalid, match="purpose"):
        Line(Kind.CONSULTATION, "queue.list", OFFICER, text)


def test_a_refusal_never_repeats_the_text() -> None:
    with pytest.raises(Invalid) as refused:
        Line(Kind.COLLECTION, "referral.receive", OFFICER, subjects=("alice@example.org",))
    assert "alice" not in str(refused.value)


@pytest.mark.parametrize(
    "subject",
    [
        f"referral:{UUID(int=7)}",
        "file:" + "ab" * 32,
        "file:" + "0" * 32,
        "rules:17",
        "list:daily",
        "job:casework.reindex",
        "leaf:123456789012",
    ],
)
def test_references_are_subjects(subject: str) -> None:
    assert Line(Kind.COLLECTION, "referral.receive", OFFICER, subjects=(subject,)).subjects == (subject,)


@pytest.mark.parametrize(
    "value",
    [
        "ab" * 32,
        "lea-json",
        "duplicate",
        "0.25",
        "-3",
        "1.2.3",
        "2026-11-22",
        "2026-11-22T17:46:33.5Z",
        "referral.dispose",
        f"rules:{UUID(int=7)}",
    ],
)
def test_codes_digests_numbers_and_moments_are_details(value: str) -> None:
    assert Line(Kind.ALTERATION, "referral.decide", OFFICER, detail={"value": value}).detail == {"value": value}


@pytest.mark.parametrize("purpose", ["triage", "case:2026/AB-117", "case:17-b", "case:4711"])
def test_codes_and_case_numbers_are_purposes(purpose: str) -> None:
    assert Line(Kind.CONSULTATION, "queue.list", OFFICER, purpose).purpose == purpose


@pytest.mark.parametrize("act", ["receive", "Referral.receive", "referral receive", "referral.", ""])
def test_an_act_is_a_dotted_word(act: str) -> None:
    with pytest.raises(Invalid, match="act"):
        Line(Kind.COLLECTION, act, OFFICER)


def test_too_much_is_refused() -> None:
    with pytest.raises(Invalid, match="subjects"):
        Line(Kind.COLLECTION, "referral.receive", OFFICER, subjects=tuple(f"rules:{number}" for number in range(1001)))
    with pytest.raises(Invalid, match="detail"):
        Line(Kind.COLLECTION, "referral.receive", OFFICER, detail={f"word{number}": "a" for number in range(33)})


def test_a_list_is_no_tuple() -> None:
    with pytest.raises(Invalid, match="subjects"):
        Line(Kind.COLLECTION, "referral.receive", OFFICER, subjects=["rules:1"])  # type: ignore[arg-type]


def test_a_form_can_ask_whether_a_purpose_will_do() -> None:
    assert is_purpose("case:2026/AB-117")
    assert not is_purpose("because Alice said so")
    assert not is_purpose("")
