"""Intake of mixed formats, one report in each of six forms in turn by chance; speed by how full the base is.

    python benchmarks/bench_mixed.py [DOCUMENTS]     (default 100,000: about half an hour)

LEA JSON, CyberTipline XML in a ZIP, the PDF, a mail with labelled lines, a mail with the JSON attached, and our own JSON;
no files; duplicates, versions and flawed documents among them. Each is sealed, read, recorded, routed, scored, queued and
told to the ledger; a PDF's text is taken out in the limited process.
"""

from __future__ import annotations

import sys

from bench_intake import Workload, measure

from grace.simulate.plan import Form, WorldPlan

FORMS = (Form.LEA_JSON, Form.TIP_ZIP, Form.PDF, Form.MAIL, Form.MAIL_JSON, Form.GRACE_JSON)


def mixed(documents: int) -> Workload:
    plan = WorldPlan(
        referrals=documents,
        files_per_referral=0,
        near_share=0,
        known_share=0,
        listed_pictures=1,
        forms=tuple((form, 1.0) for form in FORMS),
    )
    return Workload(plan, max(1, documents // 10), 40, 0.9)


if __name__ == "__main__":
    measure(mixed(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
