"""Small invented reports, each a PDF made by hand: they feed the contract tests and the documentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LINES: tuple[str, ...] = (
    "CyberTipline Report 210000961",
    "Priority Level: 3",
    "Received by NCMEC on 03-05-2025 08:15:00 UTC",
    "Executive Summary",
    "Incident Type: Apparent Misleading Domain Name",
    "Section A: Reported Information",
    "Submitter: Example Provider",
    "Incident Type: Misleading Domain Name",
    "Incident Time: 03-04-2025 21:10:09 UTC",
    "Suspect",
    "Name: Ada Sample",
    "Date of Birth: 05-17-1991",
    "Email Address: ada.sample@post.example.net (Verified)",
    "ESP User ID: u-1",
    "IP Address: 2001:0db8:0000:0000:0000:0000:0000:0019 (Login)",
    "Port: 51600",
    "03-04-2025 21:09:30 UTC",
    "Number of uploaded files: 1",
    "Filename: card.txt",
    "MD5: 3e25960a79dbc69b674cd4ec67a72c62",
    "Did Reporting ESP view entire contents of uploaded file? Yes",
    "This concludes Section A",
)


def pdf(lines: Sequence[str]) -> bytes:
    """A page with these lines, in ASCII without brackets or backslashes."""
    drawn = "BT /F1 9 Tf 12 TL 50 800 Td " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    bodies = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
    )
    written = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    tail = f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R >>\n"
    return written + f"{tail}startxref\n{len(written)}\n%%EOF\n".encode("ascii")


EXAMPLES: tuple[Mapping[str, bytes], ...] = (
    {"210000961.pdf": pdf(LINES)},
    {"report.pdf": pdf([line for line in LINES if "(Login)" not in line]), "card.txt": b"Hello world"},
)
