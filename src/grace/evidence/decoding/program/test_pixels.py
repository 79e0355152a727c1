from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from grace.evidence.decoding.port import Limits, Reason
from grace.evidence.decoding.program import pictures
from grace.evidence.decoding.program.pictures import Unfit, make_pixels
from grace.sdk.analysis import Picture
from tests.support.pictures import noise

Pixels = npt.NDArray[np.uint8]


def picture(width: int = 320, height: int = 200) -> Image.Image:
    return Image.fromarray(noise(np.random.default_rng(8), height, width, 20, 90))


def _by_pillow(content: bytes) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def _as_colour(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)


def _turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def _numbers(kind: type[np.generic], factor: int) -> Image.Image:
    return Image.fromarray(np.asarray(picture().convert("L")).astype(kind) * kind(factor))


def _file(make: Callable[[], Image.Image], written_as: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    make().save(stream, written_as, **options)
    return stream.getvalue()


STILL: dict[str, bytes] = {
    "colour": _file(picture, "PNG"),
    "grey": _file(lambda: picture().convert("L"), "PNG"),
    "transparent": _file(lambda: Image.merge("RGBA", (*picture().split(), picture().convert("L"))), "PNG"),
    "transparent grey": _file(lambda: Image.merge("LA", picture().split()[:2]), "PNG"),
    "transparent by a colour": _file(picture, "PNG", transparency=(1, 2, 3)),
    "palette": _file(lambda: picture().quantize(64), "PNG"),
    "transparent palette": _file(lambda: picture().quantize(64), "PNG", transparency=3),
    "1 bit": _file(lambda: picture().convert("1"), "PNG"),
    "16 bit grey": _file(lambda: _numbers(np.uint16, 257), "PNG"),
    "16 bit grey TIFF": _file(lambda: _numbers(np.uint16, 257), "TIFF"),
    "32 bit": _file(lambda: _numbers(np.int32, 3), "TIFF"),
    "floats": _file(lambda: _numbers(np.float32, 2), "TIFF"),
    "ink JPEG": _file(lambda: picture().convert("CMYK"), "JPEG"),
    "ink TIFF": _file(lambda: picture().convert("CMYK"), "TIFF"),
    "turned TIFF": _file(picture, "TIFF", exif=_turned()),
    "animated GIF": _file(picture, "GIF", save_all=True, append_images=[picture().rotate(90)]),
    "animated WebP": _file(picture, "WEBP", save_all=True, append_images=[picture().rotate(90)], lossless=True),
    "several pages": _file(picture, "TIFF", save_all=True, append_images=[picture().rotate(90)]),
    "AVIF": _file(picture, "AVIF"),
    "JPEG 2000": _file(picture, "JPEG2000"),
    "BMP": _file(picture, "BMP"),
}
JPEGS: dict[str, bytes] = {
    "grey": _file(lambda: picture().convert("L"), "JPEG"),
    "kept RGB": _file(picture, "JPEG", keep_rgb=True),
    "turned": _file(picture, "JPEG", exif=_turned()),
    "several": _file(picture, "MPO", save_all=True, append_images=[picture().rotate(90)]),
    "with a trailer": _file(picture, "JPEG") + b"Invented trailer",
    **{
        f"{subsampling} {'progressive' if progressive else 'plain'} quality {quality}": _file(
            lambda: picture(317, 203), "JPEG", subsampling=subsampling, progressive=progressive, quality=quality, restart_marker_rows=1
        )
        for subsampling in ("4:4:4", "4:2:2", "4:2:0", "4:1:1")
        for progressive in (False, True)
        for quality in (20, 92)
    },
}


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in (STILL | JPEGS).items()])
def test_the_pixels_are_pillows_conversion_to_rgb(content: bytes) -> None:
    """Whatever the file: not turned, transparency dropped, the first frame, cut at 255."""
    pixels, _ = make_pixels(content, Limits())
    assert pixels.dtype == np.uint8
    assert np.array_equal(_as_colour(pixels), _by_pillow(content))


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in JPEGS.items()])
def test_libjpeg_turbo_and_pillow_decode_the_same_pixels(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("simplejpeg")
    opened = Image.open(io.BytesIO(content))
    assert pictures._turbo(content, opened) is not None
    quick = make_pixels(content, Limits())
    monkeypatch.setattr(pictures, "turbo", None)
    slow = make_pixels(content, Limits())
    assert np.array_equal(quick[0], slow[0])
    assert quick[1] == slow[1]


def test_a_jpeg_with_a_flaw_is_judged_by_pillow() -> None:
    """A missing piece in the middle Pillow bears; an early end it does not."""
    content = JPEGS["4:2:0 plain quality 92"]
    middle = len(content) // 2
    broken = content[:middle] + bytes(200) + content[middle + 200 :]
    assert pictures._turbo(broken, Image.open(io.BytesIO(broken))) is None
    assert np.array_equal(make_pixels(broken, Limits())[0], _by_pillow(broken))
    with pytest.raises(OSError, match="truncated"):
        make_pixels(content[:middle], Limits())


def test_what_pillow_alone_would_not_bear() -> None:
    for content, reason in (
        (b"", Reason.EMPTY),
        (b"no picture", Reason.FORMAT),
        (_file(lambda: Image.merge("LAB", picture(40, 30).split()), "TIFF"), Reason.FORMAT),
        (STILL["colour"], Reason.PIXELS),
    ):
        with pytest.raises(Unfit) as unfit:
            make_pixels(content, Limits(most_pixels=63_999))
        assert unfit.value.reason is reason


def test_the_size_is_that_of_the_upright_picture() -> None:
    for content in (JPEGS["turned"], STILL["turned TIFF"]):
        assert make_pixels(content, Limits())[1] == (200, 320) == pictures.open_upright(content, Limits()).size


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in (STILL | JPEGS).items()])
def test_a_small_picture_is_the_upright_one_made_smaller(content: bytes) -> None:
    """Also where its pixels are those that were decoded for the fingerprint."""
    shown = pictures.Shown(content, Limits())
    assert shown.pixels.size
    whole = pictures.open_upright(content, Limits())
    assert shown.small(999) == Picture(*whole.size, whole.tobytes())
    small = shown.small(80)
    whole.thumbnail((80, 80), Image.Resampling.BOX, reducing_gap=1.0)
    assert (small.width, small.height) == whole.size
    away = np.abs(np.frombuffer(small.rgb, np.uint8).astype(int) - np.frombuffer(whole.tobytes(), np.uint8))
    assert away.mean() < 1
