"""In which of the 24 languages of the Union a passage is written, and in which script; *unknown* where that cannot be said.

The script is read off the characters first. Which language of that script it is, py3langid estimates (BSD-3-Clause, its model inside
the package): naive Bayes over byte sequences, asked for the 24 and for languages that would be taken for one of them.
"""

from __future__ import annotations

from dataclasses import replace

from grace.analysis.analysers.language.guess import Guess, Model
from grace.analysis.analysers.language.scripts import LANGUAGES, readable, scripts
from grace.sdk.analysis import AnalyserInfo, Cost, Finding, Seen, Subject, Takes, Text
from grace.sdk.signals import Basis

UNKNOWN = "unknown"
SURE_ENOUGH = 2 / 3
"""Below this, being wrong would be more than half as likely as being right: the answer is *unknown*."""
_LEAST_LETTERS, _FEW_LETTERS = 4, 16
"""A text with fewer letters than the first says nothing; with fewer than the second it is called short where it is not clear."""
_INFO = AnalyserInfo(
    name="language",
    version="1",
    cost=Cost.CHEAP,
    licence="Apache-2.0; model and py3langid: BSD-3-Clause",
    takes=Takes.TEXT,
    media=("text/",),
    gives={
        "text.language": "the language as an ISO 639-1 code, or unknown with the reason: script, short, undecided, other",
        "text.script": "the script of most letters as an ISO 15924 code, with the share of each",
    },
)


class Language:
    """The analyser."""

    info = _INFO

    def __init__(self) -> None:
        self._model: Model | None = None

    def warm_up(self) -> None:
        """Load the model: about 60 MB, shared with processes that are forked afterwards."""
        if self._model is None:
            self._model = Model()
            self.info = replace(_INFO, model_digest=self._model.digest)

    def examine(self, subject: Subject) -> Seen:
        """The script and the language of a text; nothing where it has no letters."""
        if not isinstance(subject, Text):
            raise TypeError("The analyser of languages takes texts.")
        text = readable(subject.text)
        shares = scripts(text)
        if not shares:
            return ()
        script = next(iter(shares))
        found = Finding("text.script", script, Basis.OBSERVED, facts={name: f"{share:.2f}" for name, share in shares.items()})
        return found, self._language(text, script)

    def _language(self, text: str, script: str) -> Finding:
        letters = sum(map(str.isalpha, text))
        if script not in LANGUAGES:
            return _unknown("script")
        if letters < _LEAST_LETTERS:
            return _unknown("short")
        if self._model is None:
            raise ValueError("The analyser of languages was not warmed up.")
        guess = self._model.guess(text, script)
        if guess.sureness < SURE_ENOUGH:
            return _unknown("short" if letters < _FEW_LETTERS else "undecided", guess)
        if guess.language not in LANGUAGES[script]:
            return _unknown("other", guess)
        return Finding("text.language", guess.language, Basis.MODEL, confidence=guess.sureness, facts=_second(guess))


def _unknown(reason: str, guess: Guess | None = None) -> Finding:
    likely = {} if guess is None else {"first": guess.language, **_second(guess)}
    return Finding("text.language", UNKNOWN, Basis.MODEL, facts={"reason": reason, **likely})


def _second(guess: Guess) -> dict[str, str]:
    return {"second": guess.second} if guess.second else {}


ANALYSER = Language()
