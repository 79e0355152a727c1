"""The kind of a picture from its features: one weight for each feature and kind, fitted to drawn pictures (``benchmarks/fit_picture_kind.py``).

The weights stand in ``kinds.json``, so that everybody can read what speaks for what; the features are scaled to mean 0 and spread 1 of
the drawn pictures, and cut at 3, so that nothing unheard-of decides alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from grace.analysis.analysers.picture.features import Features

Numbers = npt.NDArray[np.float64]
_MOST = 3


@dataclass(frozen=True, slots=True)
class Kinds:
    """``weights`` has a row for each kind, a column for each feature and one for what is always there."""

    names: tuple[str, ...]
    means: Numbers
    spreads: Numbers
    weights: Numbers

    def shares(self, seen: Features) -> dict[str, float]:
        """How likely each kind is; they sum to one."""
        scaled = np.clip((seen.row() - self.means) / self.spreads, -_MOST, _MOST)
        said = self.weights @ np.append(scaled, 1)
        raised = np.exp(said - said.max())
        return dict(zip(self.names, (raised / raised.sum()).tolist(), strict=True))


def read() -> tuple[Kinds, str]:
    """The weights, and their digest."""
    content = (files(__package__) / "kinds.json").read_bytes()
    held = json.loads(content)
    arrays = (np.array(held[part], np.float64) for part in ("means", "spreads", "weights"))
    return Kinds(tuple(held["names"]), *arrays), sha256(content).hexdigest()
