"""Scenario 3: enrich text, picture, sound: what the analysers that come with GRACE find stands on the file's page and counts for priority."""

from __future__ import annotations

import io
import math
import struct
import wave

import pytest
from django.urls import reverse
from PIL import Image

from grace.analysis import findings
from grace.analysis.models import Run
from grace.casework.decide import Wish
from grace.evidence.decoding.testing import fractal
from grace.evidence.models import File
from grace.pipeline.decide import decide
from grace.priority.assess import signals_of
from grace.referrals.models import Attachment
from tests.scenarios.test_2_check_and_store import md5, packed, report, take_in
from tests.support.jobs import run_due_jobs
from tests.support.people import Person

pytestmark = pytest.mark.django_db

NOTE = "Wann fährt das Boot zur Brücke? Schreib bitte an ada.boot@example.org, ich warte an der Treppe am Hafen."


def picture() -> bytes:
    """A drawn picture that says where and with what it was taken; both invented."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Example Optics", "Pier 3"
    exif.get_ifd(0x8769)[0xA431] = "PX-000123"
    exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 30.0, 0.0), 3: "E", 4: (9.0, 45.0, 0.0)})
    written = io.BytesIO()
    fractal(800, 600).save(written, "JPEG", exif=exif)
    return written.getvalue() + b"what stands behind the end"


def sound() -> bytes:
    """Two seconds of a tone."""
    written = io.BytesIO()
    with wave.open(written, "wb") as tone:
        tone.setnchannels(1)
        tone.setsampwidth(2)
        tone.setframerate(16_000)
        tone.writeframes(b"".join(struct.pack("<h", round(8_000 * math.sin(place / 6))) for place in range(32_000)))
    return written.getvalue()


def found(file: File) -> dict[str, str]:
    return {each.kind: each.value for said in findings.of_file(file.id) for each in said.seen}


def test_what_files_show_is_told_and_counts(alice: Person) -> None:
    contents = {"boat.jpg": picture(), "note.txt": NOTE.encode(), "pier.wav": sound()}
    document = report("700", {name: md5(content) for name, content in contents.items()})
    (receipt,) = take_in(alice, packed({"700.json": document, **contents}))
    (referral,) = receipt.referrals
    run_due_jobs()
    held = {row.name: row.file for row in Attachment.objects.filter(referral_id=referral).select_related("file") if row.file}
    assert set(held) == set(contents)

    boat = found(held["boat.jpg"])
    assert boat["file.type"] == "image/jpeg"
    assert boat["file.appended"] == str(len(b"what stands behind the end"))
    assert boat["gps"].startswith("53.5")
    assert boat["device.serial"] == "PX-000123"
    note = found(held["note.txt"])
    assert (note["text.language"], note["identifier.email"]) == ("de", "ada.boot@example.org")
    assert found(held["pier.wav"])["file.type"] in {"audio/wav", "audio/x-wav", "audio/vnd.wave"}
    if not Run.objects.filter(analyser="sound").exclude(failed="").exists():  # the extra that decodes sound may be missing
        assert float(found(held["pier.wav"])["sound.level"].split()[0]) == pytest.approx(-15.3, abs=1)

    signals = {each.kind: each.value for each in signals_of([referral])[referral]}
    assert (signals["file.place_count"], signals["file.device_count"], signals["file.appended_count"]) == (1, 1, 1)
    page = alice.client.get(reverse("referral", args=[referral])).text
    assert "place in a file" in page

    address = f"{reverse('file', args=[held['boat.jpg'].id])}?referral={referral}"
    covered = alice.client.get(address).text
    assert "PX-000123" not in covered
    assert "Bytes behind its end" in covered
    decide(alice.viewer, referral, Wish("take"))
    assert "PX-000123" in alice.client.get(address).text
