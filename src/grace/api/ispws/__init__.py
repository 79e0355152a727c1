"""The way in for software that reports to the CyberTipline: the same requests and answers, under our own name (ADR 22)."""
