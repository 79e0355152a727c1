"""The answers that the reporting interface documents, and the refusal that carries one."""

from __future__ import annotations

from enum import IntEnum

from grace.kernel.errors import GraceError


class Code(IntEnum):
    """A response code of the public CyberTipline reporting interface; 0 is success."""

    SUCCESS = 0
    SERVER_ERROR = 1000
    SAVE_FAILED = 1100
    UPLOAD_FAILED = 1110
    FILE_UPLOAD_FAILED = 1111
    RESOURCE_NOT_FOUND = 1210
    NOT_FOR_SUBMISSIONS = 3100
    INVALID_REQUEST = 4000
    VALIDATION_FAILED = 4100
    MALFORMED_XML = 4110
    MALFORMED_FILE = 4200
    NO_SUCH_REPORT = 5001
    NO_SUCH_FILE = 5002
    ALREADY_RETRACTED = 5101
    ALREADY_FINISHED = 5102


class ReportRefused(GraceError):
    """A provider's request that is refused, with the code that says so in its protocol; the message holds no personal data."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code = code
