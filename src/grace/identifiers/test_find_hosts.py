"""Hosts written with capitals or spelled in the words of ten languages; addresses defanged, with zones and glued to words."""

import pytest

from grace.identifiers.find import find
from grace.sdk.intake import Kind

EMAILS = {
    "Info@Werkstatt.Example": ["info@werkstatt.example"],
    "KITE@EXAMPLE.ORG and Kite@Mail.Example.Org.": ["kite@example.org", "kite@mail.example.org"],
    "kite@example.Com ist neu": ["kite@example.com"],
    "kite@example.org.Bitte melden": ["kite@example.org"],
    "kite@example.org.Call me": ["kite@example.org"],
    "Kite (At) Example (Dot) Org": ["kite@example.org"],
    "kite [AT] mail [DOT] example [DOT] org": ["kite@mail.example.org"],
    "verein(ät)beispiel(punkt)example": ["verein@beispiel.example"],
    "club [arobase] Atelier [point] Example": ["club@atelier.example"],
    "taller (arroba) Taller (punto) Example": ["taller@taller.example"],
    "info [chiocciola] bottega [punto] example": ["info@bottega.example"],
    "info (apenstaartje) winkel (punt) example": ["info@winkel.example"],
    "info (małpa) pracownia (kropka) example": ["info@pracownia.example"],
    "info(malpa)pracownia(kropka)example": ["info@pracownia.example"],
    "info (arroba) oficina (ponto) example": ["info@oficina.example"],
    "info (snabel-a) verkstad (punkt) example": ["info@verkstad.example"],
    "info (παπάκι) ergastiri (τελεία) example": ["info@ergastiri.example"],
    "info (papaki) ergastiri (teleia) example": ["info@ergastiri.example"],
    "info [παπακι] ergastiri [τελεια] example": ["info@ergastiri.example"],
    "info (snabela) verkstad.example": ["info@verkstad.example"],
    "kite dot fly at example dot com": ["kite.fly@example.com"],
    "kite.fly at mail dot example dot org": ["kite.fly@mail.example.org"],
    "kite[@]example[.]org": ["kite@example.org"],
    "kite@example(.)org, kite@example{dot}org": ["kite@example.org", "kite@example.org"],
    "kite (aapje) example (punt) org": ["kite@example.org"],
    "kite(kukac)example(pont)org": ["kite@example.org"],
    "kite (krøllalfa) example (punktum) org": ["kite@example.org"],
    "kite [coada de maimuță] example [punct] org": ["kite@example.org"],
    "kite (afna) example (pika) org": ["kite@example.org"],
    "kite(majmun)example(točka)org": ["kite@example.org"],
    "kite (eta) example (taškas) org": ["kite@example.org"],
    "kite [ät] example [punkts] org": ["kite@example.org"],
    "kite (кльомба) example (точка) org": ["kite@example.org"],
    "kite(равлик)example(крапка)org": ["kite@example.org"],
    "kite (kuyruklu a) example (nokta) org": ["kite@example.org"],
    "kite (miuku-mauku) example (piste) org": ["kite@example.org"],
    "blue.kite @ example.org and kite77 @ example.org": ["blue.kite@example.org", "kite77@example.org"],
    "GET /join?mail=kite%40example.org": ["kite@example.org"],
    "dinner @ example.org": [],
    "kite_at_example.org": [],
    "References: <c1@mail.example.org>\n <d2@mail.example.net> <e3@mail.example.com>\nFrom: <kite@example.org>": ["kite@example.org"],
    "msgid=<x@y.example.org> from=<kite@example.org> <20251103061244.4711.88@mx.example.org>": ["kite@example.org"],
    "sip:kite@example.org xmpp:kite@example.org ssh -p 22 kite@host.example.org": [],
    "git@git.example.org:team/kite.git ssh://git@example.org/x": [],
    "kite@2x.png @media kite@1.2.3 root@localhost": [],
    "we met at example dot": [],
}
ADDRESSES = {
    "ping 2001:db8::5%eth0: 3 packets": ["2001:db8::5"],
    "2001:db8::5: timeout, fe80::1%en0, 2001:db8::7.": ["2001:db8::5", "fe80::1", "2001:db8::7"],
    "renvoie vers 192[.]0[.]2[.]91": ["192.0.2.91"],
    "vers 192.0.2.91, ver 192.0.2.92": ["192.0.2.91", "192.0.2.92"],
    "Version 192[.]0[.]2[.]91": ["192.0.2.91"],
    "192(.)0(.)2(.)7 192{.}0{.}2{.}8 192[dot]0[dot]2[dot]9 192 [.] 0 [.] 2 [.] 10": ["192.0.2.7", "192.0.2.8", "192.0.2.9", "192.0.2.10"],
    "2001[:]db8[::]1 und 2001[:]db8[:]0[:]1[:][:]5": ["2001:db8::1", "2001:db8:0:1::5"],
    "prefix 2001:db8:77::/48, host 2001:db8:77::5": ["2001:db8:77::5"],
    "Firmware 192.10.2.1, Build 10.0.0.1, v203.0.113.9": [],
    "Mask 255.255.255.0, net 192.0.2.0/24": [],
    "std::vector, 12:30:45, face::add, 00:00:5E:00:53:AF": [],
    "from=[2001:db8::1]:443 to=192.0.2.1:80": ["2001:db8::1", "192.0.2.1"],
    "IP:192.0.2.4;IPv6:2001:DB8::A": ["192.0.2.4", "2001:db8::a"],
    "2001:db8::1, 2001:db8:: and 2001:db8:0:0:0:0:0:1": ["2001:db8::1", "2001:db8::", "2001:db8::1"],
    "IPv6 Address: 2001:0db8:0000:0042:0000:8a2e:0370:7334 (prefix /64)": ["2001:db8:0:42:0:8a2e:370:7334"],
    "address 2001:db8::ffff:192.0.2.5 and ::ffff:192.0.2.6": ["2001:db8::ffff:c000:205", "192.0.2.6"],
    "(192.0.2.5), <192.0.2.6>, '192.0.2.7', 192.0.2.8;": ["192.0.2.5", "192.0.2.6", "192.0.2.7", "192.0.2.8"],
    "Windows 10.0.19045.1, Chrome/120.0.0.0 Safari/537.36 login from Android 203.0.113.9": ["203.0.113.9"],
}
URLS = {
    "Example.Org/Kite and Www.Example.Com": ["https://example.org/Kite", "https://www.example.com/"],
    "Und/Oder.Dann, U.S.A/x": [],
    '"u":"https:\\/\\/example.org\\/a\\/b?x=1"': ["https://example.org/a/b?x=1"],
    "hxxps://example[.]org[/]a[/]b": ["https://example.org/a/b"],
    "example[.]org[/]a": ["https://example.org/a"],
    "sftp://kite@files.example.org/pub": ["sftp://kite@files.example.org/pub"],
    "irc://irc.example.net/kite": ["irc://irc.example.net/kite"],
    "postgres://u:p@db.example.org:5432/x": ["postgres://u:p@db.example.org:5432/x"],
    "rtsp://192.0.2.5:554/live": ["rtsp://192.0.2.5:554/live"],
    "rtmp://stream.example.com/live/key": ["rtmp://stream.example.com/live/key"],
    "ssh://git@git.example.org:22/x.git": ["ssh://git@git.example.org:22/x.git"],
    "git+ssh://git@git.example.org/x.git": ["git+ssh://git@git.example.org/x.git"],
    '<script src="//cdn.example.org/a.js">': ["https://cdn.example.org/a.js"],
    "see //example.org/x now": ["https://example.org/x"],
    "file:///etc/passwd android-app://com.kite x://y scheme://host data://x": [],
    "// comment: example org /x": [],
    "http://example.org//a//b": ["http://example.org//a//b"],
    "https://example.org/a#b„": ["https://example.org/a#b"],
    "»https://example.org/a«": ["https://example.org/a"],
    "„https://example.org/a“": ["https://example.org/a"],
    "\u2039https://example.org/a\u203a": ["https://example.org/a"],
    "<https://example.org/a>": ["https://example.org/a"],
    "[x](https://example.org/a)": ["https://example.org/a"],
    "(https://example.org/a(b))": ["https://example.org/a(b)"],
    "https://example.org/a…": ["https://example.org/a"],
    "https://example.org/a!!": ["https://example.org/a"],
    "https://example.org/a👍": ["https://example.org/a%F0%9F%91%8D"],
    "https://example.org/a,b;c": ["https://example.org/a,b;c"],
    "https://example.org/a, b": ["https://example.org/a"],
    "HTTPS://WWW.EXAMPLE.ORG/A": ["https://www.example.org/A"],
    "http://пример.example/шлях": ["http://xn--e1afmkfd.example/%D1%88%D0%BB%D1%8F%D1%85"],
    "пример.example/шлях": ["https://xn--e1afmkfd.example/%D1%88%D0%BB%D1%8F%D1%85"],
    "http://[2001:db8::1]:8080/x": ["http://[2001:db8::1]:8080/x"],
    "http://192.0.2.1/x": ["http://192.0.2.1/x"],
    "https://user:pw@example.org:8443/x?y=z#q": ["https://user:pw@example.org:8443/x?y=z#q"],
    "www.example.org": ["https://www.example.org/"],
    "www.example.org.": ["https://www.example.org/"],
    "www.example.org?x=1": ["https://www.example.org/?x=1"],
    "example.org/x": ["https://example.org/x"],
    "example.org/": ["https://example.org/"],
    "example.org": [],
    "mail.example.org:25": [],
    "example.org:8080/x": ["https://example.org:8080/x"],
    "hxxp[:]//example[.]org/x": ["http://example.org/x"],
    "hxxp[://]example[.]org/x": ["http://example.org/x"],
    "hxxp://example(.)org/x": ["http://example.org/x"],
    "https://example.org/x?u=https://example.net/y": ["https://example.org/x?u=https://example.net/y"],
    "url=https://example.org/x&y=1": ["https://example.org/x&y=1"],
    "https://example.org/x</a>": ["https://example.org/x"],
    "'https://example.org/x'": ["https://example.org/x"],
    "`https://example.org/x`": ["https://example.org/x"],
    "https://example.org/x\nhttps://example.org/y": ["https://example.org/x", "https://example.org/y"],
    "https://example.org/~kite/a_b-c.d": ["https://example.org/~kite/a_b-c.d"],
    "tg://resolve?domain=kite": [],
    "kite.example/@blue": ["https://kite.example/@blue"],
    "magnet:?xt=urn:btih:abc": [],
}


def normals(text: str, kind: Kind) -> list[str]:
    return [found.normal for found in find(text) if found.kind is kind]


@pytest.mark.parametrize(("text", "expected"), EMAILS.items())
def test_emails(text: str, expected: list[str]) -> None:
    assert normals(text, Kind.EMAIL) == expected


@pytest.mark.parametrize(("text", "expected"), ADDRESSES.items())
def test_addresses(text: str, expected: list[str]) -> None:
    assert normals(text, Kind.IP) == expected


@pytest.mark.parametrize(("text", "expected"), URLS.items())
def test_urls(text: str, expected: list[str]) -> None:
    assert normals(text, Kind.URL) == expected
