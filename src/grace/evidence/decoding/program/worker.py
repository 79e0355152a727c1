"""One worker: takes a request, answers it, takes the next, until the other side hangs up."""

from __future__ import annotations

import json
import os
import socket
from typing import Any, NoReturn

from grace.evidence.decoding import wire
from grace.evidence.decoding.layers import Walls
from grace.evidence.decoding.port import Limits, Reason, Unpacked, Unpacking
from grace.evidence.decoding.program import analysers, archives, asking, lockdown, models
from grace.evidence.decoding.program.attempt import attempt, reason_of
from grace.evidence.decoding.program.pages import make_pages
from grace.evidence.decoding.program.pdq import fingerprint
from grace.evidence.decoding.program.pictures import Shown, make_picture, make_preview, ordinary_picture
from grace.evidence.decoding.program.sheets import make_sheet
from grace.evidence.decoding.program.videos import make_video
from grace.evidence.decoding.slate import SIZE, Mapped
from grace.sdk.video import pack

Answer = tuple[dict[str, object], bytes]
_TO_SETTLE = 9
"""Python 3.11 and later rewrite a function once it ran eight times."""


def serve(connection: socket.socket, slate: Mapped, memory_bytes: int, walls: Walls) -> NoReturn:
    """Serve until the other side is gone; never returns into the zygote's code. Behind other walls than these, nothing is served."""
    try:
        lockdown.keep_only(connection.fileno())
        if lockdown.give_up(memory_bytes + SIZE, walls.layers) != walls.of_each:
            os._exit(1)
        asking.through(connection, slate)
        while True:
            request = wire.receive(connection)
            limits = Limits(**request.pop("limits"))
            lockdown.allow_cpu(limits.cpu_seconds)
            header, payload = answer(slate.take(request.pop("bytes")), limits, request)
            slate.put(payload)
            wire.send(connection, header | {"bytes": len(payload)})
    except (wire.Broken, OSError):
        os._exit(0)
    finally:
        os._exit(1)


def warm_up() -> None:
    """Look at a picture of our own as often as it takes Python to settle how to run all this: else each worker settles it anew."""
    request = {"media_type": "image/jpeg", "analysers": analysers.ours_for_pictures()}
    content = ordinary_picture()
    for _ in range(_TO_SETTLE):
        _visit(content, Limits(), request)


def answer(content: bytes, limits: Limits, request: dict[str, Any]) -> Answer:
    """The header and payload that answer a request; whatever the bytes do to the codecs, there is an answer."""
    made, failure = attempt(lambda: _OPERATIONS[request["op"]](content, limits, request))
    return made or _refused(reason_of(failure))


def _refused(reason: Reason) -> Answer:
    return {"not_decoded": reason.name}, b""


def _decode(content: bytes, limits: Limits, request: dict[str, Any]) -> Answer:
    picture = make_picture(content, request["most_side"], limits)
    return {"width": picture.width, "height": picture.height}, picture.rgb


def _fingerprint(content: bytes, limits: Limits, request: dict[str, Any]) -> Answer:
    del request
    return _printed(Shown(content, limits)), b""


def _printed(shown: Shown) -> dict[str, object]:
    found, (width, height) = fingerprint(shown.pixels), shown.size
    return {"width": width, "height": height, "value": found.value.hex(), "quality": found.quality}


def _fingerprint_video(content: bytes, limits: Limits, request: dict[str, Any]) -> Answer:
    del request
    video, (width, height) = make_video(content, limits)
    return {"width": width, "height": height}, pack(video).value


def _preview(content: bytes, limits: Limits, request: dict[str, Any]) -> Answer:
    preview = make_preview(content, request["most_side"], limits)
    return {"width": preview.width, "height": preview.height}, preview.jpeg


def _contact_sheet(content: bytes, limits: Limits, request: dict[str, Any]) -> Answer:
    sheet = make_sheet(content, request["most_side"], request["moments"], limits)
    return {"width": sheet.width, "height": sheet.height, "moments": list(sheet.moments)}, sheet.jpeg


def _pages(content: bytes, limits: Limits, request: dict[str, Any]) -> Answer:
    pages = make_pages(content, request["first"], request["passwords"], limits)
    return {"pages": len(pages.texts), "total": pages.total}, "\f".join(pages.texts).encode()


def _unpack(content: bytes, limits: Limits, request: dict[str, Any]) -> Answer:
    del limits
    size = request["passwords"]
    passwords = json.loads(content[len(content) - size :])
    some = archives.portions(content[: len(content) - size], request["first"], passwords, Unpacking(**request["most"]), request["spent"])
    return {"ended": all(map(_hand_over, some))}, b""


def _hand_over(portion: list[Unpacked]) -> bool:
    told = [[each.place, each.name, len(each.content), each.failed and each.failed.name] for each in portion]
    index = json.dumps(told).encode()
    return asking.hand_over({"index": len(index)}, [index, *(each.content for each in portion)])


def _analyse(content: bytes, limits: Limits, request: dict[str, Any]) -> Answer:
    verdicts = analysers.make_verdicts(content, request["media_type"], request["analysers"], limits)
    return {"verdicts": len(verdicts)}, json.dumps(verdicts).encode()


def _analyse_texts(content: bytes, limits: Limits, request: dict[str, Any]) -> Answer:
    verdicts = analysers.make_verdicts_of_texts(content, request["analysers"], limits)
    return {"verdicts": len(verdicts)}, json.dumps(verdicts).encode()


def _visit(content: bytes, limits: Limits, request: dict[str, Any]) -> Answer:
    shown = Shown(content, limits)
    printed, failure = attempt(lambda: _printed(shown))
    verdicts = analysers.make_verdicts(content, request["media_type"], request["analysers"], limits, shown)
    return printed or {"unprinted": reason_of(failure).name}, json.dumps(verdicts).encode()


def _roll(content: bytes, limits: Limits, request: dict[str, Any]) -> Answer:
    del content, limits, request
    return {}, json.dumps(analysers.describe() | {"runtime": models.runtime()}, default=sorted).encode()


def _load(content: bytes, limits: Limits, request: dict[str, Any]) -> Answer:
    del limits
    models.load(content, request["digest"], request["made"], request["outputs"])
    return {"done": True}, b""


def _compute(content: bytes, limits: Limits, request: dict[str, Any]) -> Answer:
    return {}, json.dumps(models.compute(content, request["models"], limits)).encode()


def _compute_texts(content: bytes, limits: Limits, request: dict[str, Any]) -> Answer:
    return {}, json.dumps(models.compute_texts(content, request["models"], limits)).encode()


_OPERATIONS = {
    "analyse": _analyse,
    "visit": _visit,
    "load": _load,
    "compute": _compute,
    "compute_texts": _compute_texts,
    "analyse_texts": _analyse_texts,
    "roll": _roll,
    "decode": _decode,
    "fingerprint": _fingerprint,
    "fingerprint_video": _fingerprint_video,
    "preview": _preview,
    "contact_sheet": _contact_sheet,
    "pages": _pages,
    "unpack": _unpack,
}
