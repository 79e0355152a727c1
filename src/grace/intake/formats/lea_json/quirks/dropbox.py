"""Dropbox: upload times stand only in the file's metadata."""

from __future__ import annotations

from grace.intake.formats.lea_json.quirks.plain import Quirk, metadata_time


class Dropbox(Quirk):
    """Reads the metadata entry ``Upload Date and Time`` and nothing else for the upload."""

    def uploaded_at(self, holder: dict[str, object]) -> str | None:
        """The metadata entry's value."""
        return metadata_time(holder)
