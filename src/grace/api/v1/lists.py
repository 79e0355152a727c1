"""Hash lists: which there are. Importing is a matter of the command line and of the lists page."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["lists"])
