"""The report as text, made from its JSON: short enough to be printed on two pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]
WIDTH = 100
_MARKS = {"met": "+", "failed": "FAILED", "not measured": "not measured", "no bar": ""}
MOST_SHOWN = 3
"""Examples in the text; the JSON has up to ten."""


def text(report: Json) -> str:
    """The whole text form."""
    return "\n".join(_lines(report)) + "\n"


def summary(report: Json) -> str:
    """The verdict in one line."""
    measures = [each for section in report["sections"] for each in section["measures"]]
    counts = {verdict: sum(each["verdict"] == verdict for each in measures) for verdict in ("met", "failed", "not measured")}
    world = report["world"]
    return (
        f"Validation {'PASSED' if report['passed'] else 'FAILED'}: {counts['met']} bars met, {counts['failed']} failed, "
        f"{counts['not measured']} not measured; {world['documents']:,} documents, seed {world['seed']}, GRACE {report['versions']['grace']}, "
        f"{report['made_at']}"
    )


def _lines(report: Json) -> Iterator[str]:
    machine, versions, world = report["machine"], report["versions"], report["world"]
    yield "GRACE: VALIDATION OF AN INSTALLATION"
    yield "=" * WIDTH
    yield summary(report)
    yield f"Installation {report['installation']}; an invented world of {world['days']} days from {world['start'][:10]}, in a scratch database."
    yield f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB; load {machine['load_at_the_end']}; {machine['system']}"
    packages = versions["packages"]
    yield f"Python {versions['python']}, PostgreSQL {versions['postgresql']}, {len(packages)} packages (each with its digest in the JSON)"
    yield f"Formats: {', '.join(f'{name} {number}' for name, number in versions['formats'].items())}"
    yield f"Rules {versions['rules'][:24]}; routing weights {versions['routing_weights']}; registers {versions['registers']}"
    for section in report["sections"]:
        yield from _section(section)


def _section(section: Json) -> Iterator[str]:
    yield ""
    yield f"{section['title']} {'.' * max(3, WIDTH - len(section['title']) - len(section['verdict']) - 2)} {section['verdict']}"
    for each in section["measures"]:
        yield _measure(each)
        if each["verdict"] == "failed":
            yield from (f"      {example}" for example in each["examples"][:MOST_SHOWN])
    for name, rows in section["tables"].items():
        yield f"  {name}:"
        widths = [max(len(str(row[place])) for row in rows) for place in range(len(rows[0]))]
        for row in rows:
            yield "    " + "  ".join(f"{cell!s:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()


def _measure(each: Json) -> str:
    value = each["value"]
    shown = "-" if value is None else f"{value:.4f}" if isinstance(value, float) and value <= 1 else f"{value:,}"
    bars = [f"bar {sign} {each[name]:g}" for name, sign in (("at_least", "≥"), ("at_most", "≤")) if name in each]
    of = f"of {each['of']:,}" if "of" in each else ""
    return f"  {each['name']:<62}{shown:>8} {of:<10}{', '.join(bars):<12}{_MARKS[each['verdict']]}".rstrip()
