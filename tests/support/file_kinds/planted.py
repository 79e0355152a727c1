"""Files that say of themselves what was planted in them: devices that nobody made, places at sea, times to come."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import IFDRational, ImageFileDirectory_v2
from reportlab.pdfgen.canvas import Canvas

from tests.support.file_kinds.films import written as film
from tests.support.file_kinds.pictures import gradient, written
from tests.support.file_kinds.texts import rewritten

SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"


@dataclass(frozen=True, slots=True)
class Planted:
    """A file, and the values of each kind that must come back; ``tags`` are those of EXIF, for readers of EXIF only."""

    name: str
    content: bytes
    values: Mapping[str, frozenset[str]]
    tags: Mapping[str, str] = field(default_factory=dict)


def _ratios(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    """Degrees, minutes, and seconds to a ten-thousandth."""
    whole = round(abs(degrees) * 3_600 * 10_000)
    return IFDRational(whole // 36_000_000, 1), IFDRational(whole // 600_000 % 60, 1), IFDRational(whole % 600_000, 10_000)


def exif_of(number: int, latitude: float, longitude: float, *, zone: str = "") -> Image.Exif:
    """What a camera that nobody made writes."""
    exif = Image.Exif()
    exif[0x10F], exif[0x110], exif[0x131] = "Example Optics", f"EO-{number}", f"EO Firmware {number}.2"
    exif[0x112], exif[0x132], exif[0x13B], exif[0x8298] = number % 8 + 1, "2031:04:05 06:07:08", "Nobody Inparticular", "(c) nobody"
    exif[0x10E] = f"A gradient, number {number}"
    camera = exif.get_ifd(0x8769)
    camera[0x9003], camera[0x9004], camera[0x9291] = "2031:02:03 04:05:06", "2031:02:03 04:05:07", "25"
    if zone:
        camera[0x9011] = zone
    camera[0xA420], camera[0xA430] = f"{number:032x}", "An Invented Owner"
    camera[0xA431], camera[0xA435], camera[0xA434] = f"BODY-{number:05}", f"LENS-{number:05}", "EO 35mm f/2"
    camera[0x9286] = b"ASCII\0\0\0a comment of nobody"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "S" if latitude < 0 else "N", _ratios(latitude)
    place[3], place[4] = "W" if longitude < 0 else "E", _ratios(longitude)
    place[5], place[6] = b"\0", IFDRational(1234, 10)
    place[7], place[29] = (IFDRational(3), IFDRational(5), IFDRational(6)), "2031:02:03"
    return exif


def values_of_exif(number: int, latitude: float, longitude: float, *, zone: str = "") -> dict[str, frozenset[str]]:
    """What must come back of it."""
    return {
        "gps": frozenset({f"{latitude:.6f},{longitude:.6f}"}),
        "taken_at": frozenset({f"2031-02-03T04:05:06.25{zone}"}),
        "created_at": frozenset({"2031-02-03T04:05:07"}),
        "modified_at": frozenset({"2031-04-05T06:07:08"}),
        "device.make": frozenset({"Example Optics"}),
        "device.model": frozenset({f"EO-{number}"}),
        "device.serial": frozenset({f"BODY-{number:05}", f"LENS-{number:05}"}),
        "device.lens": frozenset({"EO 35mm f/2"}),
        "device.owner": frozenset({"An Invented Owner"}),
        "software": frozenset({f"EO Firmware {number}.2"}),
        "image.id": frozenset({f"{number:032x}"}),
        "orientation": frozenset({str(number % 8 + 1)}),
        "author": frozenset({"Nobody Inparticular"}),
        "copyright": frozenset({"(c) nobody"}),
        "description": frozenset({f"A gradient, number {number}"}),
        "comment": frozenset({"a comment of nobody"}),
    }


def xmp_of(number: int, source: str = "digitalCapture") -> bytes:
    """XMP with values as attributes, as elements, and in lists."""
    return f"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmp:CreatorTool="Example Editor {number}" xmpMM:DocumentID="xmp.did:{number:08x}" aux:LensSerialNumber="XL-{number}"
 Iptc4xmpExt:DigitalSourceType="{SOURCE}{source}" xmp:CreateDate="2031-02-03T04:05:06+02:00">
<xmpMM:InstanceID>xmp.iid:{number:08x}</xmpMM:InstanceID><photoshop:City>Nowhere-on-Sea</photoshop:City>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Title &amp; number {number}</rdf:li></rdf:Alt></dc:title>
<dc:subject><rdf:Bag><rdf:li>weather</rdf:li><rdf:li>clouds</rdf:li></rdf:Bag></dc:subject>
<xmpMM:History><rdf:Seq><rdf:li stEvt:action="created"/><rdf:li stEvt:action="saved" stEvt:softwareAgent="Example Saver"/>
<rdf:li rdf:parseType="Resource"><stEvt:action>saved</stEvt:action></rdf:li></rdf:Seq></xmpMM:History>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()


def values_of_xmp(number: int, source: str = "digitalCapture") -> dict[str, frozenset[str]]:
    """What must come back of it."""
    return {
        "software": frozenset({f"Example Editor {number}", "Example Saver"}),
        "document.id": frozenset({f"xmp.did:{number:08x}", f"xmp.iid:{number:08x}"}),
        "device.serial": frozenset({f"XL-{number}"}),
        "source_type": frozenset({source}),
        "created_at": frozenset({"2031-02-03T04:05:06+02:00"}),
        "title": frozenset({f"Title & number {number}"}),
        "keyword": frozenset({"weather", "clouds"}),
        "place": frozenset({"Nowhere-on-Sea"}),
        "history": frozenset({"3"}),
    }


def segment(marker: int, content: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content


def with_segments(content: bytes, *segments: bytes) -> bytes:
    """A JPEG with segments behind its first marker."""
    return content[:2] + b"".join(segments) + content[2:]


def iptc_of(number: int) -> bytes:
    """A segment with resources of Photoshop that hold IPTC-IIM."""
    sets = {(1, 90): "\x1b%G", (2, 5): f"Über {number}", (2, 25): "sea", (2, 55): "20310203", (2, 60): "040506+0100", (2, 65): "Example Wire",
            (2, 80): "Nö Body", (2, 90): "Süd-am-Meer", (2, 110): "Example Agency", (2, 120): "clouds over the sea"}  # fmt: skip
    inner = b"".join(b"\x1c" + struct.pack(">BBH", *key, len(text.encode())) + text.encode() for key, text in sets.items())
    inner += b"\0" * (len(inner) % 2)
    return segment(0xED, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(inner)) + inner)


VALUES_OF_IPTC = {
    "keyword": frozenset({"sea"}),
    "taken_at": frozenset({"2031-02-03T04:05:06+01:00"}),
    "software": frozenset({"Example Wire"}),
    "author": frozenset({"Nö Body"}),
    "place": frozenset({"Süd-am-Meer"}),
    "credit": frozenset({"Example Agency"}),
    "description": frozenset({"clouds over the sea"}),
}


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def _cbor(text: str) -> bytes:
    raw = text.encode()
    return (bytes([0x60 + len(raw)]) if len(raw) < 24 else b"\x78" + bytes([len(raw)])) + raw


def manifest(maker: str, source: str = "trainedAlgorithmicMedia") -> bytes:
    """A manifest of C2PA as far as anybody reads it here; it is signed by nobody."""
    claim = b"\xa2" + _cbor("claim_generator") + _cbor(maker) + _cbor("digitalSourceType") + _cbor(SOURCE + source)
    inner = _box(b"jumd", b"c2cl" + bytes(12) + b"\3c2pa.claim\0") + _box(b"cbor", claim)
    return _box(b"jumb", _box(b"jumd", b"c2pa" + bytes(12) + b"\3c2pa\0") + _box(b"jumb", inner))


def values_of_manifest(maker: str, source: str = "trainedAlgorithmicMedia") -> dict[str, frozenset[str]]:
    """What must come back of it."""
    return {
        "c2pa": frozenset({"present"}),
        "software": frozenset({maker}),
        "source_type": frozenset({source}),
        "generator": frozenset({source}),
    }


def profile() -> bytes:
    """A colour profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _both(*parts: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    joined: dict[str, frozenset[str]] = {}
    for each in parts:
        for kind, values in each.items():
            joined[kind] = joined.get(kind, frozenset()) | values
    return joined


def _as_tiff(exif: Image.Exif) -> ImageFileDirectory_v2:
    """Pillow writes directories below that of a TIFF only where they are handed over so."""
    directory = ImageFileDirectory_v2()
    for tag, value in exif.items():
        directory[tag] = value
    for tag in (0x8769, 0x8825):
        directory[tag] = dict(exif.get_ifd(tag))
        directory.tagtype[tag] = 4
    return directory


_PLACES = ((52.516275, 13.377704), (-33.865143, 151.2099), (0.000123, -29.999999), (-54.25, -36.75), (71.17, 25.783333), (12.5, 45.25))


def with_exif() -> Iterator[Planted]:
    """EXIF in each form that Pillow can put it in, at places in every quarter of the globe."""
    for number, (form, place) in enumerate((form, place) for form in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF") for place in _PLACES):
        zone = ("", "+02:00", "-09:30")[number % 3]
        exif = exif_of(number, *place, zone=zone)
        options: dict[str, Any] = {"tiffinfo": _as_tiff(exif)} if form == "TIFF" else {"exif": exif}
        content = written(gradient("RGB", (40, 30), number), form, **options)
        tags = {"Image Make": "Example Optics", "Image Model": f"EO-{number}", "EXIF BodySerialNumber": f"BODY-{number:05}",
                "EXIF LensSerialNumber": f"LENS-{number:05}", "EXIF ImageUniqueID": f"{number:032x}",
                "EXIF DateTimeOriginal": "2031:02:03 04:05:06"}  # fmt: skip
        values = values_of_exif(number, *place, zone=zone)
        if form == "AVIF":  # Pillow turns the picture by its own means and drops the tag
            values.pop("orientation")
        yield Planted(f"EXIF in {form} {number}", content, values, tags)


def with_other_forms() -> Iterator[Planted]:
    """XMP, IPTC, C2PA, colour profiles, comments and texts."""
    picture = gradient("RGB", (40, 30))
    for number, form in enumerate(("JPEG", "PNG", "WEBP", "TIFF", "AVIF", "GIF")):
        yield Planted(f"XMP in {form}", _with_xmp(picture, form, xmp_of(number)), values_of_xmp(number))
    made = xmp_of(9, "trainedAlgorithmicMedia")
    values = _both(values_of_xmp(9, "trainedAlgorithmicMedia"), {"generator": frozenset({"trainedAlgorithmicMedia"})})
    yield Planted("XMP of a generated picture", written(picture, "JPEG", xmp=made), values)
    jpeg = written(picture, "JPEG", comment="a nöte".encode())
    yield Planted("a comment in JPEG", jpeg, {"comment": frozenset({"a nöte"})})
    yield Planted("IPTC in JPEG", with_segments(jpeg, iptc_of(3)), _both(VALUES_OF_IPTC, {"title": frozenset({"Über 3"})}))
    boxed = manifest("Example_Maker/1.0 c2pa-rs/0.1")
    half = len(boxed) // 2
    parts = [segment(0xEB, b"JP\0\1" + struct.pack(">I", number) + (boxed[:8] if number > 1 else b"") + piece)
             for number, piece in enumerate((boxed[:half], boxed[half:]), 1)]  # fmt: skip
    yield Planted("C2PA in two segments of JPEG", with_segments(jpeg, *parts), values_of_manifest("Example_Maker/1.0 c2pa-rs/0.1"))
    for form in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF"):
        yield Planted(
            f"a colour profile in {form}", written(picture, form, icc_profile=profile()), {"color.profile": frozenset({"sRGB built-in"})}
        )
    yield Planted("a comment in GIF", written(picture.convert("P"), "GIF", comment=b"a note"), {"comment": frozenset({"a note"})})
    yield from _pngs(picture)


def _with_xmp(picture: Image.Image, form: str, xmp: bytes) -> bytes:
    if form == "GIF":
        magic = bytes([1, *range(255, -1, -1), 0])
        return written(picture.convert("P"), "GIF")[:-1] + b"\x21\xff\x0bXMP DataXMP" + xmp + magic + b"\x3b"
    if form == "PNG":
        texts = PngInfo()
        texts.add_itxt("XML:com.adobe.xmp", xmp.decode(), zip=True)
        return written(picture, form, pnginfo=texts)
    return written(picture, form, **({"tiffinfo": {700: xmp}} if form == "TIFF" else {"xmp": xmp}))


def _pngs(picture: Image.Image) -> Iterator[Planted]:
    texts = PngInfo()
    texts.add_text("Software", "Example Drawer 4")
    texts.add_text("Comment", "a long note " * 30, zip=True)
    texts.add_itxt("Title", "Wölken", zip=True)
    texts.add_text("Creation Time", "2031-02-03T04:05:06Z")
    yield Planted(
        "texts in PNG",
        written(picture, "PNG", pnginfo=texts),
        {"software": frozenset({"Example Drawer 4"}), "comment": frozenset({("a long note " * 30).strip()}), "title": frozenset({"Wölken"}),
         "created_at": frozenset({"2031-02-03T04:05:06+00:00"})},
    )  # fmt: skip
    settings = PngInfo()
    noted = "a sea with clouds\nNegative prompt: rain\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, Model: example"
    settings.add_text("parameters", noted)
    values = {"generation": frozenset({noted}), "generator": frozenset({"settings of a diffusion model"})}
    yield Planted("settings in PNG", written(picture, "PNG", pnginfo=settings), values)
    content = written(picture, "PNG")
    boxed = manifest("Example Maker", "algorithmicMedia")
    chunk = struct.pack(">I", len(boxed)) + b"caBX" + boxed + bytes(4)
    yield Planted("C2PA in PNG", content[:33] + chunk + content[33:], values_of_manifest("Example Maker", "algorithmicMedia"))


def _pdfs() -> Iterator[Planted]:
    stream = io.BytesIO()
    canvas = Canvas(stream)
    canvas.setTitle("Weather (of the week)")
    canvas.setAuthor("Nö Body")
    canvas.setCreator("Example Writer")
    canvas.setProducer("Example Printer")
    canvas.drawString(72, 720, "Nothing to report.")
    canvas.save()
    values = {
        "title": frozenset({"Weather (of the week)"}),
        "author": frozenset({"Nö Body"}),
        "software": frozenset({"Example Writer", "Example Printer"}),
    }
    yield Planted("information in PDF", stream.getvalue(), values)
    later = rewritten(stream.getvalue(), incremental=True)
    yield Planted("information of two versions in PDF", later, {"title": frozenset({"Weather (of the week)", "a later version"})})


def with_tags() -> Iterator[Planted]:
    """Films, sounds and documents."""
    yield from _pdfs()
    stated = {"title": "Clouds", "comment": "a note", "creation_time": "2031-02-03T04:05:06.000000Z"}
    told = {"title": frozenset({"Clouds"}), "comment": frozenset({"a note"}), "created_at": frozenset({"2031-02-03T04:05:06+00:00"})}
    size = {"dimensions": frozenset({"64x48"})}
    phone = {**stated, "location": "+52.5163+013.3777/", "make": "Example", "model": "EO-1"}
    place = {"gps": frozenset({"52.516300,13.377700"})}
    rounded = {"gps": frozenset({"52.516296,13.377686"})}  # as MP4 and 3GP keep it, in 65536ths of a degree
    yield Planted("MP4", film("mp4", "mpeg4", metadata=phone), {**told, **size, **rounded, "duration": frozenset({"400"})})
    device = {"device.make": frozenset({"Example"}), "device.model": frozenset({"EO-1"})}
    yield Planted("QuickTime", film("mov", "mjpeg", metadata=phone), {**told, **size, **place, **device})
    yield Planted("3GP", film("3gp", "mpeg4", metadata={**stated, "location": "-33.8651+151.2099/"}),
                  {"gps": frozenset({"-33.865097,151.209900"}), "title": frozenset({"Clouds"}), **size})  # fmt: skip
    without_time = {kind: values for kind, values in told.items() if kind != "created_at"}
    yield Planted("Matroska", film("matroska", "mpeg4", metadata=stated), {**without_time, **size})
    yield Planted("WebM", film("webm", "libvpx", metadata={"title": "Clouds"}), {"title": frozenset({"Clouds"}), **size})
    tags = {"title": "Clouds", "artist": "Nö Body", "comment": "a note", "date": "2031-02-03"}
    heard = {"title": frozenset({"Clouds"}), "author": frozenset({"Nö Body"}), "created_at": frozenset({"2031-02-03"})}
    yield Planted("MP3", film("mp3", sound="libmp3lame", metadata=tags), heard)
    yield Planted("FLAC", film("flac", sound="flac", metadata=tags), {**heard, "description": frozenset({"a note"})})
    yield Planted("OGG", film("ogg", sound="libopus", rate=48_000, metadata=tags), {**heard, "description": frozenset({"a note"})})
    yield Planted("WAV", film("wav", sound="pcm_s16le", metadata=tags), {"title": frozenset({"Clouds"}), "comment": frozenset({"a note"})})
    yield Planted("AVI", film("avi", "mpeg4", metadata=tags), {"title": frozenset({"Clouds"})})
