"""Train the small classifier of boats, bridges and stairs, on drawings alone, and write its folder.

``OPENBLAS_NUM_THREADS=1 python -m training.stand_ins FOLDER`` (some minutes of one processor). The same program on the same machine gives the same graph, byte for
byte. With ``--sign-once`` the folder is signed by a key that is thrown away afterwards: nobody can sign another in its name. ``keys.json`` beside the
folder holds the public half, which the product takes for its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import numpy as np
import numpy.typing as npt
import onnx
import torch
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from grace.analysis.analysers.classifier.runtime import OnnxRuntime
from grace.analysis.analysers.classifier.tensors import of_picture
from grace.analysis.register.calibrate import scores
from grace.analysis.register.folder import GRAPH, PASSPORT, SIGNATURES, Signature, Signatures, signed_bytes
from grace.analysis.register.passport import Card, Counts, GraphFile, Label, Measured, Passport, Privacy, Slice, Temperature, write_passport
from grace.sdk.models import PictureInput
from grace.sdk.shape import told
from grace.simulate.looks import Change, change
from grace.simulate.stand_ins import StandIn, draw

SEED, EPOCHS, BATCH = 20261126, 24, 64
SETS = {"train": 800, "calibrate": 250, "held-out": 400}
"""Drawings of each kind."""
MADE = PictureInput("picture", 64, "stretch", "nchw", (0.5, 0.5, 0.5), (0.25, 0.25, 0.25))
KINDS = tuple(StandIn)
SIGNER = UUID("00000000-0000-4000-8000-67726163656d")
LEAST_PRECISION = 0.97
MADE_AT = datetime(2026, 11, 26, tzinfo=UTC)
Numbers = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One drawing: its tensor, what it shows, and the slices that it belongs to."""

    tensor: Numbers
    kind: int
    slices: tuple[str, ...]


