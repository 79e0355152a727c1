import pytest

from grace.identifiers import LONGEST, normal, service_name
from grace.identifiers.addresses import split_port
from grace.sdk.intake import Kind


@pytest.mark.parametrize(
    ("kind", "written", "expected"),
    [
        (Kind.IP, "203.0.113.9", "203.0.113.9"),
        (Kind.IP, " 203.0.113.099 ", "203.0.113.99"),
        (Kind.IP, "2001:DB8:40:0:0:0:0:1", "2001:db8:40::1"),
        (Kind.IP, "2001:0db8:0040:0000:0000:0000:0000:0001", "2001:db8:40::1"),
        (Kind.IP, "[2001:db8:40::1]", "2001:db8:40::1"),
        (Kind.IP, "[2001:db8:40::1]:443", "2001:db8:40::1"),
        (Kind.IP, "192.0.2.1:51522", "192.0.2.1"),
        (Kind.IP, "::ffff:198.51.100.71", "198.51.100.71"),
        (Kind.IP, "::ffff:c633:6447", "198.51.100.71"),
        (Kind.IP, "::FFFF:198.051.100.071", "198.51.100.71"),
        (Kind.IP, "fe80::1%eth0", "fe80::1"),
        (Kind.IP, "256.0.0.1", None),
        (Kind.IP, "not-an-ip", None),
        (Kind.IP, "192.0.2.0/24", None),
        (Kind.IP, "3221225985", None),
        (Kind.IP, "192.0.2.1:99999", None),
        (Kind.IP, "2001:db8::1::2", None),
        (Kind.IP, "12:30:45", None),
        (Kind.EMAIL, "Recovery.Box@Example.org", "recovery.box@example.org"),
        (Kind.EMAIL, "mailto:a@Example.org", "a@example.org"),
        (Kind.EMAIL, "<a@example.org>", "a@example.org"),
        (Kind.EMAIL, "użytkownik@Example.org", "użytkownik@example.org"),
        (Kind.EMAIL, "a@Bücher.example", "a@xn--bcher-kva.example"),
        (Kind.EMAIL, "a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
        (Kind.EMAIL, "first.last+tag@mail.example.org", "first.last+tag@mail.example.org"),
        (Kind.EMAIL, "no address", None),
        (Kind.EMAIL, "a@b", None),
        (Kind.EMAIL, "a@@example.org", None),
        (Kind.EMAIL, "a@example..org", None),
        (Kind.PHONE, "+32470000001", "+32470000001"),
        (Kind.PHONE, "+49 30 0000001", "+49300000001"),
        (Kind.PHONE, "+44 (0)20 7946 0018", "+442079460018"),
        (Kind.PHONE, "+1 (202) 555-0100", "+12025550100"),
        (Kind.PHONE, "tel:+1-202-555-0100", "+12025550100"),
        (Kind.PHONE, "+1 202 555 0100 ext. 12", "+12025550100;ext=12"),
        (Kind.PHONE, "+39 06 698 12345", "+390669812345"),
        (Kind.PHONE, "0470 00 00 01", None),
        (Kind.PHONE, "2025-10-09 07:30:00", None),
        (Kind.PHONE, "2025-10-09", None),
        (Kind.PHONE, "192.0.2.10", None),
        (Kind.PHONE, "+1234", None),
        (Kind.PHONE, "+999999999999", None),
        (Kind.PHONE, "1-800-FLOWERS", None),
        (Kind.URL, "HTTPS://Example.ORG:443", "https://example.org/"),
        (Kind.URL, "http://example.org:8080/a", "http://example.org:8080/a"),
        (Kind.URL, "hxxps://defanged[.]example/p", "https://defanged.example/p"),
        (Kind.URL, "https://xn--bcher-kva.example/ü?x=1&y=2", "https://xn--bcher-kva.example/%C3%BC?x=1&y=2"),
        (Kind.URL, "https://example.org/%7euser/%c3%bc", "https://example.org/~user/%C3%BC"),
        (Kind.URL, "https://example.org?q=[1]", "https://example.org/?q=[1]"),
        (Kind.URL, "https://[2001:DB8::1]/x", "https://[2001:db8::1]/x"),
        (Kind.URL, "https://example.org/#!Key", "https://example.org/#!Key"),
        (Kind.URL, "example.org/a", None),
        (Kind.URL, "https://", None),
        (Kind.URL, "https://a b/", None),
        (Kind.USER_ID, " 900000000000001 ", "900000000000001"),
        (Kind.USER_ID, "Case-Matters", "Case-Matters"),
        (Kind.SCREEN_NAME, "@Max.Beispiel", "max.beispiel"),
        (Kind.SCREEN_NAME, "ki\u200bte\u00ad_user", "kite_user"),
        (Kind.SCREEN_NAME, "\uff4b\uff49\uff54\uff45", "kite"),
        (Kind.SCREEN_NAME, "@", None),
        (Kind.DEVICE, "6D92078A-8246-4BA4-AE5B-76104861E7DC", "6d92078a-8246-4ba4-ae5b-76104861e7dc"),
        (Kind.DEVICE, "49-015420-323751-8", "490154203237518"),
        (Kind.DEVICE, "00-00-5E-00-53-AF", "00:00:5e:00:53:af"),
        (Kind.DEVICE, "FICT-DEVICE-1", "FICT-DEVICE-1"),
        (Kind.PAYMENT, "$FictTag", "$ficttag"),
        (Kind.PAYMENT, "gb82 west 1234 5698 7654 32", "GB82WEST12345698765432"),
        (Kind.PAYMENT, "Some-Reference", "Some-Reference"),
        (Kind.OTHER, " as it stands ", "as it stands"),
        (Kind.OTHER, " ", None),
    ],
)
def test_one_normal_spelling(kind: Kind, written: str, expected: str | None) -> None:
    assert normal(kind, written) == expected


@pytest.mark.parametrize("region", ["GB", "gb", "+44"])
def test_a_region_reads_numbers_without_plus(region: str) -> None:
    assert normal(Kind.PHONE, "020 7946 0018", region=region) == "+442079460018"
    assert normal(Kind.PHONE, "0044 7700 900 461", region=region) == "+447700900461"


@pytest.mark.parametrize("region", ["+", "+x", "+999", "nowhere", ""])
def test_an_unknown_region_reads_none(region: str) -> None:
    assert normal(Kind.PHONE, "020 7946 0018", region=region) is None


def test_a_port_behind_an_address_is_split_off() -> None:
    assert split_port("192.0.2.1:51522") == ("192.0.2.1", 51522)
    assert split_port("[2001:db8::1]:443") == ("2001:db8::1", 443)
    assert split_port("2001:db8::1") == ("2001:db8::1", None)


def test_services_that_know_their_users_by_phone() -> None:
    assert normal(Kind.USER_ID, "+31 6 0000 0008", service="WhatsApp Inc.") == "+31600000008"
    assert normal(Kind.USER_ID, "+31 6 0000 0008", service="Example") == "+31 6 0000 0008"


def test_service_names_are_folded() -> None:
    assert service_name("  Facebook\u00a0 Messenger ") == "facebook messenger"


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_longer_than_an_identifier_is_one(kind: Kind) -> None:
    assert normal(kind, "7" * (LONGEST + 1)) is None
