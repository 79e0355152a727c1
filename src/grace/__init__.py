"""GRACE: the open referral platform for units that protect children."""

__version__ = "0.1.0"
