"""Several ``grace`` commands in one process, for tests that would else wait for each to start: a list of lists of words in, what each said out."""

from __future__ import annotations

import json
import sys

from click.testing import CliRunner

from grace.cli.main import main

if __name__ == "__main__":
    said = []
    for words in json.loads(sys.argv[1]):
        done = CliRunner().invoke(main, words)
        said.append({"code": done.exit_code, "out": done.stdout, "err": done.stderr})
    print(json.dumps(said))
