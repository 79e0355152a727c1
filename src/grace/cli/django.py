"""Make Django ready, for the commands that need it and only when they run: `grace --help` stays quick."""

from __future__ import annotations

import os

import django


def ready() -> None:
    """Load the settings and the rooms' tables; calling it twice is harmless."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grace.config.settings")
    django.setup()
