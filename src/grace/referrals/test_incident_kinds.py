import pytest

from grace.referrals.incident_kinds import KINDS, kind_of


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Online Enticement of Children for Sexual Acts", "enticement"),
        ("  misleading   DOMAIN name", "domain"),
        ("content/csam", "material"),
        ("content/csem solicitation", "enticement"),
        ("content/csem trafficking", "trafficking"),
        ("content/csem", "other"),
        ("", "other"),
        (None, "other"),
    ],
)
def test_types_of_both_schemas_have_short_names(written: str | None, kind: str) -> None:
    assert kind_of(written) == kind


def test_each_kind_stands_once() -> None:
    assert len(KINDS) == len(set(KINDS))
