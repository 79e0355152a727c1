"""Run as a program: load every module of GRACE that web, worker and command line may load; tell the packages and shared objects then in the process."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

APART = ("grace.evidence.decoding.program", "grace.analysis.analysers")
"""What only the decoding program loads: it is listed apart."""
_NEVER = (".test", ".migrations", ".testing")


def load(apart: tuple[str, ...] = APART) -> None:
    """Everything but tests and what stands apart."""
    import django

    import grace

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grace.config.settings")
    django.setup()
    for found in pkgutil.walk_packages(grace.__path__, "grace."):
        if not found.name.startswith(apart) and not any(part in found.name for part in _NEVER) and not found.name.endswith("__main__"):
            importlib.import_module(found.name)


def packages() -> dict[str, list[str]]:
    """The installed packages whose modules are loaded, with what each says of its licence."""
    tops = {name.partition(".")[0] for name in sys.modules}
    owners = packages_distributions()
    return {name: _licence(name) for name in sorted({owner for top in tops for owner in owners.get(top, ())})}


def _licence(name: str) -> list[str]:
    about = distribution(name).metadata
    told = [about["License-Expression"], (about["License"] or "").partition("\n")[0][:80], *about.get_all("Classifier", [])]
    return [each for each in told if each and (not each.count("::") or each.startswith("License"))]


def objects() -> list[str]:
    """The shared objects mapped into this process."""
    lines = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines()
    return sorted({line.split(maxsplit=5)[5] for line in lines if ".so" in line})


if __name__ == "__main__":
    load(() if "--all" in sys.argv else APART)
    sys.stdout.write(json.dumps({"packages": packages(), "objects": objects()}))
