from grace.intake.formats.lea_json import FORMAT
from grace.sdk.testing import IntakeFormatContract


class TestLeaJson(IntakeFormatContract):
    format = FORMAT
