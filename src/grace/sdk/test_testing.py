import pytest

from grace.sdk.analysis import AnalyserInfo, Cost, Finding, Fingerprint, Picture, Seen, Subject, Takes, Text
from grace.sdk.signals import Basis
from grace.sdk.testing import AnalyserContract, HasherContract, IntakeFormatContract


class _Mean:
    """A hasher of one byte: the mean brightness."""

    algorithm = "mean"
    version = "1"

    def fingerprint(self, picture: Picture) -> Fingerprint:
        if picture.width < 1 or picture.width * picture.height * 3 != len(picture.rgb):
            raise ValueError("the pixels do not fill the picture")
        return Fingerprint("mean", bytes([sum(picture.rgb) // len(picture.rgb)]), 100)


class _Length:
    """An analyser of one fact: how long a text is."""

    info = AnalyserInfo("length", "1", Cost.CHEAP, "Apache-2.0", Takes.TEXT, {"length": "how many characters a text has"})

    def warm_up(self) -> None:
        pass

    def examine(self, subject: Subject) -> Seen:
        if not isinstance(subject, Text):
            raise TypeError("takes text only")
        return (Finding("length", str(len(subject.text)), Basis.OBSERVED),)


class TestMean(HasherContract):
    hasher = _Mean()


class TestLength(AnalyserContract):
    analyser = _Length()


class _Careless:
    """A format that breaks the contract: it lets errors of its own escape, and is sure of everything."""

    name = "careless"
    version = "1"
    carries = frozenset({"everything"})

    def recognises(self, package: object) -> float:
        return 1.0 if package else 0.5

    def read(self, package: dict[str, object]) -> tuple[object, ...]:
        return (package["missing"],)

    def examples(self) -> tuple[dict[str, bytes], ...]:
        return ({"a": b"{}"},)


@pytest.mark.parametrize("clause", [name for name in dir(IntakeFormatContract) if name.startswith("test_") and "names" not in name])
def test_a_format_that_breaks_the_contract_fails(clause: str) -> None:
    contract = IntakeFormatContract()
    contract.format = _Careless()  # type: ignore[assignment]
    with pytest.raises((AssertionError, KeyError)):
        getattr(contract, clause)()
