from grace.intake.formats.grace_json import FORMAT
from grace.sdk.testing import IntakeFormatContract


class TestGraceJson(IntakeFormatContract):
    format = FORMAT
