from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from grace.kernel.errors import Invalid
from grace.routing.places import Place, Places, places
from grace.routing.places.mmdb import Mmdb, read_record
from grace.routing.places.networks import read_networks
from grace.routing.places.registry import Registry

TABLE = "network,state,kind\n192.0.2.0/24,AT,\n192.0.2.240/28,NL,hosting\n2001:db8::/32,FI,\n203.0.113.0/24,AX,\n"


def table(folder: Path, text: str) -> Path:
    path = folder / "networks.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_smallest_network_counts(tmp_path: Path) -> None:
    networks = read_networks(table(tmp_path, TABLE))
    assert networks.place("192.0.2.1") == Place("AT", "networks")
    assert networks.place("192.0.2.241") == Place("NL", "networks", hosting=True)
    assert networks.place("2001:db8:1::1") == Place("FI", "networks")
    assert networks.place("198.51.100.1") is None
    assert networks.place("2001:db9::1") is None
    for odd in ("no address", "", "192.0.2.1\0", "::\0", "192.0.2.1/24", "1.2.3", "fe80::1%eth0"):
        assert networks.place(odd) is None


def test_a_table_without_kinds_is_read_and_its_digest_is_its_version(tmp_path: Path) -> None:
    first = read_networks(table(tmp_path, "network,state\n192.0.2.0/24,at\n"))
    assert first.place("192.0.2.9") == Place("AT", "networks")
    assert first.version != read_networks(table(tmp_path, "network,state\n192.0.2.0/24,DE\n")).version


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a,b\n1,2\n",
        "network,state\n192.0.2.1/24,AT\n",
        "network,state\nx,AT\n",
        "network,state\n192.0.2.0/24,XX\n",
        "network,state,kind\n192.0.2.0/24,AT,odd\n",
        "network,state\n192.0.2.0/24\n",
    ],
)
def test_a_wrong_table_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(Invalid):
        read_networks(table(tmp_path, text))


def test_a_table_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        read_networks(tmp_path / "none.csv")
    (tmp_path / "bytes.csv").write_bytes(b"network,state\n\xff\xfe")
    with pytest.raises(Invalid):
        read_networks(tmp_path / "bytes.csv")


def test_the_registries_know_public_addresses_and_no_others() -> None:
    registry = Registry()
    for address in ("192.0.2.1", "198.51.100.7", "203.0.113.9", "2001:db8::1", "10.0.0.1", "127.0.0.1", "::1", "not an address", ""):
        assert registry.place(address) is None
    found = registry.place("193.0.6.139")  # of the European registry itself, which is in the Netherlands
    assert found == Place("NL", "registry")


def test_the_operators_table_is_asked_before_the_registries(tmp_path: Path) -> None:
    own = read_networks(table(tmp_path, "network,state\n193.0.6.0/24,LU\n"))
    asked = Places([own, Registry()])
    assert asked.place("193.0.6.139") == Place("LU", "networks")
    assert asked.place("2001:67c:2e8::1") is not None
    assert own.version in asked.version
    assert "iptocc" in asked.version


def test_parts_of_a_state_that_have_a_code_count_as_the_state(tmp_path: Path) -> None:
    assert Places([read_networks(table(tmp_path, TABLE))]).place("203.0.113.5") == Place("FI", "networks")


@pytest.mark.parametrize(
    ("record", "place"),
    [
        ({"country": {"iso_code": "AT"}}, Place("AT", "mmdb")),
        ({"registered_country": {"iso_code": "DE"}}, Place("DE", "mmdb")),
        ({"country": {"iso_code": "NL"}, "traits": {"is_hosting_provider": True}}, Place("NL", "mmdb", hosting=True)),
        ({"continent": {"code": "EU"}}, None),
        ({"country": {"iso_code": ""}}, None),
        ({}, None),
    ],
)
def test_what_a_record_of_a_country_database_says(record: dict[str, object], place: Place | None) -> None:
    assert read_record(record) == place


def test_a_file_that_is_no_country_database_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.mmdb"
    wrong.write_bytes(b"no database")
    with pytest.raises(Invalid):
        Mmdb(wrong)
    with pytest.raises(Invalid):
        Mmdb(tmp_path / "none.mmdb")


def test_a_wrong_table_stops_the_start(tmp_path: Path, settings: Any) -> None:
    settings.GRACE_NETWORKS = table(tmp_path, "network,state\nx,AT\n")
    places.cache_clear()
    try:
        with pytest.raises(Invalid, match="line 2"):
            apps.get_app_config("routing").ready()
    finally:
        places.cache_clear()
