"""Files of a notice on their way in: held in memory, never in the open on a disk (law, L15), up to a limit."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

MOST_BYTES = 64 << 20
"""All files of one notice together."""


class InMemory(FileUploadHandler):
    """Keeps files in memory; once they are too much the rest is dropped, and ``overflowed`` tells."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.overflowed = False
        self._left = MOST_BYTES
        self._content = io.BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """The next file begins."""
        super().new_file(*args, **kwargs)
        self._content = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A piece of the file."""
        del start
        self._left -= len(raw_data)
        if self._left < 0:
            self.overflowed = True
            raise SkipFile
        self._content.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file is whole."""
        self._content.seek(0)
        return InMemoryUploadedFile(
            file=self._content,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
