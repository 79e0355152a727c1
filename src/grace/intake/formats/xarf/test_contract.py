from grace.intake.formats.xarf import FORMAT
from grace.sdk.testing import IntakeFormatContract


class TestXarf(IntakeFormatContract):
    format = FORMAT
