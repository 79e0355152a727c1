"""The jobs of the API's own table."""

from __future__ import annotations

from procrastinate.contrib.django import app

from grace.api import idempotency
from grace.custody.declare import nothing_personal


@app.periodic(cron="17 * * * *")
@app.task(name="api.forget_answers", queue="house", queueing_lock="api.forget_answers")
@nothing_personal
def forget_answers(timestamp: int) -> None:
    """Every hour: forget answers to idempotency keys that are older than they have to be kept."""
    del timestamp
    idempotency.prune()
