"""A decoding program whose workers also try to break out. Tests alone start it, by its name; nothing in the product knows it.

Started as the real program is, with the user to become behind it. It is the real program in all but one more operation,
and that no codec is warmed up.
"""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

from grace.evidence.decoding.layers import Layer
from grace.evidence.decoding.port import Limits
from grace.evidence.decoding.program import __main__ as program
from grace.evidence.decoding.program import worker
from tests.support.attempts import outcome


def _escape(content: bytes, limits: Limits, request: dict[str, Any]) -> worker.Answer:
    del content, limits
    return {"outcome": outcome(request)}, b""


if __name__ == "__main__":
    control, memory, layers, user = (int(each) for each in sys.argv[1:])
    if user != os.getuid():
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    worker._OPERATIONS["escape"] = _escape
    program.main(socket.socket(fileno=control), memory, Layer(layers), lambda: None)  # nothing is decoded, and this is much faster
