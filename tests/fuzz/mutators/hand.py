"""What a mutator has in its hand: dice, the words of the format, other documents, and a way to twist plain bytes."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grace.sdk.testing import mutate as accident

TEXTS = (
    *(
        "",
        "N/A",
        "null",
        "0",
        "-1",
        "true",
        "7",
        "1e400",
        "9" * 40,
        "a\x00b",
        "\ud800",
        "\u202eabc",
        "e\u0301\u0327" * 9,
        "\u0130\u00df\ufb01",
    ),
    *(
        "192.0.2.7",
        "192.0.2.7:51600",
        "2001:db8::19",
        "[2001:db8::19]:443",
        "::ffff:192.0.2.7",
        "2001:db8::%25eth0",
        "192.0.2.300",
        "192.0.2.7/33",
    ),
    *("ada.sample@example.org", "Ada <ada@example.org>", "@example.org", "ada@[192.0.2.7]", "ada@xn--e1afmkfd.example", "a@b@example.org"),
    *(
        "https://example.net/a?b=c#d",
        "hxxps://example[.]net",
        "http://[2001:db8::19]:99999/",
        "https://xn--\u00e9.example/",
        "http://:@/",
        "data:,x",
    ),
    *(
        "+33639980999",
        "0639980999",
        "+1 (555) 010-0199 ext. 9",
        "+999",
        "tel:+33639980999;ext=1",
        "\u0660\u0661\u0662\u0663\u0664\u0665\u0666",
    ),
    *("2026-03-01T08:00:00Z", "2026-03-01 08:00:00", "03-01-2026 08:00:00 UTC", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"),
    *(
        "2026-02-30",
        "24:60:61",
        "1772352000",
        "99999999999999999999",
        "Sun, 01 Mar 2026 08:00:00 -0000",
        "2026-03-01T08:00:00.123456789+25:00",
    ),
    *(
        "d41d8cd98f00b204e9800998ecf8427e",
        "D41D8CD98F00B204E9800998ECF8427E ",
        "zz" * 16,
        "f" * 64,
        "Z3JlZW4gYmVuY2g=",
        "@quiet_ferry",
        "snap: quiet_ferry",
    ),
    *(
        "../../a",
        "C:\\a\\b",
        "a/b/c.json",
        "report.xml",
        "=cmd()",
        "<b>&amp;</b>",
        "%00%ff",
        "\\u0000",
        "{{7*7}}",
        "'; --",
        "The bench by the lighthouse.",
    ),
)
"""Texts that readers trip over: nothing stated, other alphabets, identifiers and times at their edges, names that lead elsewhere."""


@dataclass(frozen=True, slots=True)
class Hand:
    """``words`` are the names of the format's fields; ``others`` are documents to take pieces from; ``twist`` changes bytes somehow."""

    dice: random.Random
    words: Sequence[str]
    others: Sequence[bytes]
    twist: Callable[[bytes], bytes]

    def happens(self, share: float) -> bool:
        """Whether something happens that does so this often."""
        return self.dice.random() < share

    def word(self) -> str:
        """A name of the format's, or a text that readers trip over."""
        return self.dice.choice(self.words) if self.words and self.happens(0.5) else self.text()

    def text(self) -> str:
        """A text that readers trip over, at times very often."""
        text = self.dice.choice(TEXTS)
        return text * self.dice.choice((2, 40, 900)) if text and self.happens(0.06) else text

    def twisted(self, text: str) -> str:
        """The text with its bytes changed somehow; what is no text any more becomes surrogates, as hostile texts have them."""
        return self.twist(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogateescape")

    def other(self) -> bytes:
        """Another document."""
        return self.dice.choice(self.others) if self.others else b""


def by_accident(dice: random.Random) -> Callable[[bytes], bytes]:
    """A way to twist bytes where no fuzzer lends its own."""
    return lambda content: accident(content, dice) if content else dice.randbytes(4)
