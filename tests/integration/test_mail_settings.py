"""Where mail goes is the operator's to say."""

from __future__ import annotations

import pytest

from grace.host import environment
from grace.host.errors import WrongSetting


def test_the_mail_server_is_set_by_variables() -> None:
    found = environment.read({"GRACE_SMTP_HOST": "mail.agency.example", "GRACE_SMTP_PORT": "587", "GRACE_SMTP_TLS": "starttls"})
    assert (found.smtp_host, found.smtp_port, found.smtp_tls) == ("mail.agency.example", 587, "starttls")


@pytest.mark.parametrize(
    "wrong", [{"GRACE_SMTP_TLS": "perhaps"}, {"GRACE_SMTP_PORT": "0"}, {"GRACE_ALERT_WEBHOOK": "http://hook.example/"}]
)
def test_a_wrong_one_stops_the_start(wrong: dict[str, str]) -> None:
    with pytest.raises(WrongSetting):
        environment.read(wrong)
