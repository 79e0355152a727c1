"""The zygote: leaves the network, loads what it needs once, and forks a worker for each connection that it is handed.

Started with the number of its control socket, the memory limit of a worker and the layers asked for; then it loads every codec.
With ``analysers`` behind them it loads the analysers, and the codecs of what they are shown. What is said on the control socket:
:mod:`grace.evidence.decoding.program.forking`; with a connection comes a slate.
"""

from __future__ import annotations

import gc
import socket
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from grace.evidence.decoding.layers import Layer
from grace.evidence.decoding.program import (
    analysers,
    archives,
    forking,
    frames,
    lockdown,
    models,
    pages,
    pictures,
    sheets,
    sounds,
    videos,
    worker,
)
from grace.evidence.decoding.program.pdq import Pdq
from grace.evidence.decoding.slate import Mapped
from grace.sdk.analysis import Picture


def main(control: socket.socket, memory_bytes: int, asked: Layer, load: Callable[[], None]) -> None:
    """Serve the control socket until it closes."""
    alone = lockdown.leave_network(asked)  # before anything is loaded: no library calls home, and none has threads yet
    load()
    gc.collect()
    lockdown.return_memory()
    lockdown.close_gaps()
    gc.freeze()  # what is loaded stays: workers need not look through it, and share its pages
    walls = forking.walls(memory_bytes, asked, alone=alone)

    def work(handed: Sequence[int]) -> NoReturn:
        connection, slate = handed
        worker.serve(socket.socket(fileno=connection), Mapped(slate), memory_bytes, walls)

    forking.serve(control, walls, work)


def load_codecs() -> None:
    """Load every codec, and what is loaded at its first use: later a worker can open no file."""
    pictures.warm_up()
    pages.warm_up()
    archives.warm_up()
    videos.warm_up()
    sheets.warm_up()
    Pdq().fingerprint(Picture(70, 80, bytes(70 * 80 * 3)))


def load_analysers() -> None:
    """Load every analyser, the codecs of what they are shown, and what computes models."""
    pictures.warm_up()
    Pdq().fingerprint(Picture(70, 80, bytes(70 * 80 * 3)))
    sounds.warm_up()
    frames.warm_up()
    analysers.warm_up()
    models.warm_up()
    worker.warm_up()


if __name__ == "__main__":
    number, memory, layers, *further = sys.argv[1:]
    main(socket.socket(fileno=int(number)), int(memory), Layer(int(layers)), load_analysers if further == ["analysers"] else load_codecs)
