"""The contract of a decoder, to inherit: the hardened sandbox keeps it too. Pictures are plain colours and gradients."""

from __future__ import annotations

import io
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator

import pytest
from PIL import Image

from grace.evidence.decoding.port import Decoder, Limits, NotDecoded, Preview, Printed, Reason
from grace.evidence.decoding.program.videos import sample
from grace.sdk.analysis import Picture
from grace.sdk.video import unpack

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "JPEG2000")


def fractal(width: int = 320, height: int = 200) -> Image.Image:
    """A picture with enough in it to be fingerprinted well: the Mandelbrot set between two gradients."""
    middle = Image.effect_mandelbrot((width, height), (-2, -1.2, 1, 1.2), 20)
    across = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (across, middle, across.rotate(180)))


def written(image: Image.Image, written_as: str = "PNG", **options: object) -> io.BytesIO:
    """The image as a file."""
    stream = io.BytesIO()
    image.save(stream, written_as, **options)
    stream.seek(0)
    return stream


def png_claiming(width: int, height: int) -> io.BytesIO:
    """A valid PNG head that promises any number of pixels, with almost nothing behind it."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b""))


class DecoderContract(ABC):
    """Inherit, and make a decoder."""

    @classmethod
    @abstractmethod
    def make(cls) -> Iterator[Decoder]:
        """Yield a decoder, and put it away afterwards."""

    @pytest.fixture(scope="class")
    @classmethod
    def decoder(cls) -> Iterator[Decoder]:
        """The decoder under test, one for all tests of the class: each must leave it fit for the next."""
        yield from cls.make()

    @pytest.mark.parametrize("written_as", FORMATS)
    def test_decodes(self, decoder: Decoder, written_as: str) -> None:
        """Every format of the list, with the colours about right."""
        picture = decoder.decode(written(Image.new("RGB", (40, 30), (200, 100, 50)), written_as))
        assert isinstance(picture, Picture)
        assert (picture.width, picture.height, len(picture.rgb)) == (40, 30, 3600)
        assert all(abs(one - other) < 12 for one, other in zip(picture.rgb[1800:1803], (200, 100, 50), strict=True))

    @pytest.mark.parametrize(
        ("image", "expected"),
        [
            (Image.new("RGBA", (2, 2), (0, 0, 0, 0)), (255, 255, 255)),
            (Image.new("LA", (2, 2), (0, 128)), (127, 127, 127)),
            (Image.new("I;16", (2, 2), 0x80FF), (128, 128, 128)),
            (Image.new("1", (2, 2), 1), (255, 255, 255)),
            (Image.new("RGB", (2, 2), (9, 8, 7)).quantize(2), (9, 8, 7)),
        ],
        ids=["transparent", "half transparent", "16 bit", "1 bit", "palette"],
    )
    def test_one_rule_for_all_kinds_of_pixels(self, decoder: Decoder, image: Image.Image, expected: tuple[int, int, int]) -> None:
        """Transparency over white, upper 8 of 16 bits, palettes resolved."""
        picture = decoder.decode(written(image))
        assert isinstance(picture, Picture)
        assert tuple(picture.rgb[:3]) == expected

    def test_cmyk_and_floats(self, decoder: Decoder) -> None:
        """CMYK by formula; floats stretched from least to greatest."""
        cmyk = decoder.decode(written(Image.new("CMYK", (2, 2), (0, 255, 255, 0)), "TIFF"))
        floats = Image.new("F", (2, 1), -5.0)
        floats.putpixel((1, 0), 1000.0)
        stretched = decoder.decode(written(floats, "TIFF"))
        assert isinstance(cmyk, Picture)
        assert isinstance(stretched, Picture)
        assert tuple(cmyk.rgb[:3]) == (255, 0, 0)
        assert stretched.rgb == bytes([0, 0, 0, 255, 255, 255])

    def test_turns_upright(self, decoder: Decoder) -> None:
        """As the EXIF orientation says, in pixels and preview; a fingerprint is made as lists are, of the picture as it is stored."""
        image, exif = fractal(40, 20), Image.Exif()
        exif[0x0112] = 6
        turned = written(image, "PNG", exif=exif)
        upright = written(image.transpose(Image.Transpose.ROTATE_270))
        assert decoder.decode(turned) == decoder.decode(upright)
        turned.seek(0)
        stored = decoder.fingerprint(written(image))
        printed = decoder.fingerprint(turned)
        assert isinstance(stored, Printed)
        assert isinstance(printed, Printed)
        assert printed.fingerprint == stored.fingerprint
        assert (printed.width, printed.height) == (20, 40)
        turned.seek(0)
        preview = decoder.preview(turned, 10)
        assert isinstance(preview, Preview)
        assert (preview.width, preview.height) == (5, 10)

    def test_takes_the_first_frame(self, decoder: Decoder) -> None:
        """Of an animation."""
        frames = [Image.new("RGB", (4, 4), colour) for colour in ("white", "black")]
        picture = decoder.decode(written(frames[0], "GIF", save_all=True, append_images=frames[1:]))
        assert isinstance(picture, Picture)
        assert set(picture.rgb) == {255}

    def test_a_video_is_fingerprinted_picture_by_picture(self, decoder: Decoder) -> None:
        """As one fingerprint, with the size; what is no video gets a verdict, and the decoder stays fit."""
        pytest.importorskip("av")
        content = sample(90)
        found = decoder.fingerprint_video(io.BytesIO(content))
        assert isinstance(found, Printed)
        assert (found.width, found.height, found.fingerprint.algorithm) == (64, 48, "vpdq")
        assert unpack(found.fingerprint.value).end == pytest.approx(3000, abs=50)
        for bytes_, reason in ((b"", Reason.EMPTY), (b"no video at all", Reason.FORMAT)):
            assert decoder.fingerprint_video(io.BytesIO(bytes_)) == NotDecoded(reason)
        assert isinstance(decoder.fingerprint_video(io.BytesIO(content[:60])), NotDecoded)
        assert decoder.fingerprint_video(io.BytesIO(content), Limits(most_pixels=99)) == NotDecoded(Reason.PIXELS)
        assert decoder.fingerprint_video(io.BytesIO(content), Limits(most_bytes=99)) == NotDecoded(Reason.BYTES)
        assert decoder.fingerprint_video(io.BytesIO(content)) == found

    def test_a_contact_sheet_is_a_small_picture_with_times(self, decoder: Decoder) -> None:
        """Of a video; of anything else there is none, and the decoder stays fit."""
        pytest.importorskip("av")
        stream = io.BytesIO(sample(90))
        sheet = decoder.contact_sheet(stream, 300)
        assert isinstance(sheet, Preview)
        assert sheet.moments[0] == 0
        assert max(sheet.width, sheet.height) <= 300
        assert decoder.contact_sheet(written(fractal()), 300) == NotDecoded(Reason.FORMAT)
        stream.seek(0)
        assert decoder.contact_sheet(stream, 300, (0, 2000)) == decoder.contact_sheet(io.BytesIO(stream.getvalue()), 300, (0, 2000))

    def test_a_preview_carries_nothing_of_the_original(self, decoder: Decoder) -> None:
        """No EXIF, comment, profile or appended bytes; no longer than asked."""
        exif = Image.Exif()
        exif[0x010F] = "Invented Camera"
        original = written(fractal(900, 600), "JPEG", exif=exif, comment=b"Invented comment", icc_profile=b"Invented profile")
        original = io.BytesIO(original.read() + b"Invented trailer")
        preview = decoder.preview(original, 300)
        assert isinstance(preview, Preview)
        assert (preview.width, preview.height) == (300, 200)
        assert b"Invented" not in preview.jpeg
        with Image.open(io.BytesIO(preview.jpeg)) as seen:
            assert (seen.format, seen.size, dict(seen.getexif())) == ("JPEG", (300, 200), {})
            assert set(seen.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}

    def test_never_makes_a_preview_larger(self, decoder: Decoder) -> None:
        """Small pictures stay small."""
        preview = decoder.preview(written(fractal(30, 20)), 300)
        assert isinstance(preview, Preview)
        assert (preview.width, preview.height) == (30, 20)

    def test_makes_pixels_fewer_on_demand(self, decoder: Decoder) -> None:
        """With ``most_side``."""
        picture = decoder.decode(written(fractal(320, 200)), most_side=64)
        assert isinstance(picture, Picture)
        assert (picture.width, picture.height) == (64, 40)

    @pytest.mark.parametrize(
        ("stream", "reason"),
        [
            (io.BytesIO(), Reason.EMPTY),
            (io.BytesIO(b"no picture at all"), Reason.FORMAT),
            (io.BytesIO(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"), Reason.FORMAT),
            (io.BytesIO(written(fractal(), "JPEG").read()[:3000]), Reason.DAMAGED),
            (io.BytesIO(written(fractal()).read()[:-300]), Reason.DAMAGED),
            (io.BytesIO(written(fractal(), "JPEG").read()[:20]), Reason.DAMAGED),
            (png_claiming(20, 20), None),
            (png_claiming(60_000, 60_000), Reason.PIXELS),
            (png_claiming(2**31 - 1, 2**31 - 1), Reason.PIXELS),
            (png_claiming(0, 10), None),
        ],
    )
    def test_hostile_bytes_get_a_verdict(self, decoder: Decoder, stream: io.BytesIO, reason: Reason | None) -> None:
        """And the next picture is decoded as if nothing had been."""
        for verb in (decoder.decode, decoder.fingerprint):
            stream.seek(0)
            verdict = verb(stream)
            assert isinstance(verdict, NotDecoded if reason else (NotDecoded, Picture, Printed))
            assert reason is None or verdict == NotDecoded(reason)
            assert isinstance(decoder.fingerprint(written(fractal())), Printed)

    def test_limits_are_kept(self, decoder: Decoder) -> None:
        """Bytes and pixels, each one below and at the limit."""
        stream = written(fractal(100, 100))
        size = len(stream.getvalue())
        for limits, reason in (
            (Limits(most_bytes=size), None),
            (Limits(most_bytes=size - 1), Reason.BYTES),
            (Limits(most_pixels=10_000), None),
            (Limits(most_pixels=9_999), Reason.PIXELS),
        ):
            stream.seek(0)
            answer = decoder.decode(stream, limits)
            assert isinstance(answer, Picture) if reason is None else answer == NotDecoded(reason)