def drawings(name: str) -> Iterator[Drawn]:
    """The drawings of a set; no set shares a key with another."""
    for index in range(SETS[name]):
        for kind, what in enumerate(KINDS):
            small = index % 4 == 3
            image = draw(what, name, index, small=small)
            slices = ["small in the picture" if small and what is not StandIn.OTHER else "large in the picture"]
            if index % 2:
                how = tuple(Change)[(index // 2 + kind) % len(Change)]
                image = change(image, how, name, index, what.value)
                slices += ["changed on the way", *(["without colours"] if how is Change.GREY else [])]
            else:
                slices.append("as drawn")
            pixels = np.asarray(image.convert("RGB"))
            yield Drawn(of_picture(pixels, MADE)[0], kind, tuple(slices))


class Net(nn.Module):
    """Four convolutions, the mean, and one linear layer: some 35,000 numbers."""

    def __init__(self) -> None:
        super().__init__()
        widths = ((3, 16), (16, 32), (32, 48), (48, 48))
        self.folds = nn.ModuleList(nn.Conv2d(a, b, 3, stride=2, padding=1, bias=False) for a, b in widths)
        self.norms = nn.ModuleList(nn.BatchNorm2d(b) for _, b in widths)
        self.last = nn.Linear(48 * 4, len(KINDS))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """One number for each kind."""
        for fold, norm in zip(self.folds, self.norms, strict=True):
            x = torch.relu(norm(fold(x)))
        pooled: torch.Tensor = nn.functional.avg_pool2d(x, 2).flatten(1)
        given: torch.Tensor = self.last(pooled)
        return given


def trained(data: Sequence[Drawn]) -> Net:
    """The net after all epochs, from one seed on one thread."""
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(mode=True)
    net = Net()
    pictures, kinds = torch.from_numpy(np.stack([each.tensor for each in data])), torch.tensor([each.kind for each in data])
    steps = EPOCHS * (len(data) // BATCH)
    optimiser = torch.optim.AdamW(net.parameters(), lr=0.004, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 0.004, total_steps=steps)
    for epoch in range(EPOCHS):
        net.train()
        order = torch.randperm(len(data))
        total = 0.0
        for start in range(0, len(data) - BATCH + 1, BATCH):
            chosen = order[start : start + BATCH]
            given = net(torch.flip(pictures[chosen], (3,)) if torch.rand(()) < 0.5 else pictures[chosen])
            loss = nn.functional.cross_entropy(given, kinds[chosen], label_smoothing=0.02)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1}/{EPOCHS}: loss {total / (len(data) // BATCH):.4f}", flush=True)
    net.eval()
    return net


def graph_of(net: Net) -> bytes:
    """The net as ONNX, each normalisation folded into its convolution."""
    nodes, tensors, flow = [], [], "picture"
    for index, (fold, norm) in enumerate(zip(net.folds, net.norms, strict=True)):
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        weights = (fold.weight * scale[:, None, None, None]).detach().numpy()
        offset = (norm.bias - norm.running_mean * scale).detach().numpy()
        tensors += [numpy_helper.from_array(weights, f"w{index}"), numpy_helper.from_array(offset, f"b{index}")]
        nodes += [
            helper.make_node(
                "Conv", [flow, f"w{index}", f"b{index}"], [f"c{index}"], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]
            ),
            helper.make_node("Relu", [f"c{index}"], [f"r{index}"]),
        ]
        flow = f"r{index}"
    tensors += [numpy_helper.from_array(each.detach().numpy(), name) for name, each in (("w", net.last.weight), ("b", net.last.bias))]
    nodes += [
        helper.make_node("AveragePool", [flow], ["pooled"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        helper.make_node("Gemm", ["flat", "w", "b"], ["given"], transB=1),
    ]
    doors = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, sides)
        for name, sides in (("picture", MADE.shape), ("given", (1, len(KINDS))))
    ]
    graph = helper.make_graph(nodes, "stand-ins", doors[:1], doors[1:], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="training.stand_ins")
    model.ir_version = 8
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def outputs_of(graph: bytes, data: Sequence[Drawn]) -> Numbers:
    """What the exported graph gives, one by one as in the product."""
    runtime = OnnxRuntime()
    runtime.warm_up()
    session = runtime.load(graph, MADE, len(KINDS))._session  # noqa: SLF001 - the tensors are there already
    return np.stack([session.run(None, {"picture": each.tensor[None]})[0][0] for each in data])


def temperature_of(outputs: Numbers, kinds: Sequence[int]) -> float:
    """The temperature with the least cross entropy, to two decimals."""

    def entropy(value: float) -> float:
        scaled = outputs.astype(np.float64) / value
        scaled -= scaled.max(axis=1, keepdims=True)
        chances = np.exp(scaled) / np.exp(scaled).sum(axis=1, keepdims=True)
        return float(-np.log(chances[np.arange(len(kinds)), kinds] + 1e-12).mean())

    return min((round(0.3 + step / 100, 2) for step in range(300)), key=entropy)


def threshold_of(told_: Sequence[float], is_it: Sequence[bool]) -> float:
    """The lowest score, to two decimals and at least a half, from which on :data:`LEAST_PRECISION` of what is told is right."""
    for step in range(50, 100):
        heard = [right for score, right in zip(told_, is_it, strict=True) if score >= step / 100]
        if heard and sum(heard) / len(heard) >= LEAST_PRECISION:
            return step / 100
    return 0.99


def slices_of(passport_scores: Sequence[Sequence[float]], data: Sequence[Drawn], labels: Sequence[Label]) -> tuple[Slice, ...]:
    """How each label did on the whole and on each slice."""
    described = {
        "all": "every held-out drawing",
        "as drawn": "drawings as they were made",
        "changed on the way": "made smaller, compressed, cropped, framed, captioned, mirrored, lighter, darker or grey",
        "without colours": "of these, those made grey",
        "large in the picture": "the thing takes 42 to 95 % of the width, or there is none",
        "small in the picture": "the thing takes 20 to 34 % of the width",
    }
    told_slices = []
    for name, means in described.items():
        chosen = [index for index, each in enumerate(data) if name == "all" or name in each.slices]
        measured = []
        for place, label in enumerate(labels):
            if label.term:
                pairs = [(passport_scores[index][place] >= label.threshold, data[index].kind == place) for index in chosen]
                counts = Counts(*(pairs.count(each) for each in ((True, True), (True, False), (False, True), (False, False))))
                measured.append(Measured(label.name, counts))
        told_slices.append(Slice(name, means, tuple(measured)))
    return tuple(told_slices)


def calibration_error(passport_scores: Sequence[Sequence[float]], kinds: Sequence[int]) -> float:
    """Expected calibration error of the highest score, over ten bins."""
    highest = [
        (max(each), each.index(max(each)) == kind)
        for each, kind in ((tuple(one), kind) for one, kind in zip(passport_scores, kinds, strict=True))
    ]
    total = 0.0
    for low in range(10):
        inside = [(score, right) for score, right in highest if low / 10 < score <= (low + 1) / 10]
        if inside:
            total += abs(sum(score for score, _ in inside) - sum(right for _, right in inside))
    return round(total / len(highest), 4)


def passport_of(graph: bytes, calibrate: Sequence[Drawn], held_out: Sequence[Drawn]) -> Passport:
    """The passport, with everything measured on the exported graph."""
    outputs = outputs_of(graph, calibrate)
    temperature = Temperature("temperature", temperature_of(outputs, [each.kind for each in calibrate]))
    means = {StandIn.BOAT: "a boat", StandIn.BRIDGE: "a bridge", StandIn.STAIRS: "stairs", StandIn.OTHER: "none of them"}
    chosen = f"the least score with a precision of {LEAST_PRECISION} on the calibration set"
    blank = tuple(
        Label(
            each.value,
            "" if each is StandIn.OTHER else f"object.{each.value}",
            means[each],
            0.5,
            "never told" if each is StandIn.OTHER else chosen,
        )
        for each in KINDS
    )
    card = Card(
        purpose="To show and test the whole path of a model, from import to findings, with harmless pictures. It helps with no real case.",
        limits="It knows drawings of three kinds that one program makes, and nothing else: on photographs its scores mean nothing. "
        "It has never seen a person. It looks at colours as much as at forms: without colours it misses most. Of things that take less than "
        "a third of the width it misses most, and of pictures that were changed on the way about half.",
        training_data=f"{SETS['train']} drawings of each of four kinds (boat, bridge, stairs, none of them), made by grace.simulate.stand_ins "
        "from keys; half of them changed as pictures are on their way. No photograph, no file of any case, no person.",
        held_out_data=f"{SETS['held-out']} drawings of each kind from other keys, by the same program: the figures say how well it knows that program, "
        f"not the world. Thresholds and temperature were chosen on {SETS['calibrate']} further ones of each kind.",
        licence_of_data="Apache-2.0, made by this project",
        trained_by="python -m training.stand_ins, of the GRACE project",
        calibration_error=0.0,
        privacy=Privacy(None, None, "no personal data: nothing to protect"),
        slices=(Slice("all", "not measured yet", tuple(Measured(each.name, Counts(0, 0, 0, 0)) for each in blank if each.term)),),
    )
    draft = Passport(
        format="grace-model-passport",
        format_version=1,
        name="stand-ins",
        version="1",
        made_at=MADE_AT,
        licence="Apache-2.0",
        cost="normal",
        graph=GraphFile(hashlib.sha256(graph).hexdigest(), len(graph)),
        input=MADE,
        calibration=temperature,
        scheme="grace-stand-ins",
        labels=blank,
        card=card,
    )
    tried = [scores(draft, [float(x) for x in each]) for each in outputs]
    labels = tuple(
        replace(label, threshold=threshold_of([each[place] for each in tried], [each.kind == place for each in calibrate]))
        if label.term
        else label
        for place, label in enumerate(blank)
    )
    final = [scores(draft, [float(x) for x in each]) for each in outputs_of(graph, held_out)]
    error = calibration_error(final, [each.kind for each in held_out])
    return replace(draft, labels=labels, card=replace(card, slices=slices_of(final, held_out, labels), calibration_error=error))


def sign_once(folder: Path, raw: bytes) -> None:
    """Sign with a key that nobody keeps."""
    key = Ed25519PrivateKey.generate()
    public = b64encode(key.public_key().public_bytes_raw()).decode()
    made = Signature(str(SIGNER), public, b64encode(key.sign(signed_bytes(raw))).decode())
    (folder / SIGNATURES).write_text(json.dumps(told(Signatures((made,))), indent=1) + "\n", encoding="utf-8")
    (folder.parent / "keys.json").write_text(json.dumps([public]) + "\n", encoding="utf-8")


def main() -> None:
    """Train, export, measure, write."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--sign-once", action="store_true")
    options = asked.parse_args()
    data = {}
    for name in SETS:
        data[name] = list(drawings(name))
        print(f"{name}: {len(data[name])} drawings", flush=True)
    net = trained(data["train"])
    graph = graph_of(net)
    with torch.no_grad():
        some = torch.from_numpy(np.stack([each.tensor for each in data["calibrate"][:50]]))
        farthest = float(np.abs(net(some).numpy() - outputs_of(graph, data["calibrate"][:50])).max())
    print(f"graph: {len(graph)} bytes, {hashlib.sha256(graph).hexdigest()}; farthest from PyTorch {farthest:.1e}")
    passport = passport_of(graph, data["calibrate"], data["held-out"])
    raw = write_passport(passport)
    options.folder.mkdir(parents=True, exist_ok=True)
    (options.folder / GRAPH).write_bytes(graph)
    (options.folder / PASSPORT).write_bytes(raw)
    if options.sign_once:
        sign_once(options.folder, raw)
    for each in passport.card.slices:
        print(each.name, *(f"{one.label}: {told(one.counts)}" for one in each.labels), sep="\n  ")


if __name__ == "__main__":
    main()
