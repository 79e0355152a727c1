"""What the statistical model says of a text, with a sureness that was held against known texts."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass

from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

from grace.analysis.analysers.language.scripts import LANGUAGES, codes

_BESIDE: Mapping[str, frozenset[str]] = {
    "Latn": codes("af az bs ca cy eu fo gl id is lb ms nn no oc so sq sr sw tl tr uz vi zxx"),
    "Cyrl": codes("be kk ky mk mn ru sr tg tt uk"),
    "Grek": frozenset(),
}
"""Languages that would be taken for one of the 24, by script; ``zxx`` is what is no language, as in code."""
_AS_ONE = {"Latn": {"bs": "hr", "sr": "hr"}, "Cyrl": {}, "Grek": {}}
"""Bosnian and Serbian in Latin letters are read as Croatian: short texts do not tell them apart."""
_GAIN, _SLOPE = 1.3, 1.6
"""The line from the model's log odds to those that held on translated user interfaces (Django's, 23 languages): the model is too modest."""
_SUREST = 0.999


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest language, how sure, and the next likely one (empty where there is none); codes of ISO 639-1."""

    language: str
    sureness: float
    second: str


class Model:
    """py3langid's model, cut down to the languages asked for: about 60 MB, most of it arrays that forks share."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256((MODEL_DIR / MODEL_FILE).read_bytes()).hexdigest()
        whole = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        whole.set_languages(sorted(frozenset().union(*LANGUAGES.values(), *_BESIDE.values())))
        # Made anew from the part: the whole would stay in memory beside it.
        self._part = LanguageIdentifier(
            whole.nb_ptc, whole.nb_pc, whole.nb_classes, whole.tk_nextmove, whole.tk_output, norm_probs=True, tk_row=whole.tk_row
        )

    def guess(self, text: str, script: str) -> Guess:
        """The likeliest of the languages written in this script, which is one of ``LANGUAGES``."""
        asked = LANGUAGES[script] | _BESIDE[script]
        shares: dict[str, float] = {}
        for language, share in self._part.rank(text):
            name = _AS_ONE[script].get(language, language)
            if language in asked:
                shares[name] = max(share, shares.get(name, 0.0))
        whole = sum(shares.values())
        (first, most), (second, _) = (*sorted(shares.items(), key=lambda each: (-each[1], each[0])), ("", 0.0))[:2]
        return Guess(first, _sureness(most / whole) if whole else 0.0, second)


def _sureness(share: float) -> float:
    if share >= 1:
        return _SUREST
    if share <= 0:
        return 0.0
    return round(min(_SUREST, 1 / (1 + math.exp(-_GAIN - _SLOPE * math.log(share / (1 - share))))), 3)
