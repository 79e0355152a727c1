"""Whatever a sender's program puts on the wire is taken or refused in the protocol's own words, and never raises anything else."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.test import RequestFactory, override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from grace.api.ispws.bodies import Upload, id_of
from grace.intake.checking import check_details, check_report
from grace.intake.codes import ReportRefused
from tests.support.reporting import REPORT, details

NOW = datetime(2026, 11, 1, tzinfo=UTC)
FORM = (
    b'--edge\r\nContent-Disposition: form-data; name="id"\r\n\r\n10000001\r\n'
    b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n'
    + b"Hello" * 40
    + b"\r\n--edge--\r\n"
)
PIECES = st.sampled_from(
    [
        b"",
        b"--edge",
        b"--edge--",
        b"\r\n",
        b"\r\n\r\n",
        b'name="id"',
        b"\0",
        b"\xff",
        b"<",
        b"</report>",
        b"<victim>",
        b"&#0;",
        b"]]>",
        b'"',
    ]
)


@st.composite
def changed(draw: st.DrawFn, whole: bytes) -> bytes:
    """The bytes with a few cuts, repeats and pieces put in."""
    for _ in range(draw(st.integers(1, 6))):
        start, end = sorted(draw(st.tuples(st.integers(0, len(whole)), st.integers(0, len(whole)))))
        whole = whole[:start] + draw(PIECES) + draw(st.sampled_from([whole[end:], whole[start:]]))
    return whole


def read_upload(body: bytes, kind: str) -> bytes:
    upload = Upload(RequestFactory().post("/ispws/upload", body, content_type=kind))
    content = upload.stream.read()
    upload.rest()
    return content


def test_the_unchanged_form_is_read() -> None:
    assert read_upload(FORM, "multipart/form-data; boundary=edge") == b"Hello" * 40


@settings(max_examples=300, deadline=None)
@given(
    body=changed(FORM),
    kind=st.sampled_from(["multipart/form-data; boundary=edge", "multipart/form-data", "multipart/form-data; boundary=\0", "text/xml", ""]),
)
def test_a_form_with_a_file(body: bytes, kind: str) -> None:
    try:
        content = read_upload(body, kind)
    except ReportRefused:
        return
    assert content in body


@settings(max_examples=200, deadline=None)
@given(
    body=st.one_of(changed(FORM), st.binary(max_size=200), changed(b"id=10000001")),
    kind=st.sampled_from(["multipart/form-data; boundary=edge", "", "x"]),
)
def test_a_form_with_a_number(body: bytes, kind: str) -> None:
    try:
        assert id_of(RequestFactory().post("/ispws/finish", body, content_type=kind)) >= 0
    except ReportRefused:
        return


@settings(max_examples=300, deadline=None)
@given(body=st.one_of(changed(REPORT.encode()), changed(details(1, "2").encode()), st.binary(max_size=200)))
def test_xml(body: bytes) -> None:
    for check in (lambda: check_report(body, NOW), lambda: check_details(body)):
        with suppress(ReportRefused):
            check()


def test_a_file_up_to_the_limit_and_no_byte_more() -> None:
    with override_settings(GRACE_LARGEST_REPORT_FILE=200):
        assert len(read_upload(FORM, "multipart/form-data; boundary=edge")) == 200
    with override_settings(GRACE_LARGEST_REPORT_FILE=199), pytest.raises(ReportRefused):
        read_upload(FORM, "multipart/form-data; boundary=edge")
