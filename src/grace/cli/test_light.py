"""What a process loads before its first request: nothing that only few ever need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import django, sys
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
print([name for name in ("numba", "rbcl", "onnxruntime", "torch", "av", "sklearn", "lightgbm") if name in sys.modules])
"""


def test_a_process_starts_without_compiler_models_and_group(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={"GRACE_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "grace.config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip().endswith("[]"), done.stdout
