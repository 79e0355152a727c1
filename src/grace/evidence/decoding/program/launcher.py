"""Starts external programs behind walls: forks for each connection, takes a request, and becomes the program.

Started as the decoding program is (:mod:`grace.evidence.decoding.program.forking`), with the names of the programs that it may start
behind. With a connection comes memory that nobody can change any more: what the program reads. The request names the program and one of
its tasks; what it writes goes over the connection until that ends. Standard library only, and nothing of it that decodes.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NoReturn

from grace.evidence.decoding import wire
from grace.evidence.decoding.layers import Layer, Walls
from grace.evidence.decoding.program import forking, lockdown, outside, tools
from grace.evidence.decoding.program.tools import Missing, Tool

NOT_STARTED = 127
"""How the child ends where it did not become the program."""
Found = Mapping[str, Tool | Missing]


def main(control: socket.socket, memory_bytes: int, asked: Layer, found: Found) -> None:
    """Serve the control socket until it closes."""
    walls = forking.walls(memory_bytes, asked, _left({}, outside.Start("/")), alone=lockdown.leave_network(asked))
    forking.serve(control, walls, lambda handed: _serve(handed, memory_bytes, walls, found))


def _serve(handed: Sequence[int], memory_bytes: int, walls: Walls, found: Found) -> NoReturn:
    try:
        lockdown.keep_only(*handed)
        connection, memory = socket.socket(fileno=handed[0]), handed[1]
        request = wire.receive(connection)
        if "tool" not in request:
            connection.sendall(json.dumps({name: each.told() for name, each in found.items()}).encode())
            os._exit(0)
        tool = found[request["tool"]]
        if isinstance(tool, Tool):
            os.dup2(memory, 0)
            os.dup2(connection.fileno(), 1)
            lockdown.keep_only()
            lockdown.allow_cpu(request["cpu_seconds"])
            _become(tool, tool.tasks[request["task"]], memory_bytes, walls)
    finally:
        os._exit(NOT_STARTED)


def _become(tool: Tool, arguments: Sequence[str], memory_bytes: int, walls: Walls) -> None:
    start = outside.Start(tool.path)
    if lockdown.give_up(memory_bytes, walls.layers, _left(tool.files, start)) == walls.of_each:
        start.start((tool.path, *arguments), tools.ENVIRONMENT)


def _left(files: Mapping[str, int], start: outside.Start) -> lockdown.Left:
    return lockdown.Left(files, outside.DESCRIPTORS, partial(outside.code_of, start=start))


if __name__ == "__main__":
    number, memory_, layers, *names = sys.argv[1:]
    main(socket.socket(fileno=int(number)), int(memory_), Layer(int(layers)), {name: tools.find(name) for name in names})
