"""Nothing that generates images is anywhere in the product or its tests (AI Act Art. 5)."""

from __future__ import annotations

import re
import tomllib

from tests.support.source import ROOT, files_of, imports_of

DENIED = frozenset(
    {
        *("diffusers", "stable_diffusion", "stablediffusion", "stability_sdk", "invokeai", "comfyui", "comfy", "k_diffusion"),
        *(
            "dalle_pytorch",
            "dalle2_pytorch",
            "min_dalle",
            "imagen_pytorch",
            "parti_pytorch",
            "muse_maskgit_pytorch",
            "denoising_diffusion_pytorch",
        ),
        *(
            "keras_cv",
            "keras_hub",
            "compel",
            "controlnet_aux",
            "insightface",
            "facefusion",
            "roop",
            "deepfacelab",
            "simswap",
            "stylegan2_pytorch",
        ),
        *("openai", "replicate", "huggingface_hub", "fal_client", "together", "google_genai", "vertexai"),
    }
)


def test_nothing_imports_one() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in files_of("src", "tests", "benchmarks")
        for name in imports_of(path)
        if name.split(".")[0] in DENIED
    ]
    assert found == []


def test_nothing_depends_on_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    names = {re.split(r"[\[<>=~! ]", line)[0].lower().replace("-", "_") for line in wanted}
    assert names & DENIED == set()
