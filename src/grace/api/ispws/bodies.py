"""What comes in: XML under any content type, forms of both kinds, and files of any size as a stream that is never whole in memory."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import RAW, ChunkIter, LazyStream, MultiPartParserError, Parser
from django.utils.http import parse_header_parameters

from grace.intake.checking import number_of
from grace.intake.codes import Code, ReportRefused
from grace.sdk.text import storable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MOST_XML = 16 << 20
MOST_FORM = 64 << 10
MOST_FIELDS = 20
"""Parts of one form."""
_LONGEST_FIELD = 1024
_LONGEST_NAME = 500
_CHUNK = 64 << 10
_BOUNDARY = re.compile(r"[ -~]{0,199}[!-~]")


def xml_of(request: HttpRequest) -> bytes:
    """The body as XML, whatever its content type says. Raises :class:`ReportRefused` for one that is too large."""
    return _whole(_Source(request, MOST_XML))


def id_of(request: HttpRequest) -> int:
    """The report's number in the field ``id`` of a form, urlencoded or multipart. Raises :class:`ReportRefused`."""
    if _content_type(request)[0] == "multipart/form-data":
        found = [part.text() for part in _parts(request, _Source(request, MOST_FORM)) if part.name == "id"]
    else:
        found = QueryDict(_whole(_Source(request, MOST_FORM)).decode("utf-8", "replace")).getlist("id")
    return number_of(found[0] if len(found) == 1 else None)


class Upload:
    """One file on its way in. ``number`` is known where the form's ``id`` stands before the file; ``rest`` reads to the end."""

    def __init__(self, request: HttpRequest) -> None:
        self._source = _Source(request, settings.GRACE_LARGEST_REPORT_FILE + MOST_FORM)
        self._parts = _parts(request, self._source)
        self.number: int | None = None
        for part in self._parts:
            if part.is_file:
                self.name = storable(part.file_name)[:_LONGEST_NAME]
                self.stream = cast("BinaryIO", io.BufferedReader(_Bounded(part.stream, settings.GRACE_LARGEST_REPORT_FILE), _CHUNK))
                return
            if part.name == "id":
                self.number = number_of(part.text())
        raise ReportRefused(Code.MALFORMED_FILE, "The request holds no file.")

    def rest(self) -> int | None:
        """The number, where it stands behind the file. Raises :class:`ReportRefused` where the request broke off, or holds two files."""
        number = None
        for part in self._parts:
            if part.is_file:
                raise ReportRefused(Code.MALFORMED_FILE, "Send one file in one request.")
            if part.name == "id":
                number = number_of(part.text())
        if not self._source.is_whole():
            raise ReportRefused(Code.FILE_UPLOAD_FAILED, "The file broke off before its end; send it again.")
        return number


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a form: its name, the file's name where it has one, and its bytes, to be read before the next part."""

    name: str
    file_name: str
    stream: LazyStream

    @property
    def is_file(self) -> bool:
        return bool(self.file_name) or self.name == "file"

    def text(self) -> str:
        """A short text. Raises :class:`ReportRefused` for a long one."""
        said = self.stream.read(_LONGEST_FIELD + 1)
        if len(said) > _LONGEST_FIELD:
            raise ReportRefused(Code.INVALID_REQUEST, "A field of the form is too long.")
        return said.decode("utf-8", "replace")


class _Source:
    """The request's body, read once, up to so many bytes.

    They are counted, and the last remembered, so that a body that broke off is not taken for a whole one.
    """

    def __init__(self, request: HttpRequest, most: int) -> None:
        self._most = most
        chunked = "HTTP_TRANSFER_ENCODING" in request.META and request.META.get("wsgi.input_terminated")
        self._stream: Any = request.META["wsgi.input"] if chunked else request
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        self._expected = int(length) if length.isdecimal() and not chunked else None
        self._read = 0
        self._tail = b""
        self._end = b"--" + _content_type(request)[1].encode() + b"--"

    def read(self, size: int) -> bytes:
        """Up to so many bytes; none at the end. Raises :class:`ReportRefused` where the sender has gone, or sends too much."""
        try:
            chunk: bytes = self._stream.read(size)
        except OSError as fault:
            raise ReportRefused(Code.FILE_UPLOAD_FAILED, "The request broke off; send it again.") from fault
        self._read += len(chunk)
        if self._read > self._most:
            raise ReportRefused(Code.INVALID_REQUEST, f"The request may hold {self._most} bytes.")
        if chunk:
            self._tail = (self._tail + chunk)[-(len(self._end) + 64) :]
        return chunk

    def is_whole(self) -> bool:
        """Whether everything that was announced came, up to the end of the form; reads what is left of it."""
        while self.read(_CHUNK):
            pass
        return self._end in self._tail and self._expected in {None, self._read}


class _Bounded(io.RawIOBase):
    """A part's bytes, up to so many."""

    def __init__(self, stream: LazyStream, most: int) -> None:
        self._stream = stream
        self._left = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        chunk = self._stream.read(len(view))
        self._left -= len(chunk)
        if self._left < 0:
            most = settings.GRACE_LARGEST_REPORT_FILE >> 20
            raise ReportRefused(Code.FILE_UPLOAD_FAILED, f"A file may hold {most} MB at most.")
        view[: len(chunk)] = chunk
        return len(chunk)


def _parts(request: HttpRequest, source: _Source) -> Iterator[_Part]:
    """The parts of a multipart form, each to be read before the next. Raises :class:`ReportRefused` for what is none."""
    kind, boundary = _content_type(request)
    if kind != "multipart/form-data" or not _BOUNDARY.fullmatch(boundary):
        raise ReportRefused(Code.INVALID_REQUEST, "The request must be a form (multipart/form-data).")
    number = 0
    try:
        for form, head, stream in Parser(LazyStream(ChunkIter(cast("Any", source), _CHUNK)), boundary.encode()):
            if form != RAW:
                number += 1
                yield _part(head, stream)
            if number > MOST_FIELDS:
                raise ReportRefused(Code.INVALID_REQUEST, f"A form may have {MOST_FIELDS} parts.")
            while stream.read(_CHUNK):  # a part that is not read to its end would be taken for the next
                pass
    except (MultiPartParserError, SuspiciousOperation) as fault:
        raise ReportRefused(Code.INVALID_REQUEST, "The form cannot be read.") from fault


def _part(head: Any, stream: LazyStream) -> _Part:
    if "content-transfer-encoding" in head and head["content-transfer-encoding"][0].strip().lower() not in {"binary", "8bit", "7bit"}:
        raise ReportRefused(Code.MALFORMED_FILE, "Send the bytes of a file as they are, not encoded.")
    said = {name: value.decode("utf-8", "replace") for name, value in head["content-disposition"][1].items()}
    return _Part(said.get("name", ""), said.get("filename", ""), stream)


def _content_type(request: HttpRequest) -> tuple[str, str]:
    """The media type and the boundary, which is empty where there is none."""
    kind, said = parse_header_parameters(request.META.get("CONTENT_TYPE", "")[:1000])
    return kind, said.get("boundary", "")


def _whole(source: _Source) -> bytes:
    return b"".join(iter(lambda: source.read(_CHUNK), b""))
