"""One referral: everything about it in one look, and the decision."""
