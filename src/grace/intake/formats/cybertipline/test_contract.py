from grace.intake.formats.cybertipline import FORMAT
from grace.sdk.testing import IntakeFormatContract


class TestCyberTiplineXml(IntakeFormatContract):
    format = FORMAT
