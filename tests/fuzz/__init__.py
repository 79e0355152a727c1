"""Fuzzing every way in. Part of the tests, not of the benchmarks: what it shows is yes or no, and its corpus is replayed with them.

Two layers. The first feeds bytes to one family of formats at a time, guided by coverage (``hunt``, one process a target, atheris);
the second takes what was found, and mutated documents of the invented world, through the whole intake into PostgreSQL (``house``).
``python -m tests.fuzz --seconds 3600 --corpus DIR`` runs both; ``docs/how-to/fuzz-the-intake.md`` tells what to do with a finding.
"""
