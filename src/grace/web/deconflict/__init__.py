"""Who else works on what a referral names."""
