from grace.intake.formats.dsa_notice import FORMAT
from grace.sdk.testing import IntakeFormatContract


class TestDsaNotice(IntakeFormatContract):
    format = FORMAT
