from __future__ import annotations

import pytest

from grace.identifiers.typed import kinds_of
from grace.sdk.intake import Kind


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (" Person@EXAMPLE.net ", {Kind.EMAIL: "person@example.net"}),
        ("+44 (0)20 7946 0018", {Kind.PHONE: "+442079460018"}),
        ("0044 20 7946 0018", {Kind.PHONE: "+442079460018"}),
        ("192.000.002.007", {Kind.IP: "192.0.2.7"}),
        ("2001:DB8:0:0::1", {Kind.IP: "2001:db8::1"}),
        ("hxxps://example[.]org/Page", {Kind.URL: "https://example.org/Page"}),
        ("@Harbour_Light", {Kind.SCREEN_NAME: "harbour_light"}),
        ("F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", {Kind.DEVICE: "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}),
        ("00-00-5E-00-53-01", {Kind.DEVICE: "00:00:5e:00:53:01"}),
        ("GB82 WEST 1234 5698 7654 32", {Kind.PAYMENT: "GB82WEST12345698765432"}),
        ("$Harbour", {Kind.PAYMENT: "$harbour"}),
    ],
)
def test_an_identifier_is_told_by_its_shape(text: str, told: dict[Kind, str]) -> None:
    assert kinds_of(text) == told


def test_a_national_number_is_read_where_the_state_is_known() -> None:
    assert kinds_of("020 7946 0018") == {}
    assert kinds_of("020 7946 0018", "GB") == {Kind.PHONE: "+442079460018"}


@pytest.mark.parametrize("text", ["", "harbour", "77777", "R-26-77777", "two words", "at the lighthouse @ noon"])
def test_a_word_without_a_shape_is_none(text: str) -> None:
    assert kinds_of(text, "GB") == {}
