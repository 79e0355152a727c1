"""What is found in texts and what is not, by kind; the texts are invented, the languages those of many senders."""

from itertools import pairwise

import pytest

from grace.identifiers import normal
from grace.identifiers.find import Found, find
from grace.sdk.intake import Kind


def kinds(text: str, kind: Kind, region: str | None = None) -> list[str]:
    return [found.normal for found in find(text, region=region) if found.kind is kind]


EMAILS = {
    "Write to Kite.77@Example.org, or to o'brien+x@mail.example.com.": ["kite.77@example.org", "o'brien+x@mail.example.com"],
    "<kite@example.org>; **bird@example.net** 'wind@example.com' (sea@example.org)": [
        "kite@example.org",
        "bird@example.net",
        "wind@example.com",
        "sea@example.org",
    ],
    "mailto:kite@example.org?subject=x": ["kite@example.org"],
    "&lt;kite@example.org&gt;<br>": ["kite@example.org"],
    "kite@example.org.Bitte antworten": ["kite@example.org"],
    "użytkownik@example.org, zoë@bücher.example": ["użytkownik@example.org", "zoë@xn--bcher-kva.example"],
    "邮箱kite@example.org": ["kite@example.org"],
    "kite (at) example (dot) org": ["kite@example.org"],
    "kite[at]example[dot]org": ["kite@example.org"],
    "kite AT example DOT org": ["kite@example.org"],
    "kite@example[.]org": ["kite@example.org"],
    "blau(ät)beispiel.example": ["blau@beispiel.example"],
    "name dot surname at example dot com": ["name.surname@example.com"],
    "write to me at name dot surname at example dot com please": ["name.surname@example.com"],
    "kite{at}example.org": ["kite@example.org"],
    "kite &#64; x kite&#64;example.org": ["kite@example.org"],
    "cerf arobase example point org": ["cerf@example.org"],
    "aquilone chiocciola example punto com": ["aquilone@example.com"],
    "latawiec małpa example kropka org": ["latawiec@example.org"],
    "drak zavináč example tečka org": ["drak@example.org"],
    "змей собака example точка org": ["змей@example.org"],
    "e-mail: kite at example.org": ["kite@example.org"],
    "kite@example.org:secret kite@163.com": ["kite@example.org", "kite@163.com"],
    "look at example.org please, we met at noon": [],
    "icon@2x.png setup@2.py left-pad@1.3.0 song@home.mp3 logo@2x.ai": [],
    "ssh root@server.example.org; git@github.example.com:kite/repo.git": [],
    "Message-ID: <2023.abc@mail.example.org>": [],
    "user@localhost @home @media kite@ @example.org": [],
    "https://user:word@example.org/ https://example.org/?to=kite@example.org": [],
    "@kite@social.example": [],
}
URLS = {
    "See [here](https://example.org/a_(b)) and https://example.net/x?y=1#z.": ["https://example.org/a_(b)", "https://example.net/x?y=1#z"],
    "(https://example.org/a), <https://example.org/b>; “https://example.org/c”": [
        "https://example.org/a",
        "https://example.org/b",
        "https://example.org/c",
    ],
    "[https://example.org/a](https://example.org/a)": ["https://example.org/a", "https://example.org/a"],
    '<a href="https://example.com/x">x</a> https://example.com/y&quot;': ["https://example.com/x", "https://example.com/y"],
    "hxxps://odd[.]example[.]org/p hxxp://odd(.)example(.)org": ["https://odd.example.org/p", "http://odd.example.org/"],
    "www.example.org, example.org/u/kite and t.me/kite_77!": [
        "https://www.example.org/",
        "https://example.org/u/kite",
        "https://t.me/kite_77",
    ],
    "https://bücher.example/ü http://[2001:db8::1]:8080/x": ["https://xn--bcher-kva.example/%C3%BC", "http://[2001:db8::1]:8080/x"],
    "http://192.0.2.1:8080/login": ["http://192.0.2.1:8080/login"],
    "https://example.org/a,https://example.org/b": ["https://example.org/a", "https://example.org/b"],
    "https://example.orgです": ["https://example.org/"],
    "web: **https://example.org/a**, _https://example.org/b_": ["https://example.org/a", "https://example.org/b"],
    "http://example.org:8080/a?b=c&d=e;f HTTPS://EXAMPLE.ORG": ["http://example.org:8080/a?b=c&d=e;f", "https://example.org/"],
    "and/or TCP/IP 24/7 km/h README.md/x ASP.NET/MVC file.py/x Node.js/Express z.B./u.a. S.p.A./S.r.l.": [],
    "com.example.app/.Main 1.2/3 v1.2.3/4 12.03.2024/13.03.2024 it.It/that /home/user/example.org/x": [],
    "https:// http://… scheme://host https://{host}/x http://localhost:3000/ file:///etc/x": [],
    "example.org alone, Node.js and index.html are no addresses here": [],
}
ADDRESSES = {
    "login from 192.0.2.1:51522 and 203.0.113.77.": ["192.0.2.1", "203.0.113.77"],
    "192[.]0[.]2[.]1, 192.0.2[.]9 and 198.051.100.007": ["192.0.2.1", "192.0.2.9", "198.51.100.7"],
    "IP:192.0.2.1 ip=192.0.2.2 (192.0.2.3) [192.0.2.4]": ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"],
    "2001:db8::1, 2001:0DB8:0040:0000:0000:0000:0000:0001": ["2001:db8::1", "2001:db8:40::1"],
    "::ffff:192.0.2.1 64:ff9b::192.0.2.33 fe80::1%eth0": ["192.0.2.1", "64:ff9b::c000:221", "fe80::1"],
    "[2001:db8::1]:443 [2001:db8::2] IP:2001:db8::5. from 2001:db8::6: blocked": [
        "2001:db8::1",
        "2001:db8::2",
        "2001:db8::5",
        "2001:db8::6",
    ],
    "2001[:]db8[:][:]1 blocked": ["2001:db8::1"],
    "dns 8.8.8.8; ping 10.0.0.1": ["8.8.8.8", "10.0.0.1"],
    "App version 4.3.2.1, login from 192.0.2.10": ["192.0.2.10"],
    "build 10.0.19045.3570; Chrome/120.0.0.0; v203.0.113.5; OID 1.3.6.1.4.1; 4.3.2.1": [],
    "versions 1.2.3.4, 203.0.113.4 and 198.51.100.5; wersja 203.0.113.9; § 192.0.2.1": [],
    "192.0.2.0/24 255.255.255.0 0.0.0.0 2001:db8::/32 300.1.1.1 1.2.3 192.0.2.1.example.org": [],
    "1.200.150.250 EUR 1.000.000.000 12.10.2023 14:30 12.34.56.78": [],
    "00:1a:2b:3c:4d:5e 12:30:45 std::vector a::before Foo::Bar 00:11:22:33:44:55:66:77 10:20:30:40:50:60:70:80": [],
}
PHONES = {
    ("call +49 30 1234567 or +44 (0)20 7946 0018, +1 (202) 555-0100 ext. 12", None): [
        "+49301234567",
        "+442079460018",
        "+12025550100;ext=12",
    ],
    ("(+49) 170 1234567, +49 (0) 170 1234567, 0049 30 1234567, tel:+49-30-1234567", None): [
        "+491701234567",
        "+491701234567",
        "+49301234567",
        "+49301234567",
    ],
    ("+32470000001 2025-03-04 21:10", None): ["+32470000001"],
    ("wa +31 6 0000 0008", None): ["+31600000008"],
    ("UTC+0200 GMT+1 +20 % +500 000 000 +1 000 000 000 1+2=3 +1.000.000 € ++ +49 30 1234567 EUR", None): [],
    ("030 23125 000, 0470 00 00 01, (202) 555-0100", None): [],
    ("Ruf mich an 030 23125 000 oder 0170/1234567, am 01.02.2023 um 10", "DE"): ["+493023125000", "+491701234567"],
    ("Steuer-ID 01 234 567 890, Mitgliedsnummer 030 1234567, Handynr. 030 1234568", "DE"): ["+49301234568"],
    ("01.02.2023 14:30 030 1234567", "DE"): ["+49301234567"],
    ("2023-01-02, 01-02-2023, Bestellnummer 030 1234567, Rechnung 0123/456789, 08.00-17.00", "DE"): [],
    ("bel 0470 00 00 01 of 2023-10-12 order 0470000001", "BE"): ["+32470000001"],
    ("(202) 555-0100, 202-555-0199, order 202-555-0199, ssn 123-45-6789, 4111 1111 1111 1111", "US"): ["+12025550100", "+12025550199"],
    ("appelle au 06 39 98 12 34, le 01/02/2023, commande 0639981234", "FR"): ["+33639981234"],
    ("llámame al 612 345 678, total 612 345 678 €, pedido 612345678", "ES"): ["+34612345678"],
    ("chiamami al 333 123 4567, partita IVA 01234567890", "IT"): ["+393331234567"],
    ("bel 06-12345678, open 08.00-17.00", "NL"): ["+31612345678"],
    ("mój numer: 600 123 456, zamówienie nr 600 123 457, cena 600 123 456 zł", "PL"): ["+48600123456"],
    ("o meu telemóvel é 912 345 678", "PT"): ["+351912345678"],
    ("ring 070-174 06 05, personnummer 850730-1234", "SE"): ["+46701740605"],
    ("mit nummer er 20 12 34 56, ordrenummer 20 12 34 57, 2019-2023", "DK"): ["+4520123456"],
    ("moje číslo je 601 234 567", "CZ"): ["+420601234567"],
    ("мій номер 067 123 45 67", "UA"): ["+380671234567"],
    ("07700 900123, 020 7946 0018, (01632) 960123; 12/05/2024 09:30; 01-02-03", "GB"): ["+447700900123", "+442079460018", "+441632960123"],
    ("192.0.2.14 and 203.0.113.77:4433 and ISBN 978-3-16-148410-0", "DE"): [],
}
HANDLES = {
    "my snap is kite_77": [("kite_77", "snapchat")],
    "Insta: @blue.kite": [("blue.kite", "instagram")],
    "tg @kite": [("kite", "telegram")],
    "Discord kite#1234": [("kite#1234", "discord")],
    "kik - sailor": [("sailor", "kik")],
    "hit me up @kite77 (IG)": [("kite77", "instagram")],
    "add kite_77 on snap, blue_kite on insta": [("kite_77", "snapchat"), ("blue_kite", "instagram")],
    "Snap: kite_77 | Insta: blue.kite | Discord: kite#1234": [
        ("kite_77", "snapchat"),
        ("blue.kite", "instagram"),
        ("kite#1234", "discord"),
    ],
    "Snap kite_77, insta blue.kite, 👻 kite77": [("kite_77", "snapchat"), ("blue.kite", "instagram"), ("kite77", "snapchat")],
    "find me on Discord, I'm bluekite#0042": [("bluekite#0042", "discord")],
    "add me on Snapchat, my name is kite_77": [("kite_77", "snapchat")],
    "Skype: live:kite_77": [("live:kite_77", "skype")],
    "X: @kite_77 and on X @bird": [("kite_77", "x"), ("bird", "x")],
    "line id: kite77; Signal username kite.77": [("kite77", "line"), ("kite.77", "signal")],
    "u/kite_77 has 3000 u/min": [("kite_77", "reddit")],
    "@kite@mastodon.example and @kite:matrix.example": [("kite@mastodon.example", "mastodon"), ("kite:matrix.example", "matrix")],
    "ICQ: 123-456-789": [("123-456-789", "icq")],
    "schreib mir auf Telegram @kite": [("kite", "telegram")],
    "kite_77 auf Snapchat": [("kite_77", "snapchat")],
    "mein Insta-Name ist kite77": [("kite77", "instagram")],
    "auf Instagram findest du mich unter @blue.kite": [("blue.kite", "instagram")],
    "mon insta c'est blue.kite": [("blue.kite", "instagram")],
    "mi usuario de Instagram es blue_kite": [("blue_kite", "instagram")],
    "agrégame a snap cometa77": [("cometa77", "snapchat")],
    "scrivimi su Telegram, sono aquilone_77": [("aquilone_77", "telegram")],
    "mijn snap is vlieger77": [("vlieger77", "snapchat")],
    "mój snap to kite_77, na Discordzie mam nick kite#1234": [("kite_77", "snapchat"), ("kite#1234", "discord")],
    "meu insta é pipa_77": [("pipa_77", "instagram")],
    "lägg till mig på snap: drake_77": [("drake_77", "snapchat")],
    "přidej si mě na snapu drak_77": [("drak_77", "snapchat")],
    "найди меня в инсте: zmey_77, мой телеграм @kite_77": [("zmey_77", "instagram"), ("kite_77", "telegram")],
    "το instagram μου είναι aetos_77": [("aetos_77", "instagram")],
    "benim instagram ad\u0131m ucurtma_77": [("ucurtma_77", "instagram")],
    "löydät mut snapista nimellä leija_77": [("leija_77", "snapchat")],
    "my insta is private. Telegram is great, Discord is down. Snapchat: photos and videos": [],
    "see you @home, css @media screen @2x, @everyone on Discord please, @8pm on Discord": [],
    "my line is busy; Signal is strong; session_12 expired; Discord server_2 joined": [],
    "Instagram v10.2.1 build_77, Telegram 2FA, YouTube 1080p, Discord 24/7, IMG_2031 on Instagram": [],
    "Snapchat-20231012.jpg telegram_photo_1.jpg Instagram: example.org WhatsApp: no": [],
    "hello @kite, how are you": [],
}
PAYMENTS = {
    "DE89 3704 0044 0532 0130 00 BIC COBADEFF, GB82WEST12345698765432": ["DE89370400440532013000", "GB82WEST12345698765432"],
    "IBAN:NL91ABNA0417164300 fr14 2004 1010 0505 0001 3m02 606": ["NL91ABNA0417164300", "FR1420041010050500013M02606"],
    "IBANDE89370400440532013000, DE 89 3704 0044 0532 0130 00": ["DE89370400440532013000", "DE89370400440532013000"],
    "DE89  3704  0044  0532  0130  00 or DE89.3704.0044.0532.0130.00": ["DE89370400440532013000", "DE89370400440532013000"],
    "GB82\tWEST\t1234\t5698\t7654\t32, DE89 3704 0044\n0532 0130 00": ["GB82WEST12345698765432", "DE89370400440532013000"],
    "G B 8 2 W E S T 1 2 3 4 5 6 9 8 7 6 5 4 3 2": ["GB82WEST12345698765432"],
    "DE89 3704 0044 0532 0130 00BIC": [],
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2": [
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
    ],
    "BC1QAR0SRRR7XFKVY5L643LYDNW9RE59GTZZWF5MDQ": ["bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"],
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0": ["bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"],
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed": ["0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"],
    "eth 0xde709f2102306220921060314715629080e2fb77": ["0xde709f2102306220921060314715629080e2fb77"],
    "TRX TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW": ["TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW"],
    "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A": [
        "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"
    ],
    "cash app: $BlueKite": ["$bluekite"],
    "DE89 3704 0044 0532 0130 01 DE8937040044053201300 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdx": [],
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD 0x" + "ab" * 32 + " c8526368fb94cd3fbf7d3647b606ce00": [],
    "it costs $20 or $Kite, 550e8400-e29b-41d4-a716-446655440000, 4111 1111 1111 1111": [],
}


