"""Small invented mails: they feed the contract tests and the documentation."""

from __future__ import annotations

from collections.abc import Mapping

_PLAIN = b"""Return-Path: <desk@hotline.example.org>
Message-ID: <20261103.1@hotline.example.org>
Date: Tue, 03 Nov 2026 09:15:00 +0100
From: "Example Hotline" <desk@hotline.example.org>
To: referrals@unit.example
Subject: A page that a caller told us of
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Dear colleagues,

a caller told us of the page https://pages.example.net/lighthouse and
of the account quiet_ferry there.

Example Hotline
"""
_REPORT = b"""Message-ID: <20261104.2@example.org>
Date: Wed, 04 Nov 2026 10:00:00 +0000
From: desk@example.org
To: referrals@unit.example
Subject: CyberTipline Report 210000951
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

CyberTipline Report 210000951
Priority Level: 2
Received by NCMEC on 11-03-2026 20:00:00 UTC
Section A: Reported Information
Submitter: Example Provider
Incident Type: Misleading Domain Name
Incident Time: 11-03-2026 19:30:00 UTC
Suspect
Name: Ada Sample
Email Address: ada.sample@post.example.net (Verified)
IP Address: 192.0.2.19 (Login)
Port: 51600
11-03-2026 19:29:30 UTC
This concludes Section A
"""

EXAMPLES: tuple[Mapping[str, bytes], ...] = ({"mail.eml": _PLAIN}, {"report.eml": _REPORT.replace(b"\n", b"\r\n")})
