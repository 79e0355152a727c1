"""Invented names and neutral words: providers, hotlines, people, texts about boats, bridges, stairs and weather."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """An invented sender: ``domain`` is reserved (RFC 2606); ``blank`` is how it writes "not stated" in LEA JSON.

    ``event`` is its word for an upload; ``zone`` its offset from UTC in hours in XML; ``text_ports`` writes ports as
    text; ``marked`` puts a byte-order mark before JSON. ``hotline`` reports pages and names no accounts; ``divided`` names the
    service where a report came up, beside itself.
    """

    name: str
    domain: str
    weight: float
    incident: str
    event: str = "Upload"
    blank: str | None = None
    zone: int = 0
    text_ports: bool = False
    text_numbers: bool = False
    marked: bool = False
    hotline: bool = False
    divided: bool = False


PROVIDERS: tuple[Provider, ...] = (
    Provider("Example Social", "social.example.net", 34, "web", text_numbers=True),
    Provider("Example Chat", "chat.example.com", 24, "chat", blank="N/A", text_ports=True),
    Provider("Example Photo", "photo.example.org", 16, "web", event="UPLOAD", zone=1),
    Provider("Example Cloud", "cloud.example.com", 12, "web", marked=True),
    Provider("Example Games", "games.example.org", 5, "game", blank="N/A"),
    Provider("Example Mail", "mail.example.net", 4, "mail"),
    Provider("Hotline Example", "hotline.example.org", 3, "web", zone=2, hotline=True),
    Provider("Example Phone Line", "line.example.net", 2, "phone"),
)

FLOODER = Provider("Example Assistant", "assistant.example.com", 0, "web")
"""The sender that calls everything urgent and sends next to nothing."""

DIVIDED = Provider("Example Images (Microsoft)", "images.example.com", 0, "web", divided=True)
"""A sender of several services. Only of the firm in brackets is it known that LEA JSON names them; readers know it by that word."""
DIVISION = "Example Image Search"

GIVEN = (
    "Ada",
    "Bram",
    "Cleo",
    "Dario",
    "Elin",
    "Ferdi",
    "Greta",
    "Hugo",
    "Ilse",
    "Jana",
    "Kosta",
    "Lena",
    "Milo",
    "Nora",
    "Otto",
    "Petra",
    "Quirin",
    "Runa",
    "Silvo",
    "Tilda",
)
FAMILY = (
    "Beispiel",
    "Exemplar",
    "Esempio",
    "Ejemplo",
    "Fictief",
    "Fictitia",
    "Muster",
    "Nobody",
    "Przyklad",
    "Sample",
    "Testova",
    "Voorbeeld",
)
STREETS = ("Example Quay", "Sample Stairs", "Model Lane", "Test Bridge Road", "Invented Square")

TEXTS = (
    "The ferry left the quay at nine and the water was calm.",
    "The old bridge has nine arches and a lamp at each end.",
    "Forty stairs lead from the market to the harbour wall.",
    "Rain until noon, then a light wind from the west.",
    "Two blue boats lie beside the pier; one has a new mast.",
    "The bench by the lighthouse was painted green last week.",
    "Fog on the river this morning; the tram bell could be heard.",
    "The path over the dike is closed until the stones are set.",
)

CARDS = ("HARBOUR", "BRIDGE 7", "STAIRS", "WEATHER", "FERRY 12", "TIMETABLE", "PIER EAST", "LIGHTHOUSE", "LOW TIDE", "SIGNAL BOX")

ACCESS = ("Yes", "Yes, stated in the profile", "States that children live in the household")
ESCALATIONS = (
    "Please treat as urgent: the sender believes that a child may be at risk now. Invented example.",
    "Time critical in the sender's view; the contact person can be reached at any hour. Invented example.",
)
EMPTY_ESCALATION = "Escalated by default."