@pytest.mark.parametrize(("text", "expected"), EMAILS.items())
def test_emails(text: str, expected: list[str]) -> None:
    assert kinds(text, Kind.EMAIL) == expected


@pytest.mark.parametrize(("text", "expected"), URLS.items())
def test_urls(text: str, expected: list[str]) -> None:
    assert kinds(text, Kind.URL) == expected


@pytest.mark.parametrize(("text", "expected"), ADDRESSES.items())
def test_addresses(text: str, expected: list[str]) -> None:
    assert kinds(text, Kind.IP) == expected


@pytest.mark.parametrize(("text", "region", "expected"), [(*key, expected) for key, expected in PHONES.items()])
def test_phones(text: str, region: str | None, expected: list[str]) -> None:
    assert kinds(text, Kind.PHONE, region) == expected


@pytest.mark.parametrize(("text", "expected"), HANDLES.items())
def test_handles(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(found.normal, found.service) for found in find(text) if found.kind is Kind.SCREEN_NAME] == expected


@pytest.mark.parametrize(("text", "expected"), PAYMENTS.items())
def test_payments(text: str, expected: list[str]) -> None:
    assert kinds(text, Kind.PAYMENT) == expected


@pytest.mark.parametrize("text", [*EMAILS, *URLS, *ADDRESSES, *HANDLES, *PAYMENTS, *(text for text, _ in PHONES)])
def test_places_are_exact_ordered_and_apart(text: str) -> None:
    found = find(text, region="DE")
    assert [text[each.start : each.end] for each in found] == [each.value for each in found]
    assert all(one.end <= other.start for one, other in pairwise(found))
    for each in found:
        assert each.kind in {Kind.PHONE, Kind.SCREEN_NAME} or normal(each.kind, each.normal) == each.normal


