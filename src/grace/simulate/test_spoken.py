from __future__ import annotations

from dataclasses import replace

from grace.sdk.fields import FIELDS
from grace.simulate.plan import Form, WorldPlan
from grace.simulate.spoken import spoken
from grace.simulate.world import World

WORLD = World(WorldPlan(referrals=12, files_per_referral=2, listed_pictures=2, forms=((Form.LEA_JSON, 1.0),)))


def test_only_fields_of_the_catalogue_are_spoken_of() -> None:
    for index in range(12):
        for form in Form:
            assert set(spoken(WORLD.referral(index), form)) <= set(FIELDS)


def test_each_account_and_each_file_is_told_of() -> None:
    referral = next(each for index in range(12) if len((each := WORLD.referral(index)).accounts) > 1 and each.files)
    said = spoken(referral, Form.GRACE_JSON)
    assert {value for _, value in said["user_id"]} == {account.user_id for account in referral.accounts}
    assert {value for _, value in said["file.md5"]} == {file.digests.md5 for file in referral.files}
    assert len(said["person.role"]) == len(referral.accounts)


def test_a_time_without_a_zone_says_so_but_where_the_form_defines_it() -> None:
    referral = replace(next(each for index in range(12) if (each := WORLD.referral(index)).accounts), zoneless=True)
    assert all(str(value).endswith("(zone not stated)") for _, value in spoken(referral, Form.GRACE_JSON)["ip.at"])
    assert all(str(value).endswith("Z") for form in (Form.PDF, Form.LEA_JSON) for _, value in spoken(referral, form)["ip.at"])


def test_xml_names_its_number_only_beside_files() -> None:
    referral = replace(WORLD.referral(0), files=())
    assert "report.number" not in spoken(referral, Form.TIP_FOLDER)
    assert "report.number" in spoken(referral, Form.MAIL)
