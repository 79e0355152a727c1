"""The PyPI client ncmec-cybertip as it is published, driven against a server: ``report.py ADDRESS LOGIN SECRET``.

Only the base URL is set from outside; prints what came back, as JSON. All data is invented. Needs Python 3.13, as the client does.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable
from datetime import UTC, datetime

import ncmec_cybertip as tip

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


def report() -> tip.Report:
    """A report with everything that this client writes otherwise than the schema, or that the schema does not have yet."""
    person = tip.Person(first_name="Bea", age=30, age_assertion_discrepancy=True, email=[tip.Email(value="b@example.org", verified=True)])
    account = tip.AssociatedAccount(account_type=tip.AssociatedAccountType.LINKED, third_party_user=True, platform="Pix Example")
    capture = tip.IpCaptureEvent(ip_address="192.0.2.7", event_name=tip.EventName.LOGIN, date_time=AT, port=51600)
    return tip.Report(
        incident_summary=tip.IncidentSummary(
            incident_type=tip.IncidentType.MISLEADING_DOMAIN_NAME,
            platform="Chat Example",
            report_annotations=tip.ReportAnnotations(informational=True),
            incident_date_time=AT,
        ),
        internet_details=[tip.InternetDetails(web_page_incident=tip.WebPageIncident(url=["https://chat.example.com/u/1"]))],
        law_enforcement=tip.LawEnforcement(agency_name="Example Police", flea_country="BE"),
        reporter=tip.Reporter(reporting_person=tip.Person(first_name="Ada", email=[tip.Email(value="trust@chat.example.com")])),
        person_or_user_reported=tip.PersonOrUserReported(
            person=person, esp_identifier="python-1", ip_capture_event=[capture], associated_account=[account]
        ),
    )


async def refusal(work: Awaitable[object]) -> int:
    """The code with which a call is refused; 0 where it is not."""
    try:
        await work
    except tip.ApiError as error:
        return int(error.response_code)
    return 0


async def main(address: str, login: str, secret: str) -> dict[str, object]:
    """A whole cycle, a retracted report, and a few refusals."""
    async with tip.CyberTiplineClient(username=login, password=secret, base_url=address) as client:
        status = await client.status()
        schema = await client.get_xsd()
        number = (await client.submit(report())).report_id
        uploads = []
        for name, content in (("one.txt", b"Hello"), ("two.txt", b"Hello again")):
            file = await client.upload(number, content, filename=name)
            uploads.append({"fileId": file.file_id, "hash": file.hash, "text": content.decode()})
            pairs = tip.Details(name_value_pair=[tip.NameValuePair(type=tip.DetailsType.EXIF, name="Make", value="ExampleCam")])
            await client.file_info(
                tip.FileDetails(
                    report_id=number,
                    file_id=file.file_id,
                    original_file_name=name,
                    file_viewed_by_esp=True,
                    file_annotations=tip.FileAnnotations(viral=True),
                    original_file_hash=tip.file_hashes(content),
                    details=[pairs],
                )
            )
        finished = await client.finish(number)
        other = (await client.submit(report())).report_id
        retracted = await client.retract(other)
        said = {
            "status": status.response_description,
            "schema": len(schema),
            "id": number,
            "uploads": uploads,
            "finished": [f"{each:032}" for each in finished.file_ids],
            "again": await refusal(client.finish(number)),
            "other": other,
            "retracted": retracted.response_code,
            "retractedAgain": await refusal(client.retract(other)),
            "unknown": await refusal(client.upload(99, b"x")),
        }
    async with tip.CyberTiplineClient(username=login, password="wrong", base_url=address) as stranger:
        return said | {"stranger": await refusal(stranger.status())}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(*sys.argv[1:]))))