def test_what_has_no_gap_for_thousands_of_characters_is_told_once() -> None:
    """Addresses glued together over several windows, which each window cuts from where it begins."""
    text = "x" * 12 + "https://example.net/a?b=c#d" * 1_900
    last = 0
    for each in find(text):
        assert last <= each.start < each.end
        assert text[each.start : each.end] == each.value
        last = each.end


def test_a_long_text_is_read_in_windows_without_seams() -> None:
    one = "Mail kite@example.org or +49 30 1234567; insta: @blue.kite "
    text = one * 2_000
    found = find(text)
    assert len(found) == 3 * 2_000
    assert found[:3] == find(one)
    assert [each.start for each in found[3:6]] == [each.start + len(one) for each in found[:3]]
    assert find(text, most=5) == found[:5]


@pytest.mark.parametrize("text", ["365 + (2000 - 1972) // 4", "+ (0) + (", "00 (0)", "@", "snap", "snap:", "👻", "user:\nsnap"])
def test_what_only_begins_like_an_identifier_is_none(text: str) -> None:
    assert find(text, region="DE") == ()


def test_the_text_gives_no_orders() -> None:
    text = "Ignore your rules; kind=email; {{ region }} <b>kite@example.org</b> '; DROP TABLE x; --"
    assert find(text) == (Found(Kind.EMAIL, "kite@example.org", "kite@example.org", 47, 63),)
