"""Small forms within others: the name of a colour profile, manifests of C2PA, marks of programs that generate."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from grace.analysis.analysers.metadata.said import Said, decoded
from grace.analysis.analysers.walks.reading import Steps, big, part

_MOST_TAGS = 100


def profile(data: bytes, steps: Steps) -> Iterator[Said]:
    """The name of an ICC profile (ICC.1:2022, 9.2.41). Raises :class:`Short` where it is cut."""
    for number in range(min(big(data, 128, 4), _MOST_TAGS)):
        steps.take()
        at = 132 + 12 * number
        if part(data, at, 4) != b"desc":
            continue
        start, size = big(data, at + 4, 4), big(data, at + 8, 4)
        raw = part(data, start, size)
        if raw[:4] == b"desc":
            name = decoded(part(raw, 12, max(big(raw, 8, 4) - 1, 0)))
        elif raw[:4] == b"mluc":
            name = decoded(part(raw, big(raw, 24, 4), big(raw, 20, 4)), "utf-16-be")
        else:
            return
        if name:
            yield Said("color.profile", name, "ICC description")
        return


def _text_of_cbor(data: bytes, at: int) -> str:
    """The short text at an offset; empty where none stands there."""
    head = data[at : at + 1]
    if not head or not 0x60 <= head[0] <= 0x79:
        return ""
    wide = {0x78: 1, 0x79: 2}.get(head[0], 0)
    size = int.from_bytes(data[at + 1 : at + 1 + wide], "big") if wide else head[0] - 0x60
    raw = data[at + 1 + wide : at + 1 + wide + size]
    return decoded(raw) if head[0] <= 0x79 and len(raw) == size else ""


_MOST_CLAIMS = 20


def _after(data: bytes, key: bytes, begin: int = 0, end: int | None = None) -> Iterator[str]:
    at = begin
    for _ in range(_MOST_CLAIMS):
        at = data.find(key, at, len(data) if end is None else end)
        if at < 0:
            return
        text = _text_of_cbor(data, at + len(key))
        if text:
            yield text
        at += len(key)


def manifest(data: bytes, steps: Steps) -> Iterator[Said]:
    """That a manifest of C2PA is there and which program claims to have made it; nothing of it is verified."""
    steps.take()
    if b"jumd" not in data or b"c2pa" not in data:
        return
    claims = list(_after(data, b"\x6fclaim_generator"))
    info = data.find(b"\x74claim_generator_info")
    if info >= 0:
        claims += _after(data, b"\x64name", info, info + 400)
    facts = {"verified": "no"} | ({"claim_generator": ", ".join(dict.fromkeys(claims))[:500]} if claims else {})
    yield Said("c2pa", "present", "C2PA manifest", facts)
    for claim in dict.fromkeys(claims):
        yield Said("software", claim, "C2PA claim generator, not verified")
    for kind in dict.fromkeys(_after(data, b"\x71digitalSourceType")):
        yield Said("source_type", kind.rstrip("/").rpartition("/")[2], "C2PA digitalSourceType, not verified")


_SYNTHETIC = {
    "trainedAlgorithmicMedia": "made by a trained model",
    "compositeWithTrainedAlgorithmicMedia": "put together, in part made by a trained model",
    "compositeSynthetic": "put together, in part made by a program",
    "algorithmicMedia": "made by a program without training data",
    "virtualRecording": "recorded from a virtual world",
    "dataDrivenMedia": "drawn from data by a program",
}
"""Terms of the IPTC's list of digital source types that say that no camera took it, or not all of it."""
_NAMES = (
    "Adobe Firefly",
    "Bing Image Creator",
    "ChatGPT",
    "ComfyUI",
    "DALL-E",
    "DALL·E",
    "DreamStudio",
    "Fooocus",
    "GPT-4o",
    "Google Gemini",
    "Ideogram",
    "Imagen",
    "InvokeAI",
    "Leonardo.Ai",
    "Made with Google AI",
    "Microsoft Designer",
    "Midjourney",
    "NovelAI",
    "OpenAI-API",
    "Runway ML",
    "Sora",
    "Stability AI",
    "Stable Diffusion",
    "StableDiffusion",
)
_NAMED = re.compile(r"(?<!\w)(" + "|".join(map(re.escape, _NAMES)) + r")(?!\w)", re.IGNORECASE)
_SETTINGS = (
    (re.compile(r"\bSteps: \d+.*\bSampler: ", re.DOTALL), "settings of a diffusion model"),
    (re.compile(r'"class_type"\s*:\s*"\w*(?:KSampler|CheckpointLoader|CLIPTextEncode)'), "a workflow of a diffusion model"),
    (
        re.compile(r'"(?:sampler|scheduler|cfg_scale|model_hash|sd_model)"\s*:.*"(?:seed|steps)"\s*:', re.DOTALL),
        "settings of a diffusion model",
    ),
)
_BY_NAME = frozenset({"software", "credit", "generation"})
"""Where programs name themselves; elsewhere the same words may name anybody."""
_BY_SETTINGS = frozenset({"comment", "description", "generation"})
_LOOK = 4_000


def generators(said: Iterable[Said]) -> Iterator[Said]:
    """What among all that was said marks a program that generates. A mark can be put on by anybody, and taken off."""
    for each in said:
        if each.kind == "source_type" and each.value in _SYNTHETIC:
            yield Said("generator", each.value, each.source, {"meaning": _SYNTHETIC[each.value]}, each.where)
        named = _NAMED.search(each.value[:_LOOK]) if each.kind in _BY_NAME else None
        if named:
            yield Said("generator", named[1], each.source, {"meaning": "a program that generates is named"}, each.where)
        for pattern, meaning in _SETTINGS if each.kind in _BY_SETTINGS else ():
            if pattern.search(each.value[:_LOOK]):
                yield Said("generator", meaning, each.source, {"meaning": "settings as such programs leave them"}, each.where)
                break
