"""No GPL or AGPL code is loaded by web, worker or command line, not even inside a wheel; what the decoding program adds is listed apart."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

COPYLEFT = re.compile(r"\bA?GPL|(?<!Lesser )(?<!Library or Lesser )General Public License|Affero", re.IGNORECASE)
OF_THE_WHEEL = re.compile(r"/([^/]+)\.libs/(lib[^/]+?)(?:-[0-9a-f]{8})*\.so")
CARRIED = {
    "ijson": {"libyajl": "ISC"},
    "numpy": {"libgfortran": "GPL-3.0 WITH GCC-exception-3.1", "libquadmath": "LGPL-2.1", "libscipy_openblas64_": "BSD-3-Clause"},
    "pillow": {
        "libXau": "MIT",
        "libavif": "BSD-2-Clause",
        "libbrotlicommon": "MIT",
        "libbrotlidec": "MIT",
        "libfreetype": "FTL",
        "libharfbuzz": "MIT",
        "libjpeg": "IJG",
        "liblcms2": "MIT",
        "liblzma": "0BSD",
        "libopenjp2": "BSD-2-Clause",
        "libpng16": "libpng-2.0",
        "libsharpyuv": "BSD-3-Clause",
        "libtiff": "libtiff",
        "libwebp": "BSD-3-Clause",
        "libwebpdemux": "BSD-3-Clause",
        "libwebpmux": "BSD-3-Clause",
        "libxcb": "MIT",
        "libzstd": "BSD-3-Clause",
    },
    "psycopg_binary": {
        "libcom_err": "MIT",
        "libcrypt": "LGPL-2.1",
        "libcrypto": "Apache-2.0",
        "libgssapi_krb5": "MIT",
        "libk5crypto": "MIT",
        "libkeyutils": "LGPL-2.1",
        "libkrb5": "MIT",
        "libkrb5support": "MIT",
        "liblber": "OLDAP-2.8",
        "libldap": "OLDAP-2.8",
        "libpq": "PostgreSQL",
        "libsasl2": "BSD-4-Clause",
        "libselinux": "public domain",
        "libpcre": "BSD-3-Clause",
        "libssl": "Apache-2.0",
    },
}
"""Libraries that wheels bring along, read from their own licences on 2026-11-26. One that is not here has to be looked at first."""
GPL_CODECS = ("libx264", "libx265", "libreadline", "libgdbm", "libgs.", "libpoppler")


def loaded(*options: str) -> dict[str, Any]:
    program = Path(__file__).parents[1] / "support" / "loaded.py"
    done = subprocess.run([sys.executable, str(program), *options], capture_output=True, check=True, timeout=120)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.fixture(scope="module")
def usual() -> dict[str, Any]:
    return loaded()


def test_every_package_has_a_licence_and_none_is_gpl(usual: dict[str, Any]) -> None:
    assert {"Django", "procrastinate", "psycopg"} <= usual["packages"].keys()
    for name, told in usual["packages"].items():
        assert told, f"{name} says nothing of its licence"
        assert not any(COPYLEFT.search(each) for each in told), (name, told)


def test_what_wheels_bring_along_is_known_and_none_is_gpl(usual: dict[str, Any]) -> None:
    for each in usual["objects"]:
        assert not any(codec in each for codec in GPL_CODECS), each
        if found := OF_THE_WHEEL.search(each):
            assert found[2] in CARRIED.get(found[1], {}), each


def test_pyav_is_loaded_by_the_decoding_program_alone(usual: dict[str, Any]) -> None:
    pytest.importorskip("av")
    assert "av" not in usual["packages"]
    everything = loaded("--all")
    assert "av" in everything["packages"]
    assert not any(COPYLEFT.search(each) for told in everything["packages"].values() for each in told)


@pytest.mark.parametrize(
    "text", ["GPL-3.0-only", "AGPLv3", "GNU General Public License v3", "License :: OSI Approved :: GNU Affero", "gpl"]
)
def test_gpl_is_recognised(text: str) -> None:
    assert COPYLEFT.search(text)


@pytest.mark.parametrize(
    "text", ["LGPL-3.0-only", "GNU Lesser General Public License", "GNU Library or Lesser General Public License", "MIT"]
)
def test_what_is_not_gpl_is_let_through(text: str) -> None:
    assert not COPYLEFT.search(text)
