"""A benign invented world with the truth known, for the demo, tests, benchmarks and validation.

A frozen ``WorldPlan`` and a seed give documents as the outside would send them, each with its ``Truth``; document i is
found without the others, so a million referrals need no more memory than one. Nobody in it exists: addresses, domains
and telephone numbers are set aside for documentation and drama, pictures show landscapes, shapes and text cards, texts
speak of boats and weather. Imports ``grace.sdk`` and ``grace.kernel`` only and shares no code with the readers.
"""
