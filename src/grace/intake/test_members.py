import hashlib

from grace.intake.members import Pairing, State, digests_of, match
from grace.intake.normalise import AttachmentFact, facts
from grace.intake.packages import package_of
from grace.sdk.intake import Attachment, Report

ONE, TWO = b"one", b"two"


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def named(*attachments: Attachment) -> tuple[AttachmentFact, ...]:
    return facts(Report("x", "x", None, "x", attachments=attachments)).attachments


def paired(attachments: tuple[Attachment, ...], contents: dict[str, bytes]) -> list[tuple[str, int | None, str | None, bool]]:
    package = package_of(contents)
    return [
        (pair.state.value, pair.attachment, pair.member, pair.checked) for pair in match(named(*attachments), digests_of(package, package))
    ]


def file(name: str | None, content: bytes | None = None, original: str | None = None) -> Attachment:
    return Attachment("$", name, original, digests={"md5": md5(content).upper()} if content is not None else {})


def test_a_file_is_present_by_name_and_digest() -> None:
    assert paired((file("a.jpg", ONE),), {"sub/A.JPG": ONE}) == [("present", 0, "sub/A.JPG", True)]


def test_a_renamed_file_is_found_by_its_digest() -> None:
    assert paired((file("a.jpg", ONE),), {"b.jpg": ONE}) == [("present", 0, "b.jpg", True)]


def test_a_wrong_digest_is_a_changed_file() -> None:
    assert paired((file("a.jpg", ONE),), {"a.jpg": TWO}) == [("changed", 0, "a.jpg", True)]


def test_the_digest_counts_more_than_the_name() -> None:
    assert paired((file("a.jpg", ONE),), {"a.jpg": TWO, "b.jpg": ONE}) == [("present", 0, "b.jpg", True), ("extra", None, "a.jpg", False)]


def test_missing_and_extra() -> None:
    assert paired((file("a.jpg", ONE),), {"b.jpg": TWO}) == [("missing", 0, None, False), ("extra", None, "b.jpg", False)]


def test_two_files_may_share_one_member() -> None:
    found = paired((file("a.jpg", ONE), file("b.jpg", ONE)), {"a.jpg": ONE})
    assert found == [("present", 0, "a.jpg", True), ("present", 1, "a.jpg", True)]


def test_each_of_two_equal_files_prefers_its_own_name() -> None:
    found = paired((file("a.jpg", ONE), file("b.jpg", ONE)), {"b.jpg": ONE, "a.jpg": ONE})
    assert [entry[2] for entry in found] == ["a.jpg", "b.jpg"]


def test_without_a_digest_the_name_alone_speaks_unchecked() -> None:
    assert paired((file(None, original="a.jpg"),), {"a.jpg": ONE}) == [("present", 0, "a.jpg", False)]


def test_a_decomposed_name_is_the_same_name() -> None:
    assert paired((file("\u00fc.jpg"),), {"u\u0308.jpg": ONE}) == [("present", 0, "u\u0308.jpg", False)]


def test_a_member_that_cannot_be_read_is_present_unchecked() -> None:
    assert match(named(file("a.jpg", ONE)), {"a.jpg": {}}) == (Pairing(State.PRESENT, 0, "a.jpg"),)


def test_the_strongest_digest_decides() -> None:
    stated = Attachment("$", "a.jpg", digests={"md5": md5(ONE), "sha256": hashlib.sha256(TWO).hexdigest()})
    assert [entry[0] for entry in paired((stated,), {"a.jpg": ONE})] == ["changed"]
