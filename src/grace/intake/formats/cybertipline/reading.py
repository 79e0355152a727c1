"""A report document, with the documents of its files, to a :class:`Report`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grace.intake.formats.cybertipline.deviations import deviations, is_raised
from grace.intake.formats.cybertipline.document import Node
from grace.intake.formats.cybertipline.files import read_file
from grace.intake.formats.cybertipline.people import claims_of, flatten, persons, prior_numbers, snake
from grace.sdk.intake import Claim, Leaf, Note, Passage, Person, Report, Role

FORMAT_NAME = "cybertipline-xml"
ISSUER = "NCMEC"
"""Who numbers the reports; the sender is the provider."""

_ROLES = {"personOrUserReported": Role.REPORTED, "intendedRecipient": Role.RECIPIENT, "victim": Role.VICTIM}
_CONTENTS = {"chatImIncident": "chat", "emailIncident": "email", "newsgroupIncident": "newsgroup", "onlineGamingIncident": "chat"}
_BOILERPLATE = ("companyTemplate", "termsOfService")


def read_report(node: Node, files: Sequence[Node], leaves: Sequence[Leaf]) -> Report:
    """What the report says, its files included. The number comes from the files' documents: the report has none."""
    summary = node.one("incidentSummary") or Node("incidentSummary", node.path, "", {}, node.shape, known=True)
    platform = summary.value("platform")
    escalation = summary.one("escalateToHighPriority")
    number, number_notes = _number(files)
    return Report(
        FORMAT_NAME,
        ISSUER,
        number,
        platform or _domain(node) or "",
        node.path,
        service=platform,
        incident_type=summary.value("incidentType"),
        incident_at=summary.value("incidentDateTime"),
        incident_time_note=summary.value("incidentDateTimeDescription"),
        escalated=escalation.text.strip() if escalation else None,
        annotations=tuple(_annotations(summary)),
        bundled=node.one("batchedReport") is not None,
        prior_numbers=tuple(dict.fromkeys(number for child in node.children if child.name in _ROLES for number in prior_numbers(child))),
        facts=_facts(node, platform),
        persons=tuple(_persons(node, platform)),
        attachments=tuple(read_file(file) for file in files),
        claims=tuple(_claims(node)),
        passages=tuple(_passages(node)),
        notes=(*deviations(node), *(note for file in files for note in deviations(file)), *number_notes),
        leaves=tuple(leaves),
    )


def read_fragment(file: Node, leaves: Sequence[Leaf]) -> Report:
    """A file's document that came without its report.

    It takes no number of its own: under the report's number it would stand as a newer version that says nothing.
    """
    number = file.value("reportId")
    note = Note("report-missing", file.path, "The document of a file came without its report; ask the sender for the report.")
    return Report(
        FORMAT_NAME,
        ISSUER,
        None,
        "",
        file.path,
        prior_numbers=(number,) if number else (),
        facts={"fragment_of": number} if number else {},
        attachments=(read_file(file),),
        notes=(note, *deviations(file)),
        leaves=tuple(leaves),
    )


def _number(files: Sequence[Node]) -> tuple[str | None, tuple[Note, ...]]:
    numbers = {number for file in files if (number := file.value("reportId"))}
    if len(numbers) > 1:
        return None, (Note("numbers-differ", "/fileDetails/reportId", "The documents of the files name different reports."),)
    return next(iter(numbers), None), ()


def _domain(node: Node) -> str | None:
    """Where no platform is named, the domain of the person who reports tells the sender."""
    reporter = node.one("reporter")
    person = reporter.one("reportingPerson") if reporter else None
    mail = person.value("email") if person else None
    return mail.rpartition("@")[2].lower() or None if mail else None


def _annotations(summary: Node) -> Iterator[str]:
    annotations = summary.one("reportAnnotations")
    return (flag.name for flag in annotations.children if is_raised(flag)) if annotations else iter(())


def _persons(node: Node, platform: str | None) -> Iterator[Person]:
    for child in node.children:
        if child.name in _ROLES:
            yield from persons(child, _ROLES[child.name], platform)
    for reporter in node.all("reporter"):
        for child in reporter.children:
            if child.name in {"reportingPerson", "contactPerson"}:
                fields = {"part": snake(child.name)}
                flatten(child, fields)
                yield Person(Role.SENDER, child.path, fields, tuple(claims_of(child, None)))


def _claims(node: Node) -> Iterator[Claim]:
    for details in node.all("internetDetails"):
        for incident in details.children:
            yield from claims_of(incident, None)


def _passages(node: Node) -> Iterator[Passage]:
    for details in node.all("internetDetails"):
        for incident in details.children:
            for name, about in (("content", _CONTENTS.get(incident.name, "content")), ("additionalInfo", "incident")):
                yield from _spoken(incident, name, about)
    yield from _spoken(node, "additionalInfo", "note")
    for reporter in node.all("reporter"):
        for name in _BOILERPLATE:
            yield from _spoken(reporter, name, "boilerplate")


def _spoken(node: Node, name: str, about: str) -> Iterator[Passage]:
    return (Passage(child.text, child.path, about) for child in node.all(name) if child.stated())


def _facts(node: Node, platform: str | None) -> dict[str, str]:
    facts = {"platform": platform} if platform else {}
    batched = node.one("batchedReport")
    if batched is not None:
        flatten(batched, facts)
    for details in node.all("internetDetails"):
        for incident in details.children:
            facts.setdefault(snake(incident.name), "stated")
            flatten(incident, facts, f"{snake(incident.name)}_")
    for agency in node.all("lawEnforcement"):
        flatten(agency, facts, "law_enforcement_")
        for mail in (claim for contact in agency.all("officerContact") for claim in claims_of(contact, None)):
            facts[f"law_enforcement_officer_{mail.kind}"] = mail.value
    for reporter in node.all("reporter"):
        legal = reporter.value("legalURL")
        if legal:
            facts["legal_url"] = legal
    return facts
