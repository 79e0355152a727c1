"""Alerts with several workers, and from a worker's own loop."""

from __future__ import annotations

from typing import Any

from django.db import connection

from grace.pipeline import alert as pipeline
from grace.pipeline.alert import Round
from tests.support import ground
from tests.support.deliveries import raise_two
from tests.support.hooks import listening
from tests.support.people import make_unit
from tests.support.working import work_off


def test_an_alert_that_another_worker_holds_is_passed_over(committed_db: None, settings: Any) -> None:
    settings.GRACE_ALERT_EMAIL = "duty@agency.example"
    raise_two(make_unit("Harbour Unit"))
    with ground.connect_app(connection.settings_dict["NAME"]) as other, other.transaction():
        other.execute("SELECT 1 FROM casework_alert ORDER BY raised_at LIMIT 1 FOR UPDATE")
        assert pipeline.send_due() == Round(1, 0)
    assert pipeline.send_due() == Round(1, 0)


def test_a_worker_sends_what_came_in(committed_db: None, settings: Any) -> None:
    with listening() as hook:
        settings.GRACE_ALERT_WEBHOOK = hook.address
        raise_two(make_unit("Harbour Unit"))
        work_off()
        assert len(hook.told) == 2
