"""Small invented reports: they feed the contract tests and the documentation."""

from __future__ import annotations

from collections.abc import Mapping

_REPORT = b"""<?xml version="1.0" encoding="UTF-8"?>
<report>
  <incidentSummary>
    <incidentType>Misleading Domain Name</incidentType>
    <incidentDateTime>2026-03-01T08:00:00Z</incidentDateTime>
  </incidentSummary>
  <reporter>
    <reportingPerson>
      <firstName>Ada</firstName>
      <lastName>Sample</lastName>
      <email type="Business">trust@chat.example.com</email>
    </reportingPerson>
  </reporter>
  <personOrUserReported>
    <espIdentifier>u-1</espIdentifier>
    <ipCaptureEvent>
      <ipAddress>192.0.2.7</ipAddress>
      <eventName>Upload</eventName>
      <dateTime>2026-03-01T07:59:00Z</dateTime>
      <port>51600</port>
    </ipCaptureEvent>
  </personOrUserReported>
</report>
"""
_FILE = b"""<?xml version="1.0" encoding="UTF-8"?>
<fileDetails>
  <reportId>4700901</reportId>
  <fileId>00000000000000000000000000000001</fileId>
  <originalFileName>card.txt</originalFileName>
  <fileViewedByEsp>true</fileViewedByEsp>
  <originalFileHash hashType="MD5">3e25960a79dbc69b674cd4ec67a72c62</originalFileHash>
</fileDetails>
"""

EXAMPLES: tuple[Mapping[str, bytes], ...] = (
    {"report.xml": _REPORT},
    {"report.xml": _REPORT, "fileDetails_1.xml": _FILE, "card.txt": b"Hello world"},
)
