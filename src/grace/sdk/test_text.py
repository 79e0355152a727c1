from grace.sdk.text import storable


def test_nul_and_lone_surrogates_are_shown() -> None:
    assert storable("a\x00b\ud83dc") == "a\u2400b\ufffdc"


def test_other_text_is_the_same_object() -> None:
    text = "Zażółć 🪁 \u2028 \x01"
    assert storable(text) is text
