from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grace.routing.countries import members
from grace.routing.printed import Printed, country_of_print

BY_CODE = {
    "Example Quay 12, Hamburg, DE": "DE",
    "Example Quay 12, 20095 Hamburg, DE": "DE",
    "20095 Hamburg, DE": "DE",
    "Model Lane 93, Wien, AT": "AT",
    "Rue Exemple 5, 1000 Bruxelles, BE": "BE",
    "5 rue Exemple, 75001 Paris, FR": "FR",
    "Calle Ejemplo 7, 41001 Sevilla, ES": "ES",
    "Avenida Ejemplo 7, Sevilla, ES": "ES",
    "Rua Exemplo 9, Porto, PT": "PT",
    "Voorbeeldstraat 3, 1012 Amsterdam, NL": "NL",
    "Vzorova 4, 811 01 Bratislava, SK": "SK",
    "12, Triq Ezempju, Valletta, MT": "MT",
    "Exempelgatan 8, Malmö, SE": "SE",
    "Przykladowa 1, Warszawa, PL": "PL",
    "Odos Paradeigmatos 2, Athina, GR": "GR",
    "Bahnhofstrasse 1, 8001 Zürich, CH": "CH",
    "12 Example Street, London, GB": "GB",
    "Oslo, NO": "NO",
    "AT": "AT",
    "Hamburg, DE.": "DE",
}
"""What an address says by its code; all invented."""
OF_A_PROVINCE = (
    "12 Example Street, Wilmington, DE",
    "12 Example Street Wilmington, DE",
    "7b Sample Road, Billings, MT",
    "400 Model Avenue, St. John's, NL",
    "9 Example Crescent, Regina, SK",
    "Sacramento, CA",
    "CA",
    "1200 Sample Drive, Bloomington, IN",
    "Model Lane 9, Chicago, IL",
    "Example Parade 3, Adelaide, SA",
    "Via Modello 93, Rovigo, RO",
    "Corso Esempio 4, Asti, AT",
    "Piazza Esempio, Bergamo, BG",
    "Località Esempio 2, Siena, SI",
    "Rua Exemplo 10, Vitória, ES",
    "Travessa Exemplo, Aracaju, SE",
    "Sector 5, Gurgaon, HR",
)
NOTHING = (
    "",
    ",",
    "Example Quay 12, Hamburg",
    "Example Quay 12, Hamburg, de",
    "Hamburg, DEU",
    "Hamburg DE",
    "Hamburg, XX",
    "Hamburg, D",
    "x" * 5_000,
)


@pytest.mark.parametrize(("written", "state"), BY_CODE.items())
def test_a_code_at_the_end_names_its_country(written: str, state: str) -> None:
    assert country_of_print(written) == Printed(state, code_alone=True)


@pytest.mark.parametrize("written", OF_A_PROVINCE)
def test_a_code_that_may_be_of_a_province_by_the_look_of_the_address_says_nothing(written: str) -> None:
    assert country_of_print(written) is None


@pytest.mark.parametrize("written", NOTHING)
def test_what_is_no_code_at_the_end_says_nothing(written: str) -> None:
    assert country_of_print(written) is None


@pytest.mark.parametrize(
    "written", ["Via Modello 93, Rovigo, Italia", "12 Example Street, Wilmington, Germany", f"{'Example Quay 12, ' * 8}Austria"]
)
def test_a_name_is_believed_whatever_stands_before_it(written: str) -> None:
    found = country_of_print(written)
    assert found is not None
    assert not found.code_alone


@pytest.mark.parametrize("state", sorted(members()))
def test_every_member_state_is_found_by_its_code_in_a_plain_address(state: str) -> None:
    assert country_of_print(f"Example Quay 12, Example Town, {state}") == Printed(state, code_alone=True)


@given(st.text(max_size=250))
def test_no_text_breaks_it(text: str) -> None:
    country_of_print(text)
