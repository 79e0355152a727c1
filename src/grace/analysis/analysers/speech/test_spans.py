from itertools import pairwise

from grace.analysis.analysers.speech.spans import Span, spans

WINDOW = 32


def cut(*runs: tuple[float, int]) -> list[tuple[int, int]]:
    likelihoods = [likely for likely, times in runs for _ in range(times)]
    return [(span.start, span.end) for span in spans(likelihoods, WINDOW, len(likelihoods) * WINDOW)]


def test_speech_between_silence() -> None:
    assert cut((0.0, 10), (0.9, 20), (0.0, 10)) == [(290, 990)]


def test_a_scrap_is_no_speech() -> None:
    assert cut((0.0, 10), (0.9, 7), (0.0, 10)) == []


def test_a_short_pause_is_part_of_speech() -> None:
    assert cut((0.9, 10), (0.1, 3), (0.9, 10)) == [(0, 736)]
    assert len(cut((0.9, 10), (0.1, 4), (0.9, 10))) == 2


def test_neither_high_nor_low_goes_on() -> None:
    assert cut((0.9, 10), (0.4, 20), (0.9, 10)) == [(0, 1280)]
    assert cut((0.4, 40)) == []


def test_speech_to_the_end_ends_with_the_sound() -> None:
    assert spans([0.8] * 10, WINDOW, 311) == (Span(0, 311, spans([0.8] * 10, WINDOW, 311)[0].sureness),)


def test_spans_do_not_touch() -> None:
    found = cut((0.9, 10), (0.0, 4), (0.9, 10), (0.0, 4), (0.9, 10))
    assert len(found) == 3
    assert all(first[1] < second[0] for first, second in pairwise(found))


def test_nothing_gives_nothing() -> None:
    assert spans([], WINDOW, 0) == ()
